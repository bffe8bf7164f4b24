# about: 고칠 수 없는 머리말 셀에 학번과 이름을 적은 학생.
# on: 04/q4
# more: 03/q4 01/q5
# expect: all
# says: locked-cell-edited|locked-cell-added
# may-say: locked-cell-edited, locked-cell-added

# %% add header

**20261234 홍길동**
