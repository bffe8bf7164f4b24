# about: np라는 이름을 값에 쓴 학생.
# on: 04/q5 02/q7
# more: 03/q7
# expect: all
# says: name-shadowed
# may-say: better-of-two
# message: name-shadowed: np

# %% last
np = {"n": 1, "p": 2}["p"]
