# assignment: 04-gpu-speedup
# about: 진행 상황을 계속 출력하는 스레드를 남기고, 답도 출력을 하는 학생.
# expect: 100
# may-say: output-truncated

# %% drop experiments

# %% before q1
import logging
import threading

logging.basicConfig(level=logging.INFO)


def report():
    step = 0
    while True:
        step += 1
        print("step", step)
        logging.info("step %d", step)
        time.sleep(0.0005)


threading.Thread(target=report, daemon=True).start()

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    first = None
    for index in reversed(range(len(cpu_times))):
        print("index", index)
        logging.info("index %d", index)
        if gpu_times[index] + transfer[index] >= cpu_times[index]:
            break
        first = index
    return first
