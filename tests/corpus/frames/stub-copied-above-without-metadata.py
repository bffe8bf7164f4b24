# about: 답 위의 새 셀에 받은 그대로의 빈 틀을 옮겨 둔 학생.
# on: 04/q4
# more: 02/q7 03/q7 01/q6
# expect: all

# %% before {q}
{stub}
