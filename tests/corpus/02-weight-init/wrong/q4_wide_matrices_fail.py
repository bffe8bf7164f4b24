# about: 가로로 긴 행렬을 그대로 QR 분해하여 모양이 맞지 않는다
# question: q4
# hand: 40% wide matrices end in an error, square and tall ones are right
# loses: test_q4_rows_of_a_wide_matrix_are_perpendicular
# loses: test_q4_signs_are_even
# loses: test_q4_returns_a_tensor_like_w

# %% q4
def orthogonal_(w, gen):
    q, r = torch.linalg.qr(torch.randn(w.shape, dtype=w.dtype, generator=gen))
    return w.copy_(q * r.diagonal().sign())
