# about: 같은 이름을 반복문의 변수로 쓴 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all
# says: name-overwritten
# message: name-overwritten: {name}

# %% last
for {name} in range(3):
    print({name})
