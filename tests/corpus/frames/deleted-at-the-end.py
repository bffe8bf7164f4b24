# about: 끝에서 함수를 del로 지운 학생.
# on: 04/q4 02/q7
# more: 03/q7 01/q6
# expect: all
# may-say: name-overwritten

# %% last
del {names}
