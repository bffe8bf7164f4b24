# about: 답이 부르는 도움 함수를 더 아래의 새 셀에 쓴 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q1
# expect: all

# %% {q}
def {each}(*args, **kwargs): return my_{each}(*args, **kwargs)

# %% last
{renamed}
