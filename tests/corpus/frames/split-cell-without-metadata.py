# about: 풀이 셀을 나누었고 뒤 조각에는 표시가 없는 학생.
# on: 04/q2
# more: 03/q7 04/q4 04/q6
# expect: all
# may-say: cell-adopted

# %% split-bare {q}
