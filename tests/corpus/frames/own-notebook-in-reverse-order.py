# about: 뒤 문항부터 풀어 셀의 차례가 거꾸로인 학생(문항 표시 없음).
# on: 04/q4+q3+q1
# more: 02/q2+q1 01/q3+q2+q1
# expect: all
# says: metadata-lost|cell-adopted
# may-say: metadata-lost, cell-adopted, cell-missing, locked-cell-restored, locked-cells-restored

# %% keep setup answers

# %% move q3 first

# %% move q2 last

# %% move q1 last

# %% unlabel all
