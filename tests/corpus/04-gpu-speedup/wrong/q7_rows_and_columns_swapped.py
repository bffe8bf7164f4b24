# about: (M, N) 모양으로 돌려준다
# question: q7
# hand: 50% The values are right and lie transposed.
# loses: test_q7_distances_match
# loses: test_q7_never_negative
# loses: test_q7_work_does_not_grow_with_the_number_of_points
# loses: test_q7_shape_and_dtype
# loses: test_q7_does_not_change_its_inputs

# %% q7
def pairwise_sq_dists(X, Y):
    return ((Y[:, None] - X[None]) ** 2).sum(-1)
