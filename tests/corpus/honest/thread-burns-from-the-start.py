# assignment: 04-gpu-speedup
# about: 첫 답보다 앞에서 켠 스레드가 끝까지 계산하는 학생.
# expect: 100

# %% drop experiments

# %% before q1
import threading


def burn():
    while True:
        torch.ones(50, 50) @ torch.ones(50, 50)


threading.Thread(target=burn, daemon=True).start()
