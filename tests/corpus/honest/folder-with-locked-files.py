# assignment: 04-gpu-speedup
# about: 깊은 폴더와 읽기 전용 파일과 빈 폴더를 남기고 답에서 읽는 학생.
# expect: 100

# %% drop experiments

# %% before q1
os.makedirs("a/b/c")
with open("a/b/two.txt", "w") as file:
    file.write("2")
os.chmod("a/b/two.txt", 0o400)
os.chmod("a/b", 0o500)

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    return int(open("a/b/two.txt").read()) * m * k * n, itemsize * (m * k + k * n + m * n)

# %% q2
def peak_flops(cores, clock):
    assert os.path.isdir("a/b/c")
    return int(open("a/b/two.txt").read()) * cores * clock


def doubling_years(factor, years):
    return math.inf if factor == 1 else years / math.log2(factor)
