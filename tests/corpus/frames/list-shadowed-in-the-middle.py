# about: 답보다 위의 셀에서 내장 함수의 이름을 값에 쓴 학생.
# on: 04/q6 02/q7
# more: 03/q7 01/q2
# expect: all
# says: name-shadowed
# may-say: better-of-two
# message: name-shadowed: list

# %% before {q}
list = [1, 2, 3]
sum = 0
len = 3
any, float, zip, range, isinstance = 0, 1.5, [], 9, True
