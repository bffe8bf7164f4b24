# about: 반올림 오차만큼 다른 행을 다른 행으로 본다
# question: q7
# loses: test_q7_rounding_makes_no_new_row

# %% q7
def symmetry_rank(W, tol=1e-6):
    return len(torch.unique(W, dim=0))
