# about: 풀이 셀을 아래의 점검 셀과 합친 학생(점검 셀의 표시가 남음).
# on: 04/q4 02/q7
# more: 03/q7 01/q1 01/q6
# expect: all
# says: locked-cell-added|cell-adopted
# may-say: locked-cell-added, cell-adopted

# %% join {q} {check}
