# about: 내장 함수와 같은 이름의 도움 함수를 만들어 답에서 부른 학생. 그 함수가 쓰인다.
# on: 04/q4
# more: 02/q7 03/q4 01/q1
# expect: all
# may-say: name-shadowed

# %% before {q}
def filter(function, *args, **kwargs):
    return function(*args, **kwargs)


def sum(*values):
    return values[0]

# %% {q}
{renamed}


def {each}(*args, **kwargs): return sum(filter(my_{each}, *args, **kwargs), None)
