# assignment: 04-gpu-speedup
# about: 노트북이 파일 18 MB를 남기고, 두 문항의 답이 저마다 18 MB를 쓰는 학생. 한도는 32 MB입니다.
# expect: 100
# limits: scratch_mb=32

# %% drop experiments

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    if os.path.exists("weights.npy"):
        np.save("answer.npy", np.load("weights.npy"))
    return 2 * m * k * n, itemsize * (m * k + k * n + m * n)

# %% q2
def peak_flops(cores, clock):
    if os.path.exists("weights.npy"):
        np.save("other.npy", np.load("weights.npy"))
    return 2 * cores * clock


def doubling_years(factor, years):
    return math.inf if factor == 1 else years / math.log2(factor)

# %% after q8-check
np.save("weights.npy", np.zeros(18 * 2**17))
