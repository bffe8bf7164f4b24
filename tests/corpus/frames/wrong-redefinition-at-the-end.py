# about: 틀린 예를 보이려고 노트북의 끝에서 같은 이름으로 다시 쓴 학생. 나은 쪽이 점수다.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all
# says: better-of-two
# may-say: cell-adopted, name-overwritten

# %% last
# 이렇게 하면 안 된다는 예
{wrong}
