# about: 앞 문항의 답을 뒤 문항보다 아래의 새 셀에 쓴 학생.
# on: 02/q1+q2+q3
# more: 01/q1+q2+q3 05/q3+q8
# expect: all
# says: cell-adopted

# %% blank {q}

# %% last
{answer}
