# assignment: 04-gpu-speedup
# about: 자기 실험 셀이 도는 동안 스레드가 파이썬을 끝낸 학생. 답은 모두 남습니다.
# expect: 100
# may-say: cell-died

# %% drop experiments

# %% after q4
import threading


def leave():
    time.sleep(0.3)
    os._exit(1)


threading.Thread(target=leave, daemon=True).start()

# %% after q4
for epoch in range(20):
    time.sleep(0.05)
