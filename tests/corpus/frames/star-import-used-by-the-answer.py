# about: from math import *로 불러온 이름을 답에서 쓰는 학생. 내장 pow가 아니라 math.pow다.
# on: 04/q4
# more: 02/q1 03/q5 01/q6
# expect: all
# may-say: name-shadowed

# %% before {q}
from math import *

# %% {q}
{renamed}


def plain(value):
    assert isinstance(pow(2, 2), float) and sqrt(4) == 2
    return value


def {each}(*args, **kwargs): return plain(my_{each}(*args, **kwargs))
