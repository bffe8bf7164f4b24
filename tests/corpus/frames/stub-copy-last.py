# about: 받은 그대로의 사본이 답 아래에 있는 학생.
# on: 04/q4 02/q7
# more: 03/q7 01/q1
# expect: all
# says: cell-duplicated

# %% copy-below {q}
{stub}
