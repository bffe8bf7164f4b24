# about: 위의 새 셀에 답을 쓰고 빈 틀에는 그렇게 적어 둔 학생.
# on: 04/q4 02/q7
# more: 03/q7 01/q1
# expect: all
# may-say: cell-adopted

# %% blank {q}

# %% before {q}
{answer}

# %% add-above {q}
# 답은 위의 셀에 썼습니다.
