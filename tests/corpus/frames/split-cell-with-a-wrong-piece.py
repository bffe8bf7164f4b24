# about: 나눈 조각 가운데 하나가 틀린 학생. 틀린 만큼만 잃는다.
# on: 04/q2 03/q7
# more: 04/q4 04/q6
# expect: wrong
# may-say: cell-duplicated

# %% {q}
{wrong}

# %% split {q}
