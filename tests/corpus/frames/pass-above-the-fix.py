# about: pass만 쓴 풀이 셀을 두고 아래의 새 셀에 답을 쓴 학생.
# on: 04/q4
# more: 02/q7 03/q7 01/q6
# expect: all
# may-say: cell-adopted, name-overwritten

# %% {q}
def {each}(*args, **kwargs): pass

# %% after {q}
{answer}
