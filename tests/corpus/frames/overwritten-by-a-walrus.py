# about: 같은 이름을 := 왼쪽에 쓴 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all
# says: name-overwritten
# message: name-overwritten: {name}

# %% last
if ({name} := len([1, 2, 3])) > 2:
    print({name})
