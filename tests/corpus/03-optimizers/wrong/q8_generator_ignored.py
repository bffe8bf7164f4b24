# about: gen을 쓰지 않고 전역 난수를 쓴다
# question: q8
# hand: 35% the text says in bold to draw from gen only; the rest is right
# loses: test_q8_generator_alone_decides

# %% q8
def wilson_problem(n, p, gen):
    y = 2.0 * (torch.rand(n, dtype=torch.float64) < p).double() - 1
    X = torch.zeros(n, 3 + 5 * n, dtype=torch.float64)
    X[:, 0] = y
    X[:, 1] = X[:, 2] = 1
    for i in range(n):
        k = 1 if y[i] == 1 else 5
        X[i, 3 + 5 * i : 3 + 5 * i + k] = 1
    return X, y
