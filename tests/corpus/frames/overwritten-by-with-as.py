# about: 같은 이름을 with ... as에 쓴 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all
# says: name-overwritten
# message: name-overwritten: {name}

# %% last
import io

with io.StringIO("기록") as {name}:
    print({name}.read())
