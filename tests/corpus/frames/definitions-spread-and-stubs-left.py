# about: 함수마다 따로 새 셀에 쓰고 풀이 셀은 받은 그대로 둔 학생.
# on: 04/q2 03/q7
# more: 04/q4 04/q6
# expect: all
# says: cell-adopted

# %% blank {q}

# %% before {q}
{first}

# %% after {check}
{rest}
