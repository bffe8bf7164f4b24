# about: 끝에서 globals().clear()를 부른 학생.
# on: 04/q4
# more: 02/q7 03/q7 01/q1
# expect: all
# may-say: name-overwritten, name-shadowed, cell-error

# %% last
globals().clear()
