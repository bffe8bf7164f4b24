# about: 설정 셀을 둘로 나눈 학생("split cell", 둘 다 같은 표시).
# on: 04/q4
# more: 02/q1 03/q4 01/q5
# expect: all
# says: locked-cell-duplicated|locked-cell-edited
# may-say: locked-cell-duplicated, locked-cell-edited, locked-cell-added

# %% halve setup
