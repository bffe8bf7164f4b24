# about: 무작위가 아니라 단위행렬을 쓴다
# question: q4
# hand: 70% a constant: orthonormal, but neither random, nor of even signs, nor drawn from gen
# loses: test_q4_rows_of_a_square_matrix_are_perpendicular
# loses: test_q4_rows_of_a_wide_matrix_are_perpendicular
# loses: test_q4_columns_of_a_tall_matrix_are_perpendicular
# loses: test_q4_draws_come_from_the_generator
# loses: test_q4_signs_are_even

# %% q4
def orthogonal_(w, gen):
    return nn.init.eye_(w)
