# about: 확률로 뽑지 않고 앞의 p만큼을 +1로 채운다
# question: q8
# hand: 50% nothing is drawn and the generator is not used; the matrix is right
# loses: test_q8_share_of_positive_labels
# loses: test_q8_generator_alone_decides
# loses: test_q8_the_two_solutions_part_ways

# %% q8
def wilson_problem(n, p, gen):
    y = torch.where(torch.arange(n) < p * n, 1.0, -1.0).double()
    X = torch.zeros(n, 3 + 5 * n, dtype=torch.float64)
    X[:, 0] = y
    X[:, 1] = X[:, 2] = 1
    for i in range(n):
        k = 1 if y[i] == 1 else 5
        X[i, 3 + 5 * i : 3 + 5 * i + k] = 1
    return X, y
