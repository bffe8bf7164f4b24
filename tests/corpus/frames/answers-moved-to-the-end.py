# about: 풀이 셀을 맨 아래로 옮긴 학생.
# on: 04/q1+q2+q4 03/q1+q4
# more: 01/q1+q2+q5
# expect: all
# says: cell-moved

# %% move graded last
