# about: 행의 모든 짝의 차이를 한꺼번에 구한다
# question: q7

# %% q7
def symmetry_rank(W, tol=1e-6):
    same = (W.unsqueeze(1) - W.unsqueeze(0)).abs().amax(-1) <= tol
    first = same.int().argmax(dim=1)  # 자기와 같은 첫 행의 번호
    return len(set(first.tolist()))
