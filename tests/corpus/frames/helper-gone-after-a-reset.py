# about: 답이 도움 함수를 부르고 끝에 %reset -f를 쓴 학생.
# on: 04/q4 02/q7
# more: 03/q4 01/q1
# expect: all
# may-say: name-overwritten, name-shadowed

# %% before {q}
{renamed}

# %% {q}
def {each}(*args, **kwargs): return my_{each}(*args, **kwargs)

# %% last
%reset -f
