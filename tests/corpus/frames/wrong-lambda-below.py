# about: 맞은 답 아래에서 같은 이름의 람다를 시험해 본 학생. 나은 쪽이 점수다.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all
# says: better-of-two
# may-say: cell-adopted, name-overwritten

# %% after {check}
{each} = lambda *args, **kwargs: 0
