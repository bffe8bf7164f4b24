# about: 맞은 답 아래의 새 셀에서 틀리게 다시 쓴 학생. 나은 쪽이 점수다.
# on: 04/q4 02/q7
# more: 03/q4 01/q6
# expect: all
# says: better-of-two
# may-say: cell-adopted, name-overwritten

# %% after {check}
{wrong}
