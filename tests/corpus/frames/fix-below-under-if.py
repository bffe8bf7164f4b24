# about: 아래에서 if 아래에 고쳐 쓴 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all
# may-say: cell-adopted, name-overwritten

# %% {q}
{wrong}

# %% after {check}
if True:
    {answer}
