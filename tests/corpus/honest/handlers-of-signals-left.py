# assignment: 04-gpu-speedup
# about: 여러 신호의 처리기를 바꾸고 되돌리지 않은 학생.
# expect: 100

# %% drop experiments

# %% before q1
import signal

for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGXCPU):
    signal.signal(number, lambda number, frame: print("신호", number))
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
