# about: 설정 셀에서 쓸모없어 보이는 줄을 지운 학생.
# on: 04/q4
# more: 02/q1 03/q4 01/q5
# expect: all
# says: locked-cell-edited

# %% change setup
style() =>
import matplotlib.pyplot as plt =>
