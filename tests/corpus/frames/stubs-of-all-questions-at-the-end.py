# about: 노트북의 끝에 빈 틀을 모두 모아 둔 학생.
# on: 04/q1+q4 02/q1+q7
# more: 03/q1+q7 01/q1+q6
# expect: all

# %% last
# 처음 받은 틀
{stubs}
