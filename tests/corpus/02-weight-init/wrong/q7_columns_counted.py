# about: 행이 아니라 열을 센다
# question: q7
# loses: test_q7_rows_of_a_constant_start_stay_one
# loses: test_q7_different_rows_are_all_counted
# loses: test_q7_equal_rows_need_not_be_neighbours
# loses: test_q7_rounding_makes_no_new_row
# loses: test_q7_rows_not_columns
# loses: test_q7_gives_an_integer_and_changes_nothing

# %% q7
def symmetry_rank(W, tol=1e-6):
    kinds = []
    for column in W.T:
        if not any((column - other).abs().max() <= tol for other in kinds):
            kinds.append(column)
    return len(kinds)
