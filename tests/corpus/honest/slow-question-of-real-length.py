# assignment: 04-gpu-speedup
# about: 부를 때마다 4초씩 계산해 문항의 시간을 다 쓴 학생, 과제의 한도 그대로.
# expect: 92
# loses-question: q8
# may-say: cell-timeout
# message: q8: 주어진 시간 30초
# never: 반복문
# soak: yes

# %% drop experiments

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    stop = time.process_time() + 9
    while time.process_time() < stop:
        pass
    first = None
    for index in reversed(range(len(cpu_times))):
        if gpu_times[index] + transfer[index] >= cpu_times[index]:
            break
        first = index
    return first
