# about: 점검 셀에서 결과를 같은 이름에 담은 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all
# says: name-overwritten
# may-say: locked-cell-added
# message: name-overwritten: {name}

# %% add {check}
{name} = {call}
