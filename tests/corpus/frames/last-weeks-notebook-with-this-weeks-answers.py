# about: 지난 과제의 노트북을 틀로 삼아 이 과제의 함수를 새 셀에 다 쓴 학생.
# on: 04/q1+q2+q4<03 03/q1+q4<02
# more: 01/q1+q2+q5<03
# expect: all
# may-say: any

# %% start other

# %% drop answers

# %% last
{answers}
