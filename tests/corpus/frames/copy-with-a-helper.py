# about: 풀이 셀을 복사해 도움 함수를 쓴 학생(이름이 다름).
# on: 04/q4
# more: 02/q7 03/q4 01/q1
# expect: all
# may-say: cell-duplicated

# %% copy-above {q}
{renamed}

# %% {q}
def {each}(*args, **kwargs): return my_{each}(*args, **kwargs)
