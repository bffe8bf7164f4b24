# about: 앞 문항의 점검 셀에 답이 합쳐진 학생.
# on: 04/q2 02/q2
# more: 03/q2 01/q2
# expect: all
# says: locked-cell-added|cell-adopted
# may-say: locked-cell-added, cell-adopted

# %% add q1-check

{answer}

# %% drop {q}
