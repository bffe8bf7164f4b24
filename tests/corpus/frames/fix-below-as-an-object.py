# about: 아래에서 __call__이 있는 객체로 고쳐 쓴 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all
# may-say: cell-adopted, name-overwritten

# %% {q}
{wrong}

# %% after {check}
class Solution:
    def __init__(self, function):
        self.function = function

    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)


{renamed}


{each} = Solution(my_{each})
