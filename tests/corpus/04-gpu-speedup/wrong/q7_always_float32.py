# about: 언제나 float32로 바꾸어 돌려준다
# question: q7
# hand: 20% The dtype is not kept as stated; the values are right.
# loses: test_q7_a_distance_matrix_as_a_whole
# loses: test_q7_shape_and_dtype

# %% q7
def pairwise_sq_dists(X, Y):
    X, Y = X.float(), Y.float()
    return ((X[:, None] - Y[None]) ** 2).sum(-1)
