# about: 풀이 셀에 __call__이 있는 객체로 답을 쓴 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all

# %% {q}
{renamed}


class Solution:
    def __init__(self, function):
        self.function = function

    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)


{each} = Solution(my_{each})
