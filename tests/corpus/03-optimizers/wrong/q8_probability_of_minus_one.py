# about: p를 -1이 나올 확률로 쓴다
# question: q8
# hand: 35% p is that of the other class; the matrix is right
# loses: test_q8_share_of_positive_labels
# loses: test_q8_the_two_solutions_part_ways

# %% q8
def wilson_problem(n, p, gen):
    y = 2.0 * (torch.rand(n, generator=gen, dtype=torch.float64) > p).double() - 1
    X = torch.zeros(n, 3 + 5 * n, dtype=torch.float64)
    X[:, 0] = y
    X[:, 1] = X[:, 2] = 1
    for i in range(n):
        k = 1 if y[i] == 1 else 5
        X[i, 3 + 5 * i : 3 + 5 * i + k] = 1
    return X, y
