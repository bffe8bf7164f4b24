# assignment: 04-gpu-speedup
# about: 한 반복문에서 표준 오류에 진행 막대를, 표준 출력에 값을 번갈아 찍는 학생. 6만 번 찍는 셀도 있다.
# expect: 100

# %% drop experiments

# %% after q1
import sys

for n in range(600):
    print(f"\r{n / 600:.0%}", end="", file=sys.stderr, flush=True)
    print(n, matmul_cost(n, 2, 3))

# %% after q1
for n in range(60_000):
    print(f"\r{n}", end="", file=sys.stderr)
    print(n)
