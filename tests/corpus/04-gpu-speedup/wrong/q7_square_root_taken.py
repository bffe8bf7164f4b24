# about: 거리의 제곱이 아니라 거리를 돌려준다
# question: q7
# hand: 60% Not the square, which the text states in bold; shape and vectorization are right.
# loses: test_q7_distances_match
# loses: test_q7_a_distance_matrix_as_a_whole

# %% q7
def pairwise_sq_dists(X, Y):
    return torch.cdist(X, Y)
