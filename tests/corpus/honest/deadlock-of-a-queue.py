# assignment: 04-gpu-speedup
# about: 아무도 넣지 않는 큐에서 꺼내려고 기다리는 학생.
# expect: 92
# loses-question: q8
# says: cell-timeout
# message: q8: 기다리
# never: 반복문
# limits: cell_seconds=2 call_seconds=1 question_seconds=2 asleep_seconds=0.6
# soak: yes

# %% drop experiments

# %% q8
import queue


def crossover(cpu_times, gpu_times, transfer):
    return queue.Queue().get()
