# about: 모든 셀을 하나씩 더 복사한 학생.
# on: 04/q1+q2+q4 03/q1+q4
# more: 01/q1+q2+q5
# expect: all
# says: cell-duplicated, locked-cell-duplicated

# %% repeat all
