# about: 서로 다른 행의 수가 아니라 행렬의 계수를 구한다
# question: q7
# loses: test_q7_different_rows_are_all_counted
# loses: test_q7_equal_rows_need_not_be_neighbours
# loses: test_q7_rounding_makes_no_new_row
# loses: test_q7_rows_not_columns

# %% q7
def symmetry_rank(W, tol=1e-6):
    return int(torch.linalg.matrix_rank(W))
