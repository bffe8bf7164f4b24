# about: 함수를 모두 마지막 풀이 셀에 모으고 앞의 풀이 셀을 지운 학생.
# on: 04/q8+q1+q2+q4 02/q7+q1+q4+q6
# more: 01/q6+q1+q2+q5
# expect: all
# says: cell-adopted

# %% merge {q}
