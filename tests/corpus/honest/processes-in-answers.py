# assignment: 04-gpu-speedup
# about: multiprocessing.Pool, Process와 Queue, ProcessPoolExecutor로 계산하는 학생.
# expect: 100
# shows: multiprocessing.Pool 대신 스레드를
# shows: ProcessPoolExecutor 대신 스레드를
# shows: multiprocessing.Process 대신 스레드를
# limits: call_seconds=2 question_seconds=3 asleep_seconds=2

# %% drop experiments

# %% before q8
import multiprocessing as mp
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool

from joblib import Parallel, delayed


def add(gpu, moving):
    return gpu + moving


def count(queue, counter, number):
    with counter.get_lock():
        counter.value += number
    queue.put(number)


if __name__ == "__main__":
    mp.set_start_method("spawn", force=True)
    with Pool(2) as pool:
        assert pool.map(abs, [-1, -2]) == [1, 2]
    with ProcessPoolExecutor(max_workers=2) as executor:
        assert list(executor.map(add, [1, 2], [3, 4])) == [4, 6]
    queue, counter = mp.Queue(), mp.Value("i", 0)
    processes = [mp.Process(target=count, args=(queue, counter, number)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert (sorted(queue.get() for _ in processes), counter.value) == ([0, 1, 2], 3)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert Parallel(n_jobs=2)(delayed(add)(i, i) for i in range(3)) == [0, 2, 4]

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    with Pool(2) as pool:
        total = pool.starmap(add, list(zip(gpu_times, transfer)))
    with ProcessPoolExecutor(2) as executor:
        behind = list(executor.map(lambda pair: pair[0] >= pair[1], zip(total, cpu_times)))
    first = None
    for index in reversed(range(len(behind))):
        if behind[index]:
            break
        first = index
    return first
