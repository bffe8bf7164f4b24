# about: 앞 문항의 함수 이름을 값이 덮어썼고 뒤 문항이 그 함수를 부르는 학생.
# on: 02/q1+q2+q3 01/q1+q2+q3
# more: 05/q3+q8
# expect: all
# says: name-overwritten
# message: name-overwritten: {name}

# %% last
{name} = 0.5
