# about: 틀린 답을 남겨 두고 같은 표시의 셀을 아래에 복사해 고친 학생.
# on: 04/q4 02/q7
# more: 03/q4 01/q6
# expect: all
# says: cell-duplicated

# %% copy-above {q}
{wrong}
