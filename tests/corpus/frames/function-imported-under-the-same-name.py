# about: 아래에서 다른 함수를 같은 이름으로 불러온 학생. 풀이 셀의 함수가 점수다.
# on: 04/q1
# more: 02/q7 03/q4 01/q6
# expect: all
# says: better-of-two
# may-say: cell-adopted, name-overwritten

# %% last
from math import sqrt as {name}
