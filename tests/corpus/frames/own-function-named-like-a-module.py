# about: 모듈과 같은 이름의 함수를 불러와 답에서 부른 학생. 그 함수가 쓰인다.
# on: 02/q7
# more: 03/q4 01/q1
# expect: all
# may-say: name-shadowed

# %% before {q}
from copy import copy
from time import time

# %% {q}
{renamed}


def os(function, *args, **kwargs):
    start = time()
    result = function(*args, **kwargs)
    copy([time() - start])
    return result


def {each}(*args, **kwargs): return os(my_{each}, *args, **kwargs)
