# about: 함수 안에서 언제나 같은 시드를 심는다
# question: q8
# hand: 40% gen is ignored and every call gives the same labels; the matrix is right
# loses: test_q8_share_of_positive_labels
# loses: test_q8_generator_alone_decides

# %% q8
def wilson_problem(n, p, gen):
    gen = torch.Generator().manual_seed(0)
    y = 2.0 * (torch.rand(n, generator=gen, dtype=torch.float64) < p).double() - 1
    X = torch.zeros(n, 3 + 5 * n, dtype=torch.float64)
    X[:, 0] = y
    X[:, 1] = X[:, 2] = 1
    for i in range(n):
        k = 1 if y[i] == 1 else 5
        X[i, 3 + 5 * i : 3 + 5 * i + k] = 1
    return X, y
