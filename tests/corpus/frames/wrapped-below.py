# about: 시간을 재려고 아래에서 함수를 감싼 학생.
# on: 04/q4 02/q7
# more: 03/q4 01/q1
# expect: all
# may-say: cell-adopted, name-overwritten

# %% after {check}
import time
from functools import wraps


def timed(function):
    @wraps(function)
    def run(*args, **kwargs):
        start = time.perf_counter()
        result = function(*args, **kwargs)
        run.seconds = time.perf_counter() - start
        return result

    return run


{each} = timed({each})
