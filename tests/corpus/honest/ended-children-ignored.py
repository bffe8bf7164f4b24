# assignment: 04-gpu-speedup
# about: 자식 프로세스의 신호를 무시하게 해 둔 학생.
# expect: 100

# %% drop experiments

# %% after setup
import signal

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
