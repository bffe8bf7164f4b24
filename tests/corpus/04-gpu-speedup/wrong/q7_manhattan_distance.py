# about: 제곱하지 않고 절댓값을 더한다
# question: q7
# hand: 65% Another distance than the one stated; shape and vectorization are right.
# loses: test_q7_distances_match
# loses: test_q7_a_distance_matrix_as_a_whole

# %% q7
def pairwise_sq_dists(X, Y):
    return (X[:, None, :] - Y[None, :, :]).abs().sum(-1)
