# about: 풀이 셀에서 빈 틀의 위에 함수를 쓰고 빈 틀을 지우지 않은 학생.
# on: 04/q4 02/q7
# more: 03/q7 01/q1
# expect: all
# may-say: cell-adopted

# %% {q}
{answer}


{stub}
