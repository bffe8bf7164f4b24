# about: 풀이 셀에서 빈 틀을 지우지 않고 그 아래에 함수를 다시 쓴 학생.
# on: 04/q4 02/q7
# more: 03/q7 01/q1
# expect: all

# %% {q}
{stub}


{answer}
