# assignment: 04-gpu-speedup
# about: 마지막 셀의 스레드가 파일을 계속 쓰는 학생.
# expect: 100
# limits: scratch_mb=24

# %% drop experiments

# %% after q8-check
import threading


def fill():
    time.sleep(0.15)
    with open("log.bin", "wb") as file:
        while True:
            file.write(bytes(1_000_000))
            file.flush()


threading.Thread(target=fill, daemon=True).start()
