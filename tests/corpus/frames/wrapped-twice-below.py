# about: 아래에서 함수를 두 번 감싼 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q1
# expect: all
# may-say: cell-adopted, name-overwritten

# %% after {check}
def logged(function):
    def run(*args, **kwargs):
        calls.append(function)
        return function(*args, **kwargs)

    return run


calls = []
{each} = logged({each})
{each} = logged({each})
