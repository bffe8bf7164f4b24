# about: 설정 셀을 맨 아래로 옮긴 학생.
# on: 04/q4
# more: 03/q4 01/q1
# expect: all
# says: cell-moved

# %% move setup last
