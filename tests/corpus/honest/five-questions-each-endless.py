# assignment: 04-gpu-speedup
# about: 다섯 문항의 답이 모두 끝나지 않는 학생. 나머지 세 문항은 그대로 채점합니다.
# expect: 66
# loses-question: q1, q2, q3, q4, q8
# says: cell-timeout
# limits: cell_seconds=0.5 call_seconds=0.3 question_seconds=0.5
# soak: yes

# %% drop experiments

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    while True:
        m += 1

# %% q2
def peak_flops(cores, clock):
    while True:
        cores += 1


def doubling_years(factor, years):
    while True:
        years += 1

# %% q3
def ridge_point(peak, bandwidth):
    while True:
        peak += 1


def roofline(ai, peak, bandwidth):
    while True:
        peak += 1

# %% q4
def amdahl(p, s):
    while True:
        p += 1


def amdahl_fraction(speedup, s):
    while True:
        s += 1

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    while True:
        transfer = list(transfer)
