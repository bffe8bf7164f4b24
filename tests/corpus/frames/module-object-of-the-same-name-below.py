# about: 아래에서 신경망 모듈 객체에 같은 이름을 준 학생. 풀이 셀의 함수가 점수다.
# on: 02/q7 03/q4
# more: 01/q2 05/q3
# expect: all
# says: better-of-two|name-overwritten
# may-say: cell-adopted, name-overwritten, better-of-two

# %% last
{name} = torch.nn.Identity()
