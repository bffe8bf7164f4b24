# about: math라는 이름을 점수에 쓴 학생.
# on: 02/q1 03/q5
# more: 01/q6
# expect: all
# says: name-shadowed
# may-say: better-of-two
# message: name-shadowed: math

# %% after {check}
korean, math = 90, 85
print(korean + math)
