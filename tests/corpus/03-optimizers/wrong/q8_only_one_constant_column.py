# about: 늘 1인 열을 하나만 채운다
# question: q8
# hand: 25% one of the stated columns is missing
# loses: test_q8_first_three_columns
# loses: test_q8_the_two_solutions_part_ways

# %% q8
def wilson_problem(n, p, gen):
    y = 2.0 * (torch.rand(n, generator=gen, dtype=torch.float64) < p).double() - 1
    X = torch.zeros(n, 3 + 5 * n, dtype=torch.float64)
    X[:, 0] = y
    X[:, 1] = 1
    for i in range(n):
        k = 1 if y[i] == 1 else 5
        X[i, 3 + 5 * i : 3 + 5 * i + k] = 1
    return X, y
