# assignment: 04-gpu-speedup
# about: 계산을 멈추지 않는 데몬 스레드를 남긴 학생.
# expect: 100

# %% drop experiments

# %% after q8-check
import threading


def burn():
    n = 0
    while True:
        n += 1


threading.Thread(target=burn, daemon=True).start()
