# about: 함수를 모두 첫 풀이 셀에 모으고 나머지 풀이 셀을 지운 학생.
# on: 04/q1+q2+q4 03/q1+q4+q7
# more: 01/q1+q2+q3+q5+q6
# expect: all
# says: cell-adopted

# %% merge {q}
