# about: 점검 셀과 풀이 셀의 자리를 바꾼 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q1
# expect: all
# says: cell-moved

# %% swap {q} {check}
