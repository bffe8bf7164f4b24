# about: 풀이 셀을 모두 지우고 새 셀 하나에 다 쓴 학생.
# on: 04/q1+q2+q4 03/q1+q4+q7
# more: 01/q1+q2+q5
# expect: all
# says: cell-adopted
# message: cell-adopted: {q}

# %% drop graded

# %% last
{answers}
