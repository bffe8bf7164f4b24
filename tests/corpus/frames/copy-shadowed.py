# about: copy라는 이름을 값에 쓴 학생.
# on: 02/q1 01/q4
# more: 05/q2 05/q3
# expect: all
# may-say: name-shadowed, better-of-two

# %% last
copy = [1, 2, 3]
