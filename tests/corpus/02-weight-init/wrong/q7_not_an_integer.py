# about: 개수를 실수로 돌려준다
# question: q7
# loses: test_q7_gives_an_integer_and_changes_nothing

# %% q7
def symmetry_rank(W, tol=1e-6):
    same = (W[:, None, :] - W[None, :, :]).abs().amax(dim=-1) <= tol
    return float((1 / same.sum(dim=1).double()).sum().round())
