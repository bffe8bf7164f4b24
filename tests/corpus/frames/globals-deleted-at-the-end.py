# about: 끝에서 전역 이름을 모두 지운 학생.
# on: 04/q4
# more: 02/q7 03/q7 01/q1
# expect: all
# may-say: name-overwritten, name-shadowed

# %% last
for name in list(globals()):
    if not name.startswith("_"):
        del globals()[name]
