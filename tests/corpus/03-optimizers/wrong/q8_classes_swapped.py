# about: 자기만의 특성을 +1에 다섯 개, -1에 하나를 준다
# question: q8
# hand: 40% the private features, half of the matrix's meaning, go to the other class
# loses: test_q8_private_columns
# loses: test_q8_the_two_solutions_part_ways

# %% q8
def wilson_problem(n, p, gen):
    y = 2.0 * (torch.rand(n, generator=gen, dtype=torch.float64) < p).double() - 1
    X = torch.zeros(n, 3 + 5 * n, dtype=torch.float64)
    X[:, 0] = y
    X[:, 1] = X[:, 2] = 1
    for i in range(n):
        k = 5 if y[i] == 1 else 1
        X[i, 3 + 5 * i : 3 + 5 * i + k] = 1
    return X, y
