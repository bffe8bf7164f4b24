# about: 한 문항의 풀이 셀을 지운 학생. 그 문항만 잃는다.
# on: 04/q4+q1
# more: 02/q7+q1 03/q7+q4 01/q6+q1+q5
# expect: rest
# says: cell-missing|unanswered
# message: cell-missing: {q}

# %% drop {q}
