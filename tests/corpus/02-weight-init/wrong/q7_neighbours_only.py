# about: 바로 앞의 행하고만 견준다
# question: q7
# loses: test_q7_equal_rows_need_not_be_neighbours

# %% q7
def symmetry_rank(W, tol=1e-6):
    return 1 + sum(bool((a - b).abs().max() > tol) for a, b in zip(W, W[1:]))
