# about: 답을 if True: 아래에 쓴 학생.
# on: 04/q4 02/q7
# more: 03/q7 01/q1
# expect: all

# %% {q}
if True:
    {answer}
