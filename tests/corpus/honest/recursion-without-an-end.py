# assignment: 04-gpu-speedup
# about: 자기 자신을 끝없이 부르는 학생. 그 문항만 잃고 시간 이야기는 듣지 않습니다.
# expect: 92
# loses-question: q8
# message: q8: RecursionError
# never: 시간

# %% drop experiments

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    return crossover(cpu_times, gpu_times, transfer)
