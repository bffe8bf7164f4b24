# about: 앞 문항의 점검 셀에 도움 함수를 더하고 답에서 부른 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q5
# expect: all
# says: locked-cell-added

# %% add q1-check

{renamed}

# %% {q}
def {each}(*args, **kwargs): return my_{each}(*args, **kwargs)
