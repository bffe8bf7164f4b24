# about: 같은 표시의 셀 둘이 모두 틀린 학생. 틀린 만큼만 잃는다.
# on: 04/q4
# more: 02/q7 03/q4 01/q1
# expect: wrong
# says: cell-duplicated

# %% {q}
{wrong}

# %% copy-below {q}
{wrong}
# 다시
