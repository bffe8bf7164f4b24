# about: 답을 try: 아래에 쓴 학생.
# on: 04/q4
# more: 02/q7 03/q7 01/q1
# expect: all

# %% {q}
try:
    {answer}
except Exception as error:
    print(error)
