# about: 앞 문항의 틀린 답을 아래에서 고친 학생. 그 함수를 부르는 뒤 문항도 고친 것을 쓴다.
# on: 02/q1+q2+q3
# more: 03/q7+q8 01/q1+q2+q3
# expect: all
# may-say: cell-adopted, name-overwritten

# %% {q}
{wrong}

# %% last
{answer}
