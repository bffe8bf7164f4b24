# about: 답을 쓴 노트북 위에 받은 노트북이 한 번 더 붙은 학생.
# on: 04/q1+q2+q4 03/q1+q4
# more: 01/q1+q2+q5
# expect: all
# says: cell-duplicated
# may-say: locked-cell-duplicated, cell-moved

# %% paste template first
