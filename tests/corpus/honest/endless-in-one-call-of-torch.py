# assignment: 04-gpu-speedup
# about: torch 함수 한 번이 너무 오래 걸리는 학생. 파이썬의 신호로는 멈출 수 없습니다.
# expect: 88
# loses-question: q7
# says: cell-timeout
# message: q7: 주어진 시간
# limits: cell_seconds=0.6 call_seconds=0.3 question_seconds=0.5
# soak: yes

# %% drop experiments

# %% q7
def pairwise_sq_dists(X, Y):
    wide = torch.ones(2000, 2000, dtype=torch.float64)
    torch.linalg.matrix_power(wide, 2**40 - 1)
    return ((X[:, None] - Y[None]) ** 2).sum(-1)
