# assignment: 04-gpu-speedup
# about: 셀에서 만든 multiprocessing.pool.ThreadPool을 답에서 쓰는 학생.
# expect: 100
# limits: call_seconds=2 question_seconds=3 asleep_seconds=2

# %% drop experiments

# %% before q8
from multiprocessing.pool import ThreadPool

workers = ThreadPool(2)
print(workers.map(abs, [-1, -2]))

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    total = workers.starmap(lambda gpu, moving: gpu + moving, list(zip(gpu_times, transfer)))
    ahead = workers.map(lambda index: total[index] < cpu_times[index], range(len(cpu_times)))
    first = None
    for index in reversed(range(len(ahead))):
        if not ahead[index]:
            break
        first = index
    return first
