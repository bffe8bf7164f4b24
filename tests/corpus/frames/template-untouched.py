# about: 받은 노트북을 그대로 낸 학생. 0점이고 한 줄만 듣는다.
# on: 01 02 03 04 05
# expect: 0
# says: template-untouched
# check: no
# feedback: short

# %% blank answers

# %% blank reflection
