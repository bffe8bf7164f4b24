# about: 같은 이름을 여러 값을 나누어 담는 데 쓴 학생.
# on: 04/q4 02/q7
# more: 03/q4 01/q6
# expect: all
# says: name-overwritten
# message: name-overwritten: {name}

# %% last
fig, (ax, *{name}) = plt.subplots(), [None, 1, 2][1:] or [0]
fig, {name} = plt.subplots()
