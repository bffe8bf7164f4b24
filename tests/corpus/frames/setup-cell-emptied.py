# about: 설정 셀의 내용을 지운 학생.
# on: 04/q4
# more: 02/q1 03/q4 01/q5
# expect: all
# says: locked-cell-edited

# %% setup
# 설정
