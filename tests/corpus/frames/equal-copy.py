# about: 풀이 셀을 그대로 한 번 더 붙인 학생.
# on: 04/q4
# more: 02/q7 03/q7 01/q1
# expect: all
# says: cell-duplicated

# %% repeat {q}
