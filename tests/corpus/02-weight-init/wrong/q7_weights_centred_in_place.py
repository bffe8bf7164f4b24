# about: 견주기 전에 W의 평균을 제자리에서 뺀다
# question: q7
# loses: test_q7_gives_an_integer_and_changes_nothing

# %% q7
def symmetry_rank(W, tol=1e-6):
    W -= W.mean() + 1
    kinds = []
    for row in W:
        if not any((row - other).abs().max() <= tol for other in kinds):
            kinds.append(row)
    return len(kinds)
