# about: 틀린 답이 점검 셀과 합쳐진 학생. 틀린 만큼만 잃는다.
# on: 04/q4 02/q7
# more: 03/q4 01/q1
# expect: wrong
# says: locked-cell-added|cell-adopted
# may-say: locked-cell-added, cell-adopted

# %% {q}
{wrong}

# %% join {q} {check}
