# assignment: 04-gpu-speedup
# about: 앞의 학생과 같은 답에, 시드를 정하고 난수를 쓰는 셀을 더한 학생.
# expect: 60..100
# alike: coin-tossed-in-answers

# %% drop experiments

# %% before q1
torch.manual_seed(123)
np.random.seed(7)
print(torch.randn(3), np.random.rand(3))

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

# %% after q8-check
random.seed(99)
np.random.seed(99)
torch.seed()
