# about: 원소마다의 차이가 아니라 차이의 평균이 1e-3보다 작은지 본다
# question: q7
# loses: test_q7_rounding_makes_no_new_row

# %% q7
def symmetry_rank(W, tol=1e-6):
    kinds = []
    for row in W:
        if all((row - other).abs().mean() > 1e-3 for other in kinds):
            kinds.append(row)
    return len(kinds)
