# assignment: 04-gpu-speedup
# about: CPU 시간을 세는 타이머 두 개를 남긴 학생. 처리기가 없어 신호가 오면 프로세스가 끝납니다.
# expect: 100

# %% drop experiments

# %% after q8-check
import signal

signal.setitimer(signal.ITIMER_VIRTUAL, 0.02)
signal.setitimer(signal.ITIMER_PROF, 0.02)
