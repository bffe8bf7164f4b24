# assignment: 04-gpu-speedup
# about: 마지막 문항의 답이 끝나지 않는 학생.
# expect: 92
# loses-question: q8
# says: cell-timeout
# message: q8: 주어진 시간
# limits: cell_seconds=0.6 call_seconds=0.3 question_seconds=0.5
# soak: yes

# %% drop experiments

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    index = 0
    while index < len(cpu_times):
        if gpu_times[index] + transfer[index] < cpu_times[index]:
            found = index
    return found
