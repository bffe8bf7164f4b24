# about: 모든 셀의 표시가 사라진 학생.
# on: 04/q1+q2+q4 03/q1+q4
# more: 01/q1+q2+q5
# expect: all
# says: metadata-lost

# %% unlabel all
