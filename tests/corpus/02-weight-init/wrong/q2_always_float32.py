# about: w의 dtype과 상관없이 float32를 돌려준다
# question: q2
# hand: 15% only the dtype is not kept
# loses: test_q2_returns_a_tensor_like_w

# %% q2
def xavier_(w, gain, gen):
    n_in, n_out = fans(w.shape)
    return torch.randn(w.shape, generator=gen) * gain * math.sqrt(2 / (n_in + n_out))
