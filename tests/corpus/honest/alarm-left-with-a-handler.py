# assignment: 04-gpu-speedup
# about: 예외를 일으키는 처리기를 단 알람을 되풀이하게 두고 끄지 않은 학생.
# expect: 100

# %% drop experiments

# %% after q8-check
import signal


def too_late(number, frame):
    raise TimeoutError("시간 초과")


signal.signal(signal.SIGALRM, too_late)
signal.setitimer(signal.ITIMER_REAL, 0.3, 0.05)
