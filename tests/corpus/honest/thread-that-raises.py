# assignment: 04-gpu-speedup
# about: 타이머 스레드에서 예외가 나는 학생.
# expect: 100

# %% drop experiments

# %% after q8-check
import threading


def boom():
    raise RuntimeError("스레드에서 난 예외")


threading.Timer(0.1, boom).start()
threading.Timer(0.2, exit).start()
