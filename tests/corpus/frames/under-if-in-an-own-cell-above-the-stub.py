# about: 위의 새 셀에서 if 아래에 답을 쓰고 풀이 셀은 받은 그대로 둔 학생.
# on: 04/q4
# more: 02/q7 03/q7 01/q1
# expect: all
# says: cell-adopted

# %% blank {q}

# %% before {q}
if True:
    {answer}
