# about: 풀이 셀을 새 셀에 옮겨 적어 표시가 사라진 학생.
# on: 04/q1+q2+q4 03/q1+q4
# more: 01/q1+q2+q5
# expect: all
# says: cell-adopted|metadata-lost
# may-say: cell-adopted, metadata-lost

# %% unlabel graded
