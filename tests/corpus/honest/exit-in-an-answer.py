# assignment: 04-gpu-speedup
# about: 답 안에서 sys.exit()를 부르는 학생. 그 문항만 잃습니다.
# expect: 92
# loses-question: q8
# may-say: cell-died, cell-exit

# %% drop experiments

# %% q8
import sys


def crossover(cpu_times, gpu_times, transfer):
    sys.exit("여기서 끝냅니다")
