# about: 답이 부르는 도움 함수를 끝에서 del로 지운 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q1
# expect: all
# may-say: name-overwritten, name-shadowed

# %% before {q}
{renamed}

# %% {q}
def {each}(*args, **kwargs): return my_{each}(*args, **kwargs)

# %% last
del my_{name}
