# assignment: 04-gpu-speedup
# about: 멈추라는 신호를 무시하게 한 뒤 끝나지 않는 셀을 둔 학생.
# expect: 100
# says: cell-timeout
# limits: cell_seconds=0.8
# soak: yes

# %% drop experiments

# %% after q2
import signal

signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGALRM})

# %% after q2
while True:
    pass
