# about: 풀이 셀을 raw 셀로 바꾸어 버린 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q5
# expect: all
# says: cell-type-changed

# %% kind {q} raw
