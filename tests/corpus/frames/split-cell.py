# about: 함수 둘이 든 풀이 셀을 나눈 학생(조각마다 같은 표시).
# on: 04/q2 03/q7
# more: 04/q4 04/q6
# expect: all
# may-say: cell-duplicated

# %% split {q}
