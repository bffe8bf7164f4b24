# about: 한 문항만 쓰고 나머지는 받은 그대로 둔 학생.
# on: 04/q4 02/q7
# more: 03/q4 01/q6
# expect: all
# says: unanswered

# %% blank others

# %% blank reflection
