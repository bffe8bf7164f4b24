# about: QR 분해가 정해 준 부호를 그대로 쓴다
# question: q4
# hand: 35% the property printed in bold, even signs, is not there, the rest is right
# loses: test_q4_signs_are_even

# %% q4
def orthogonal_(w, gen):
    n_out, n_in = w.shape
    q = torch.linalg.qr(torch.randn(max(w.shape), min(w.shape), dtype=w.dtype, generator=gen))[0]
    return w.copy_(q if n_out >= n_in else q.T)
