# about: 제 셀 하나에 문법 오류가 있는 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q1
# expect: all
# says: syntax-error
# may-say: cell-error

# %% after {q}
for i in range(3)
    print(i)
