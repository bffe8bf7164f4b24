# about: 언제나 전치해서 QR 분해하여 세로로 긴 행렬에서 모양이 맞지 않는다
# question: q4
# hand: 40% tall matrices end in an error, square and wide ones are right
# loses: test_q4_columns_of_a_tall_matrix_are_perpendicular
# loses: test_q4_signs_are_even
# loses: test_q4_returns_a_tensor_like_w

# %% q4
def orthogonal_(w, gen):
    n_out, n_in = w.shape
    q, r = torch.linalg.qr(torch.randn(n_in, n_out, dtype=w.dtype, generator=gen))
    return w.copy_((q * r.diagonal().sign()).T)
