# about: 오차를 줄이려고 받은 점들을 제자리에서 옮긴다
# question: q7
# hand: 25% The text forbids to change the inputs; the values are right.
# loses: test_q7_a_distance_matrix_as_a_whole
# loses: test_q7_does_not_change_its_inputs

# %% q7
def pairwise_sq_dists(X, Y):
    centre = X.mean(0)
    X -= centre
    Y -= centre
    return ((X[:, None] - Y[None]) ** 2).sum(-1)
