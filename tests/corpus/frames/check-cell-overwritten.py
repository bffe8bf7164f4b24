# about: 점검 셀을 제 시험으로 바꾼 학생.
# on: 04/q4 02/q1
# more: 03/q4 01/q5
# expect: all
# says: locked-cell-edited|locked-cell-added
# may-say: locked-cell-edited, locked-cell-added

# %% {check}
print({call})
