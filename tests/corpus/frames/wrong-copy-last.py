# about: 맞은 답 아래에 같은 표시의 틀린 사본이 있는 학생. 나은 쪽이 점수다.
# on: 04/q4 02/q7
# more: 03/q4 01/q6
# expect: all
# says: cell-duplicated, better-of-two

# %% copy-below {q}
{wrong}
