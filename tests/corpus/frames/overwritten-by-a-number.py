# about: 아래의 셀에서 같은 이름에 수를 담은 학생.
# on: 04/q4 02/q7
# more: 03/q4 01/q6
# expect: all
# says: name-overwritten
# message: name-overwritten: {name}

# %% after {check}
{name} = 5
