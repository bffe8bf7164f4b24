# assignment: 04-gpu-speedup
# about: 파일에 둔 배열을 메모리에 사상해 두고 두 문항의 답에서 읽는 학생.
# expect: 100

# %% drop experiments

# %% before q1
np.save("factors.npy", np.arange(10.0))
factors = np.load("factors.npy", mmap_mode="r")

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    return int(factors[2]) * m * k * n, itemsize * (m * k + k * n + m * n)

# %% q2
def peak_flops(cores, clock):
    return float(factors[2]) * cores * clock


def doubling_years(factor, years):
    return math.inf if factor == 1 else years / math.log2(factor)
