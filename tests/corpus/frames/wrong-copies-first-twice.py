# about: 두 번 틀리고 세 번째에 맞은 학생(모두 같은 표시).
# on: 04/q4
# more: 02/q7 03/q4 01/q1
# expect: all
# says: cell-duplicated

# %% copy-above {q}
{wrong}

# %% copy-above {q}
{wrong}
# 다시
