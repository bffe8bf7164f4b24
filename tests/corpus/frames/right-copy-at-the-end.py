# about: 풀이 셀을 복사해 맨 아래에서 고친 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all
# says: cell-duplicated

# %% {q}
{wrong}

# %% copy-last {q}
{answer}
