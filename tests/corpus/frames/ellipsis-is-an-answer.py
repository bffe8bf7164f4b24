# about: 함수에 ...만 쓴 학생. 답을 쓴 것이고 틀린 만큼 잃는다.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: 0

# %% {q}
def {each}(*args, **kwargs): ...
