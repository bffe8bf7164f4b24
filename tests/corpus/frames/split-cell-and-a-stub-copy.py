# about: 나눈 풀이 셀 아래에 받은 그대로의 사본도 있는 학생.
# on: 04/q2 03/q7
# more: 04/q4
# expect: all
# may-say: cell-duplicated

# %% split {q}

# %% copy-below {q}
{stub}
