# assignment: 04-gpu-speedup
# about: 답 안에서 알람으로 시간을 재고 제대로 끄는 학생.
# expect: 100

# %% drop experiments

# %% q1
import signal


def matmul_cost(m, k, n, itemsize=4):
    before = signal.signal(signal.SIGALRM, lambda number, frame: None)
    signal.alarm(30)
    try:
        return 2 * m * k * n, itemsize * (m * k + k * n + m * n)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
