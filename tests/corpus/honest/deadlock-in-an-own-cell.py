# assignment: 03-optimizers
# about: 스레드 두 개가 서로 기다리는 실험 셀을 남긴 학생.
# expect: 100
# says: cell-timeout
# message: cells: 기다리
# never: 반복문
# limits: cell_seconds=2 asleep_seconds=0.8

# %% drop experiments

# %% after q2
import threading

first, second = threading.Lock(), threading.Lock()
ready_to_meet = threading.Barrier(2)


def worker(one, other):
    with one:
        ready_to_meet.wait()
        with other:
            pass


pair = [threading.Thread(target=worker, args=args, daemon=True) for args in ((first, second), (second, first))]
for thread in pair:
    thread.start()
for thread in pair:
    thread.join()
