# about: 답보다 위의 셀에서 같은 이름을 값으로 쓴 학생. 덮어쓴 것은 답이다.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all

# %% before {q}
{name} = 5
print({name})
