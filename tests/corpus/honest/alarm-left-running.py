# assignment: 01-vanishing-gradients
# about: 마지막 셀에서 알람을 맞춰 두고 끄지 않은 학생.
# expect: 100

# %% drop experiments

# %% after q7-check
import signal

signal.setitimer(signal.ITIMER_REAL, 0.4)
