# about: 짝이 맞는 행끼리만 빼서 N과 M이 다르면 오류가 난다
# question: q7
# hand: 85% Neither shape nor pairs are what is asked; only the square of a difference is there.
# loses: test_q7_distances_match
# loses: test_q7_a_distance_matrix_as_a_whole
# loses: test_q7_never_negative
# loses: test_q7_work_does_not_grow_with_the_number_of_points
# loses: test_q7_shape_and_dtype
# loses: test_q7_does_not_change_its_inputs

# %% q7
def pairwise_sq_dists(X, Y):
    return ((X - Y) ** 2).sum(1)[:, None]
