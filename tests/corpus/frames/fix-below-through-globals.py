# about: 아래에서 globals()에 넣어 고쳐 쓴 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all
# may-say: cell-adopted, name-overwritten

# %% {q}
{wrong}

# %% after {check}
{renamed}


globals()["{name}"] = my_{name}
