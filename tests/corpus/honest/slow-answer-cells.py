# assignment: 04-gpu-speedup
# about: 답을 쓴 셀 안에서 바로 시험해 보느라 셀마다 오래 걸린 학생.
# expect: 100
# limits: cell_seconds=1 notebook_seconds=1 answers_seconds=4

# %% drop experiments

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    return 2 * m * k * n, itemsize * (m * k + k * n + m * n)


def burn(seconds):
    stop = time.process_time() + seconds
    while time.process_time() < stop:
        matmul_cost(10, 20, 30)


burn(0.6)

# %% q2
def peak_flops(cores, clock):
    return 2 * cores * clock


def doubling_years(factor, years):
    return math.inf if factor == 1 else years / math.log2(factor)


burn(0.6)

# %% q3
def ridge_point(peak, bandwidth):
    return peak / bandwidth


def roofline(ai, peak, bandwidth):
    if isinstance(ai, torch.Tensor):
        return (ai * bandwidth).clamp(max=peak)
    return min(ai * bandwidth, peak)


burn(0.6)
