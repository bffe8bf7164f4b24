# assignment: 04-gpu-speedup
# about: 셀에서 하위 폴더로 옮겨 가고, 답이 상대 경로로 파일을 읽는 학생.
# expect: 100

# %% drop experiments

# %% before q1
os.makedirs("data/deep", exist_ok=True)
os.chdir("data")
with open("two.txt", "w") as file:
    file.write("2")

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    return int(open("two.txt").read()) * m * k * n, itemsize * (m * k + k * n + m * n)

# %% q2
def peak_flops(cores, clock):
    os.chdir("deep")
    two = int(open("../two.txt").read())
    os.chdir("..")
    return two * cores * clock


def doubling_years(factor, years):
    return math.inf if factor == 1 else years / math.log2(factor)
