# about: 두 문항의 답을 서로 바꾸어 쓴 학생. 이름으로 찾을 수 있다.
# on: 04/q1+q2 02/q1+q2
# more: 03/q1+q2 01/q1+q2
# expect: all
# may-say: cell-adopted, cell-moved

# %% relabel q1 q9

# %% relabel q2 q1

# %% relabel q9 q2

# %% swap q1 q2
