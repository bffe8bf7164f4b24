# assignment: 04-gpu-speedup
# about: 한 문항의 답이 지우는 파일을 다른 문항의 답이 읽는 학생. 문항마다 노트북이 남긴 폴더에서 시작합니다.
# expect: 100

# %% drop experiments

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    if os.path.exists("two.txt"):
        os.remove("two.txt")
    return 2 * m * k * n, itemsize * (m * k + k * n + m * n)

# %% q2
def peak_flops(cores, clock):
    return int(open("two.txt").read()) * cores * clock


def doubling_years(factor, years):
    return math.inf if factor == 1 else years / math.log2(factor)

# %% after q8-check
with open("two.txt", "w") as file:
    file.write("2")
