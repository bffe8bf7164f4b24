# about: 설정 셀을 지운 학생.
# on: 04/q4 02/q1
# more: 03/q4 01/q5
# expect: all
# says: locked-cell-restored|locked-cells-restored

# %% drop setup
