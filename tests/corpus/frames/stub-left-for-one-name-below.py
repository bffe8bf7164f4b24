# about: 한 함수는 위의 새 셀에, 나머지는 풀이 셀에 쓴 학생(풀이 셀에 그 함수의 빈 틀이 남음).
# on: 04/q2 03/q7
# more: 04/q4 04/q6
# expect: all
# says: cell-adopted

# %% before {q}
{first}

# %% {q}
{first_stub}


{rest}
