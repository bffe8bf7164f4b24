# about: 앞 문항의 함수를 끝에서 틀리게 다시 쓴 학생. 뒤 문항은 잃지 않는다.
# on: 02/q1+q2+q3 01/q1+q2+q3
# more: 05/q3+q8
# expect: all
# says: better-of-two
# may-say: cell-adopted, name-overwritten

# %% last
{wrong}
