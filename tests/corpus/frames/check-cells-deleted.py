# about: 점검 셀을 모두 지운 학생.
# on: 04/q4
# more: 03/q4 01/q5
# expect: all
# says: locked-cell-restored|locked-cells-restored

# %% drop checks
