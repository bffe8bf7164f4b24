# about: 위의 새 셀에 데코레이터를 만들어 답에 붙인 학생.
# on: 04/q1
# more: 02/q7 03/q4 01/q1
# expect: all

# %% before {q}
import functools


def logged(function):
    @functools.wraps(function)
    def run(*args, **kwargs):
        return function(*args, **kwargs)

    return run

# %% add-above {q}
@logged
