# about: 틀린 답의 이름을 값이 덮어쓴 학생. 틀린 만큼만 잃는다.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: wrong
# says: name-overwritten
# message: name-overwritten: {name}

# %% {q}
{wrong}

# %% last
{name} = 5
