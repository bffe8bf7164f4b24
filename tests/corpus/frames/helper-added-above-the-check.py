# about: 그 문항의 점검 셀 위쪽에 도움 함수를 쓴 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q5
# expect: all
# says: locked-cell-added

# %% add-above {check}
{renamed}

# %% {q}
def {each}(*args, **kwargs): return my_{each}(*args, **kwargs)
