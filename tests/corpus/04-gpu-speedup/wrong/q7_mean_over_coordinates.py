# about: 좌표에 대해 더하지 않고 평균한다
# question: q7
# hand: 60% The values are wrong by a factor; shape and vectorization are right.
# loses: test_q7_distances_match
# loses: test_q7_a_distance_matrix_as_a_whole

# %% q7
def pairwise_sq_dists(X, Y):
    return ((X[:, None] - Y[None]) ** 2).mean(-1)
