# assignment: 04-gpu-speedup
# about: 멈추면 기록을 남기고 끝내라는 감시를 켜 두고 끄지 않은 학생.
# expect: 100

# %% drop experiments

# %% after q8-check
import faulthandler

faulthandler.dump_traceback_later(0.3, exit=True, file=open("trace.txt", "w"))
