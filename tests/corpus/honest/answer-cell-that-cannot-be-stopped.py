# assignment: 04-gpu-speedup
# about: 답 셀의 함수 아래에, 멈추라는 신호까지 삼키는 반복문을 남긴 학생. 그 문항만 잃고, 이름을 바꾸었느냐고 묻지 않습니다.
# expect: 92
# loses-question: q8
# says: cell-timeout
# message: q8: `q8` 셀
# never: 이름을 바꾸지
# limits: cell_seconds=0.6

# %% drop experiments

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    first = None
    for index in reversed(range(len(cpu_times))):
        if gpu_times[index] + transfer[index] >= cpu_times[index]:
            break
        first = index
    return first


while True:
    try:
        while True:
            crossover([2.0], [1.0], [0.5])
    except BaseException:
        pass
