# about: 나눈 조각의 차례가 바뀐 학생.
# on: 04/q2 03/q7
# more: 04/q4 04/q6
# expect: all
# may-say: cell-duplicated

# %% {q}
{first}

# %% copy-above {q}
{rest}
