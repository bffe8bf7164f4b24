# assignment: 04-gpu-speedup
# about: 셀에서 연 파일을 두 문항의 답이 읽는 학생. 한 문항이 읽은 자리가 다른 문항으로 가지 않습니다.
# expect: 100

# %% drop experiments

# %% before q1
with open("two.bin", "wb") as file:
    file.write(b"2" * 5000)
table = open("two.bin", "rb", buffering=0)

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    two = int(table.read(1) or b"2")
    table.read()
    return two * m * k * n, itemsize * (m * k + k * n + m * n)

# %% after q1-check
table.seek(0)

# %% q2
def peak_flops(cores, clock):
    return int(table.read(1)) * cores * clock


def doubling_years(factor, years):
    return math.inf if factor == 1 else years / math.log2(factor)
