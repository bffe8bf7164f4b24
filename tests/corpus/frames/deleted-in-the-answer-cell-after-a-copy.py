# about: 함수를 다른 이름으로 옮기고 del로 지운 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all
# may-say: name-overwritten

# %% after {check}
saved = {name}
del {name}
print(saved)
