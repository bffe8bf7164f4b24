# about: 답 위에 %%time을 쓴 학생.
# on: 04/q4
# more: 02/q7 03/q7 01/q1
# expect: all

# %% add-above {q}
%%time
