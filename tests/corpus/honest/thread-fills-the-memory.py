# assignment: 04-gpu-speedup
# about: 마지막 셀의 스레드가 메모리를 계속 쓰는 학생.
# expect: 100
# limits: memory_mb=300

# %% drop experiments

# %% after q8-check
import threading

kept = []


def fill():
    time.sleep(0.15)
    while True:
        kept.append(bytearray(b"x") * 20_000_000)


threading.Thread(target=fill, daemon=True).start()
