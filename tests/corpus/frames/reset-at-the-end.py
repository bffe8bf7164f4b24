# about: 끝에 %reset -f를 쓴 학생.
# on: 04/q4 02/q7
# more: 03/q7 01/q1
# expect: all
# may-say: name-overwritten, name-shadowed

# %% last
%reset -f
