# about: 문제를 설명하는 셀에 풀이를 메모한 학생.
# on: 04/q4
# more: 03/q4 01/q5
# expect: all
# says: locked-cell-edited|locked-cell-added
# may-say: locked-cell-edited, locked-cell-added

# %% add {q}-text

메모: 먼저 모양을 확인한다.
