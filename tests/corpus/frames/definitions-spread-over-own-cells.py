# about: 함수마다 따로 새 셀에 쓰고 풀이 셀을 지운 학생.
# on: 04/q2 03/q7
# more: 04/q4 04/q6
# expect: all
# says: cell-adopted

# %% before {q}
{rest}

# %% after {check}
{first}

# %% drop {q}
