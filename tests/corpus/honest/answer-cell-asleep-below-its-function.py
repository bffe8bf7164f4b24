# assignment: 04-gpu-speedup
# about: 답 셀의 마지막 줄에 긴 sleep을 남긴 학생. 함수는 남고, 기다린 것으로 듣습니다.
# expect: 100
# says: cell-timeout
# message: cells: 기다리
# never: 반복문
# limits: cell_seconds=2 asleep_seconds=0.8

# %% drop experiments

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    first = None
    for index in reversed(range(len(cpu_times))):
        if gpu_times[index] + transfer[index] >= cpu_times[index]:
            break
        first = index
    return first


time.sleep(10**6)
