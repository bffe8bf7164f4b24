# about: 세로로 긴 행렬에서는 행의 길이만 1로 맞춘다
# question: q4
# hand: 40% tall matrices are not orthogonal, square and wide ones are right
# loses: test_q4_columns_of_a_tall_matrix_are_perpendicular
# loses: test_q4_signs_are_even

# %% q4
def orthogonal_(w, gen):
    n_out, n_in = w.shape
    a = torch.randn(n_in, n_out, dtype=w.dtype, generator=gen)
    if n_out > n_in:
        return w.copy_((a / a.norm(dim=0)).T)
    q, r = torch.linalg.qr(a)
    return w.copy_((q * r.diagonal().sign()).T)
