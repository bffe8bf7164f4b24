# assignment: 04-gpu-speedup
# about: 자물쇠를 두 번 잠가 멈춘 학생.
# expect: 91
# loses-question: q4
# says: cell-timeout
# message: q4: 기다리
# never: 반복문
# limits: cell_seconds=2 call_seconds=1 question_seconds=2 asleep_seconds=0.6

# %% drop experiments

# %% q4
import threading

guard = threading.Lock()


def amdahl(p, s):
    with guard:
        return 1 / (1 - amdahl_fraction(p, s))


def amdahl_fraction(speedup, s):
    with guard:
        return (1 - 1 / speedup) / (1 - 1 / s)
