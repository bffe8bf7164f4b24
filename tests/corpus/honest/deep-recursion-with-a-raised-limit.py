# assignment: 04-gpu-speedup
# about: 재귀 한도를 크게 올리고 깊은 재귀를 쓰는 학생. 앞 문항은 그대로이고 그 문항만 걸립니다.
# expect: 100

# %% drop experiments

# %% before q1
import sys

sys.setrecursionlimit(20_000)

# %% q8
def crossover(cpu_times, gpu_times, transfer, index=None):
    index = len(cpu_times) - 1 if index is None else index
    if index < 0 or gpu_times[index] + transfer[index] >= cpu_times[index]:
        return None
    earlier = crossover(cpu_times, gpu_times, transfer, index - 1)
    return index if earlier is None else earlier
