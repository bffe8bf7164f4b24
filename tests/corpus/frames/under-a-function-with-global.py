# about: 함수 안에서 global로 답을 정의하고 부른 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q1
# expect: all
# may-say: unanswered, cell-adopted

# %% {q}
def define():
    global {names}

    {answer}


define()
