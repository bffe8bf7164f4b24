# about: 문항마다 풀이 셀과 점검 셀을 합친 학생.
# on: 04/q1+q2 03/q1+q2
# more: 01/q1+q2
# expect: all
# says: locked-cell-added|cell-adopted
# may-say: locked-cell-added, cell-adopted

# %% join q1 q1-check

# %% join q2 q2-check
