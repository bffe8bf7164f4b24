# about: 위의 제 셀 하나가 오류로 끝난 학생.
# on: 04/q4 02/q7
# more: 03/q4 01/q1
# expect: all
# may-say: cell-error

# %% before {q}
print(undefined_name)
