# about: nbgrader의 도구 막대에서 셀의 이름을 바꾸어 버린 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q1
# expect: all
# says: cell-adopted

# %% relabel {q} cell-0f3a9c21b4d5
