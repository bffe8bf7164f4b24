# about: 칸을 다섯씩이 아니라 하나씩 밀어 표본끼리 겹친다
# question: q8
# hand: 40% the private features overlap, against their definition
# loses: test_q8_private_columns
# loses: test_q8_the_two_solutions_part_ways

# %% q8
def wilson_problem(n, p, gen):
    y = 2.0 * (torch.rand(n, generator=gen, dtype=torch.float64) < p).double() - 1
    X = torch.zeros(n, 3 + 5 * n, dtype=torch.float64)
    X[:, 0] = y
    X[:, 1] = X[:, 2] = 1
    for i in range(n):
        k = 1 if y[i] == 1 else 5
        X[i, 3 + i : 3 + i + k] = 1
    return X, y
