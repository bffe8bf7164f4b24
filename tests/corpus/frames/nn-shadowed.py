# about: nn이라는 이름을 값에 쓴 학생.
# on: 01/q3 05/q2
# more: 01/q4
# expect: all
# says: name-shadowed
# may-say: better-of-two
# message: name-shadowed: nn

# %% last
nn = 5
