# about: 모든 답을 설정 셀에 몰아 쓰고 풀이 셀을 지운 학생.
# on: 04/q1+q2+q4 03/q1+q4+q7
# more: 01/q1+q2+q5
# expect: all
# says: locked-cell-added|cell-adopted
# may-say: locked-cell-added, cell-adopted

# %% add setup


{answers}

# %% drop graded
