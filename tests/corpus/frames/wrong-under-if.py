# about: 틀린 답을 if True: 아래에 쓴 학생. 틀린 만큼만 잃는다.
# on: 04/q4
# more: 02/q7 03/q4 01/q1
# expect: wrong

# %% {q}
if True:
    {wrong}
