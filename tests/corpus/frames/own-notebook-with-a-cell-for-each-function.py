# about: 새 노트북에 답만 셀 하나씩 옮겨 적은 학생(문항 표시 없음).
# on: 04/q1+q2+q4 03/q1+q4+q5
# more: 01/q1+q2+q5
# expect: all
# says: metadata-lost|cell-adopted
# may-say: metadata-lost, cell-adopted, cell-missing, locked-cell-restored, locked-cells-restored

# %% keep setup answers

# %% unlabel all
