# about: 무작위 행렬의 행(열) 길이만 1로 맞춘다
# question: q4
# hand: 65% lengths are right, the vectors are not orthogonal, which is the point
# loses: test_q4_rows_of_a_square_matrix_are_perpendicular
# loses: test_q4_rows_of_a_wide_matrix_are_perpendicular
# loses: test_q4_columns_of_a_tall_matrix_are_perpendicular
# loses: test_q4_signs_are_even

# %% q4
def orthogonal_(w, gen):
    a = torch.randn(w.shape, dtype=w.dtype, generator=gen)
    a = a / a.norm(dim=1 if w.shape[0] <= w.shape[1] else 0, keepdim=True)
    return w.copy_(a)
