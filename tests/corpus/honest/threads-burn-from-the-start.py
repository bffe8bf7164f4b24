# assignment: 03-optimizers
# about: 첫 답보다 앞에서 켠 스레드 세 개가 끝까지 계산하는 학생.
# expect: 100

# %% drop experiments

# %% before q1
import threading


def burn():
    while True:
        torch.ones(50, 50) @ torch.ones(50, 50)


for _ in range(3):
    threading.Thread(target=burn, daemon=True).start()
