# about: ReLU의 gain √2를 곱한다
# question: q4
# hand: 45% orthogonal, but of the wrong length for each input, with the gain that the text rules out
# loses: test_q4_rows_of_a_square_matrix_are_perpendicular
# loses: test_q4_rows_of_a_wide_matrix_are_perpendicular
# loses: test_q4_columns_of_a_tall_matrix_are_perpendicular

# %% q4
def orthogonal_(w, gen):
    return nn.init.orthogonal_(w, gain=math.sqrt(2), generator=gen)
