# assignment: 04-gpu-speedup
# about: 셀에서 다 쓴 풀을 닫고, 답에서는 with로 새로 만드는 학생.
# expect: 100

# %% drop experiments

# %% before q1
from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor() as done:
    print(sum(done.map(abs, range(-100, 0))))

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    with ThreadPoolExecutor(2) as pool:
        flops, nbytes = pool.map(lambda f: f(), (lambda: 2 * m * k * n, lambda: itemsize * (m * k + k * n + m * n)))
    return flops, nbytes
