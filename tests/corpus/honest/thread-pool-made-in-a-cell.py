# assignment: 04-gpu-speedup
# about: 셀에서 만든 ThreadPoolExecutor를 답에서 쓰는 학생.
# expect: 100
# limits: call_seconds=2 question_seconds=3 asleep_seconds=2

# %% drop experiments

# %% before q1
from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor(2)

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    flops = pool.submit(lambda: 2 * m * k * n)
    nbytes = pool.submit(lambda: itemsize * (m * k + k * n + m * n))
    return flops.result(), nbytes.result()
