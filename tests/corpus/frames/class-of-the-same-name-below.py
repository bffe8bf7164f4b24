# about: 아래에서 같은 이름의 클래스를 만든 학생. 풀이 셀의 함수가 점수다.
# on: 04/q1
# more: 02/q7 03/q4 01/q6
# expect: all
# says: better-of-two
# may-say: cell-adopted, name-overwritten

# %% after {check}
class {name}:
    """결과를 담는다."""

    value = 0
