# about: 풀이 셀에서 함수 아래의 시험이 오류로 끝난 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q1
# expect: all
# says: cell-error

# %% add {q}


print(undefined_name)
