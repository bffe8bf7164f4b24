# about: X의 행마다 도는 리스트 컴프리헨션을 쓴다
# question: q7
# hand: 45% The values are right; the loop that the question forbids is there.
# loses: test_q7_a_distance_matrix_as_a_whole
# loses: test_q7_work_does_not_grow_with_the_number_of_points

# %% q7
def pairwise_sq_dists(X, Y):
    return torch.stack([((x - Y) ** 2).sum(dim=1) for x in X])
