# about: 내장 함수와 같은 이름의 값을 답에서 쓰는 학생. 그 값이 쓰인다.
# on: 04/q4
# more: 02/q7 03/q4 01/q1
# expect: all
# may-say: name-shadowed

# %% before {q}
input = 7
type = {"answer": 1}

# %% {q}
{renamed}


def checked(value):
    assert input == 7 and type["answer"] == 1
    return value


def {each}(*args, **kwargs): return checked(my_{each}(*args, **kwargs))
