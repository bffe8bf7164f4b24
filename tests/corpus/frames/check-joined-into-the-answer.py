# about: 점검 셀을 위의 풀이 셀에 합친 학생(풀이 셀의 표시가 남음).
# on: 04/q4 02/q7
# more: 03/q7 01/q1
# expect: all
# says: locked-cell-restored|locked-cells-restored

# %% join-up {q} {check}
