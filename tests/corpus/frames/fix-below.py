# about: 틀린 답을 두고 아래의 새 셀에서 고쳐 쓴 학생.
# on: 04/q4 02/q7
# more: 03/q4 01/q6
# expect: all
# may-say: cell-adopted, name-overwritten

# %% {q}
{wrong}

# %% after {q}
{answer}
