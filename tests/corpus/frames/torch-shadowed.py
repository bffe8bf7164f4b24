# about: torch라는 이름을 값에 쓴 학생.
# on: 04/q7 03/q6
# more: 01/q1
# expect: all
# says: name-shadowed
# may-say: better-of-two
# message: name-shadowed: torch

# %% last
torch = None
