# about: 틀린 답을 두고 노트북의 맨 끝에서 고쳐 쓴 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all
# may-say: cell-adopted, name-overwritten

# %% {q}
{wrong}

# %% last
{answer}
