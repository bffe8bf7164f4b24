# about: 받은 그대로의 풀이 셀 아래 새 셀에 답을 쓴 학생.
# on: 04/q4 02/q7
# more: 03/q7 01/q1
# expect: all
# says: cell-adopted

# %% blank {q}

# %% after {q}
{answer}
