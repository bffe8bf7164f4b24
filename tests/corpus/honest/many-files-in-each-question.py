# assignment: 04-gpu-speedup
# about: 문항마다 작은 파일을 수백 개 남기는 학생. 수도 문항마다 따로 셉니다.
# expect: 100
# limits: scratch_files=1000

# %% drop experiments

# %% before q1
def scatter(name, count=600):
    if os.path.exists(name):
        return
    os.makedirs(name)
    for number in range(count):
        with open(f"{name}/{number}.txt", "w") as file:
            file.write("x")

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    scatter("q1")
    return 2 * m * k * n, itemsize * (m * k + k * n + m * n)

# %% q4
def amdahl(p, s):
    scatter("q4")
    left = (1 - p) + p / s
    return 1 / left if left > 0 else math.inf


def amdahl_fraction(speedup, s):
    if speedup > s:
        raise ValueError("빠르게 할 수 없습니다.")
    return (1 - 1 / speedup) / (1 - 1 / s)

# %% after q1-check
import shutil

shutil.rmtree("q1")

# %% after q4-check
shutil.rmtree("q4")
