# about: 한 번만 나온 행을 센다
# question: q7
# loses: test_q7_rows_of_a_constant_start_stay_one
# loses: test_q7_equal_rows_need_not_be_neighbours
# loses: test_q7_rounding_makes_no_new_row
# loses: test_q7_gives_an_integer_and_changes_nothing

# %% q7
def symmetry_rank(W, tol=1e-6):
    same = (W[:, None, :] - W[None, :, :]).abs().amax(dim=-1) <= tol
    return int((same.sum(dim=1) == 1).sum())
