# assignment: 04-gpu-speedup
# about: 세 문항의 답이 저마다 파일을 60 MB 쓰는 학생. 문항마다 따로 셉니다.
# expect: 100

# %% drop experiments

# %% before q1
def remember(name):
    if not os.path.exists(name):
        with open(name, "wb") as file:
            for _ in range(60):
                file.write(bytes(2**20))

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    remember("q1.bin")
    return 2 * m * k * n, itemsize * (m * k + k * n + m * n)

# %% q2
def peak_flops(cores, clock):
    remember("q2.bin")
    return 2 * cores * clock


def doubling_years(factor, years):
    return math.inf if factor == 1 else years / math.log2(factor)

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    remember("q8.bin")
    first = None
    for index in reversed(range(len(cpu_times))):
        if gpu_times[index] + transfer[index] >= cpu_times[index]:
            break
        first = index
    return first

# %% after q1-check
os.remove("q1.bin")

# %% after q2-check
os.remove("q2.bin")

# %% after q8-check
os.remove("q8.bin")
