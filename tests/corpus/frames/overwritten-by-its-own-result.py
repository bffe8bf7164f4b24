# about: 함수의 결과를 같은 이름에 담은 학생.
# on: 04/q4 02/q7
# more: 03/q4 01/q6
# expect: all
# says: name-overwritten
# message: name-overwritten: {name}

# %% after {q}
{name} = {call}
print({name})
