# about: 모든 함수의 이름에 결과를 담은 학생.
# on: 04/q2 03/q7
# more: 04/q4 04/q6
# expect: all
# says: name-overwritten
# message: name-overwritten: {name}

# %% after {check}
{each} = None
