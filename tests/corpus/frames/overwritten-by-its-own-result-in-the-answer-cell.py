# about: 풀이 셀의 끝에서 결과를 같은 이름에 담은 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all
# says: name-overwritten
# message: name-overwritten: {name}

# %% add {q}


{name} = {call}
