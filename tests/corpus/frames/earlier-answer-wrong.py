# about: 앞 문항이 틀렸고 뒤 문항이 그 함수를 부르는 학생. 앞 문항만 잃는다.
# on: 02/q1+q2+q3 01/q1+q2+q3
# more: 05/q3+q8
# expect: wrong

# %% {q}
{wrong}
