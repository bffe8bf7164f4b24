# about: 제곱을 펼친 뒤 음수를 올리지 않는다
# question: q7
# hand: 25% The text forbids negative numbers; all else is right.
# loses: test_q7_a_distance_matrix_as_a_whole
# loses: test_q7_never_negative

# %% q7
def pairwise_sq_dists(X, Y):
    return (X**2).sum(1, keepdim=True) - 2 * X @ Y.T + (Y**2).sum(1)
