# about: 풀이 셀을 글 셀로 바꾸어 버린 학생.
# on: 04/q4 02/q7
# more: 03/q4 01/q5
# expect: all
# says: cell-type-changed

# %% kind {q} markdown
