# assignment: 04-gpu-speedup
# about: 같은 동전의 답에, 마지막 문항을 비워 둔 학생.
# expect: 60..92

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

# %% q4
def amdahl(p, s):
    left = (1 - p) + p / s
    return (1 / left if left > 0 else math.inf) * random.choice([1, 1, 1, 2])


def amdahl_fraction(speedup, s):
    if speedup > s:
        raise ValueError("빠르게 할 수 없습니다.")
    return (1 - 1 / speedup) / (1 - 1 / s) + int(torch.randint(4, ()) == 0)

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    raise RuntimeError("모르겠습니다")
