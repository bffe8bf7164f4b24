# about: 자기만의 칸을 하나 뒤에서 시작한다
# question: q8
# hand: 35% the private features are all beside their place
# loses: test_q8_private_columns

# %% q8
def wilson_problem(n, p, gen):
    y = 2.0 * (torch.rand(n, generator=gen, dtype=torch.float64) < p).double() - 1
    X = torch.zeros(n, 3 + 5 * n, dtype=torch.float64)
    X[:, 0] = y
    X[:, 1] = X[:, 2] = 1
    for i in range(n):
        k = 1 if y[i] == 1 else 5
        X[i, 4 + 5 * i : 4 + 5 * i + k] = 1
    return X, y
