# assignment: 04-gpu-speedup
# about: 출력을 파일로 돌리고 되돌리지 않은 학생.
# expect: 100

# %% drop experiments

# %% before q1
import sys

sys.stdout = open("out.txt", "w", encoding="utf-8")
sys.stderr = sys.stdout

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    print("matmul_cost", m, k, n)
    return 2 * m * k * n, itemsize * (m * k + k * n + m * n)
