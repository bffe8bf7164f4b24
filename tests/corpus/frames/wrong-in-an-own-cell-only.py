# about: 받은 그대로의 풀이 셀을 두고 새 셀에 틀린 답을 쓴 학생. 틀린 만큼만 잃는다.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: wrong
# says: cell-adopted

# %% blank {q}

# %% after {q}
{wrong}
