# about: 맨 아래의 새 셀에 다 쓰고 풀이 셀은 받은 그대로 둔 학생.
# on: 04/q1+q2+q4 03/q1+q4+q7
# more: 01/q1+q2+q5
# expect: all
# says: cell-adopted

# %% blank graded

# %% last
{answers}
