# about: 틀린 답을 제자리에 쓴 학생. 틀린 만큼만 잃고 아무 말도 듣지 않는다.
# on: 04/q4 02/q7
# more: 03/q4 01/q6
# expect: wrong

# %% {q}
{wrong}
