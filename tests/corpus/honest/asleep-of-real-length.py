# assignment: 04-gpu-speedup
# about: 답과 실험 셀이 오래 자는 노트북, 과제의 한도 그대로.
# expect: 94
# loses-question: q1
# says: cell-timeout
# message: q1: 기다리
# never: 반복문
# soak: yes

# %% drop experiments

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    time.sleep(10**6)
    return 2 * m * k * n, itemsize * (m * k + k * n + m * n)

# %% after q4
time.sleep(10**6)
