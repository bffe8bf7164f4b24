# about: 자기만의 특성에 1이 아니라 정답의 부호를 넣는다
# question: q8
# hand: 30% the private features of one class have the wrong sign
# loses: test_q8_private_columns

# %% q8
def wilson_problem(n, p, gen):
    y = 2.0 * (torch.rand(n, generator=gen, dtype=torch.float64) < p).double() - 1
    X = torch.zeros(n, 3 + 5 * n, dtype=torch.float64)
    X[:, 0] = y
    X[:, 1] = X[:, 2] = 1
    for i in range(n):
        k = 1 if y[i] == 1 else 5
        X[i, 3 + 5 * i : 3 + 5 * i + k] = y[i]
    return X, y
