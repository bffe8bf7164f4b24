# about: 뒤의 함수들은 위의 새 셀에, 첫 함수는 풀이 셀에 쓴 학생(풀이 셀에 빈 틀이 남음).
# on: 04/q2 03/q7
# more: 04/q4 04/q6
# expect: all
# says: cell-adopted

# %% before {q}
{rest}

# %% {q}
{first}


{rest_stub}
