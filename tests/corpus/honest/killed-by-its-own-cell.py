# assignment: 05-transfer-learning
# about: 실험 셀에서 자기 프로세스에 신호를 보낸 학생.
# expect: 100
# may-say: cell-died

# %% drop experiments

# %% after q2
import os
import signal

os.kill(os.getpid(), signal.SIGKILL)
