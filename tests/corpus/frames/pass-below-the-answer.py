# about: 답을 쓰고 아래의 새 셀에 같은 이름의 빈 함수를 둔 학생. 나은 쪽이 점수다.
# on: 04/q4 02/q7
# more: 03/q7 01/q6
# expect: all
# may-say: better-of-two, cell-adopted, name-overwritten

# %% after {check}
def {each}(*args, **kwargs): pass
