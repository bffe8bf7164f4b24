# assignment: 04-gpu-speedup
# about: 스레드가 잠시 잠그는 자물쇠를 답도 쓰는 학생. 갈라진 프로세스에서 잠긴 채로 남지 않아야 합니다.
# expect: 100

# %% drop experiments

# %% before q8
import threading

results, guard = [], threading.Lock()


def record():
    while True:
        with guard:
            results.append(time.perf_counter())
            time.sleep(0.002)
        time.sleep(0.002)


threading.Thread(target=record, daemon=True).start()

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    first = None
    for index in reversed(range(len(cpu_times))):
        if gpu_times[index] + transfer[index] >= cpu_times[index]:
            break
        first = index
    if guard.acquire(timeout=0.5):
        guard.release()
    return first
