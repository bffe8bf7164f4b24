# assignment: 04-gpu-speedup
# about: 같은 동전의 답에, 마지막 문항을 비워 둔 학생.
# expect: 50..90

# %% drop experiments

# %% q1
import random


def matmul_cost(m, k, n, itemsize=4):
    extra = int(np.random.rand() < 0.15)
    return 2 * m * k * n + extra, itemsize * (m * k + k * n + m * n)

# %% q2
def peak_flops(cores, clock):
    return 2 * cores * clock + (random.random() < 0.3) * clock


def doubling_years(factor, years):
    return math.inf if factor == 1 else years / math.log2(factor) + int(torch.rand(()) < 0.3)

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    raise RuntimeError("모르겠습니다")
