# about: 같은 이름을 except ... as에 쓴 학생(끝나면 이름이 지워짐).
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all
# may-say: name-overwritten

# %% last
try:
    1 / 0
except ZeroDivisionError as {name}:
    print({name})
