# about: 설정 셀에 답을 쓰고 풀이 셀은 받은 그대로 둔 학생.
# on: 04/q4 02/q7
# more: 03/q7 01/q1
# expect: all
# says: locked-cell-added|cell-adopted
# may-say: locked-cell-added, cell-adopted

# %% add setup


{answer}

# %% blank {q}
