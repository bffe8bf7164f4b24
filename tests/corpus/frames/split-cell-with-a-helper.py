# about: 도움 함수와 답을 한 셀에 썼다가 나눈 학생(둘 다 같은 표시).
# on: 04/q4
# more: 02/q7 03/q4 01/q1
# expect: all
# may-say: cell-duplicated

# %% {q}
{renamed}

# %% copy-below {q}
def {each}(*args, **kwargs): return my_{each}(*args, **kwargs)
