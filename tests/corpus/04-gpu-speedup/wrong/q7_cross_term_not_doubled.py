# about: 제곱을 펼칠 때 2를 빠뜨린다
# question: q7
# hand: 65% The values are wrong for ordinary inputs; shape and vectorization are right.
# loses: test_q7_distances_match
# loses: test_q7_a_distance_matrix_as_a_whole
# loses: test_q7_never_negative

# %% q7
def pairwise_sq_dists(X, Y):
    squares = (X * X).sum(1)[:, None] + (Y * Y).sum(1)
    return (squares - X @ Y.T).clamp(min=0)
