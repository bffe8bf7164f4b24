# about: check라는 이름을 값에 쓴 학생. 점수는 점검 셀이 매기지 않는다.
# on: 04/q4
# more: 02/q7 03/q4 01/q1
# expect: all
# may-say: name-shadowed, name-overwritten, cell-error

# %% before {q}
check = True
label = "레이블"
