# about: (M, N) 모양으로 돌려준다
# question: q7
# hand: 50% The values are right and lie transposed.
# loses: test_q7_distances_match
# loses: test_q7_a_distance_matrix_as_a_whole
# loses: test_q7_shape_and_dtype

# %% q7
def pairwise_sq_dists(X, Y):
    return ((Y[:, None] - X[None]) ** 2).sum(-1)
