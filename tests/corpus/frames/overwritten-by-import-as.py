# about: 모듈을 같은 이름으로 불러온 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all
# says: name-overwritten
# message: name-overwritten: {name}

# %% last
import json as {name}
