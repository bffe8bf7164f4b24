# about: 답보다 위의 셀에서 모듈의 이름을 반복문의 변수로 쓴 학생.
# on: 04/q7 02/q1
# more: 03/q5 01/q6
# expect: all
# says: name-shadowed
# may-say: better-of-two
# message: name-shadowed: math

# %% before {q}
for math, torch in [(1, 2), (3, 4)]:
    print(math + torch)
