# about: 이중 반복문으로 구한다
# question: q7
# hand: 50% The values are right; the two loops that the question forbids are there.
# loses: test_q7_a_distance_matrix_as_a_whole
# loses: test_q7_work_does_not_grow_with_the_number_of_points

# %% q7
def pairwise_sq_dists(X, Y):
    D = X.new_zeros(len(X), len(Y))
    for i in range(len(X)):
        for j in range(len(Y)):
            D[i, j] = ((X[i] - Y[j]) ** 2).sum()
    return D
