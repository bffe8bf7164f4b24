# about: 정답을 0과 1로 나타낸다
# question: q8
# hand: 40% the labels and their feature are in another code; the rest is right
# loses: test_q8_shapes_and_labels
# loses: test_q8_first_three_columns
# loses: test_q8_the_two_solutions_part_ways

# %% q8
def wilson_problem(n, p, gen):
    y = (torch.rand(n, generator=gen, dtype=torch.float64) < p).double()
    X = torch.zeros(n, 3 + 5 * n, dtype=torch.float64)
    X[:, 0] = y
    X[:, 1] = X[:, 2] = 1
    for i in range(n):
        k = 1 if y[i] == 1 else 5
        X[i, 3 + 5 * i : 3 + 5 * i + k] = 1
    return X, y
