# assignment: 01-vanishing-gradients
# about: 마지막 문항 뒤에 2초 알람을 남긴 노트북, 실험까지 모두.
# expect: 100
# may-say: cell-died
# soak: yes

# %% after q7
import signal

signal.alarm(2)
