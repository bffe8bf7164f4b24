# about: 고칠 수 없는 셀을 하나씩 더 복사한 학생.
# on: 04/q4
# more: 03/q4 01/q5
# expect: all
# says: locked-cell-duplicated

# %% repeat locked
