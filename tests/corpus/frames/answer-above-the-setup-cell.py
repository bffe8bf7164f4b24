# about: 설정 셀보다 위의 새 셀에 답을 쓴 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q1
# expect: all
# says: cell-adopted

# %% first
{answer}

# %% drop {q}
