# about: 부르면 값을 내는 클래스로 답을 쓴 학생.
# on: 04/q1
# more: 02/q7 03/q4 01/q6
# expect: all

# %% {q}
{renamed}


class {name}:
    def __new__(cls, *args, **kwargs):
        return my_{name}(*args, **kwargs)
