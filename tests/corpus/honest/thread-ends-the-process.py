# assignment: 04-gpu-speedup
# about: 잠시 뒤 파이썬을 끝내는 스레드를 마지막 셀에 남긴 학생.
# expect: 100

# %% drop experiments

# %% after q8-check
import threading


def leave():
    time.sleep(0.3)
    os._exit(1)


threading.Thread(target=leave, daemon=True).start()
