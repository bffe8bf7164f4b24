# about: 설정 셀의 끝에 도움 함수를 더하고 답에서 부른 학생.
# on: 04/q4 02/q4
# more: 03/q4 01/q1
# expect: all
# says: locked-cell-added
# message: locked-cell-added: setup

# %% add setup

# 도움 함수
{renamed}

# %% {q}
def {each}(*args, **kwargs): return my_{each}(*args, **kwargs)
