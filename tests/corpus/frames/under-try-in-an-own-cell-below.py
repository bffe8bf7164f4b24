# about: 아래의 새 셀에서 try 아래에 답을 쓰고 풀이 셀을 지운 학생.
# on: 04/q4 02/q7
# more: 03/q7 01/q1
# expect: all
# says: cell-adopted

# %% drop {q}

# %% after {check}
try:
    {answer}
finally:
    pass
