# about: 끝에서 내장 함수의 이름을 여럿 값에 쓴 학생.
# on: 04/q6 02/q7
# more: 03/q7 01/q2 05/q3
# expect: all
# says: name-shadowed
# may-say: better-of-two
# message: name-shadowed: list
# message: name-shadowed: sum

# %% last
list = [1, 2, 3]
sum = 0
for i in list:
    sum += i
len, range, zip, type, isinstance, float, any, max, min, dict, tuple, str, enumerate, reversed = [None] * 14
