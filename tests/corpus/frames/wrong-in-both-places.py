# about: 풀이 셀도 아래의 새 셀도 틀린 학생. 틀린 만큼만 잃는다.
# on: 04/q4 02/q7
# more: 03/q4 01/q6
# expect: wrong
# may-say: cell-adopted, name-overwritten, better-of-two

# %% {q}
{wrong}

# %% after {check}
{wrong}
