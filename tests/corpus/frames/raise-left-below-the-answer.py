# about: 답의 끝에 raise NotImplementedError가 남은 학생.
# on: 04/q4
# more: 02/q1 03/q4 01/q6
# expect: all

# %% add {q}
    # 여기에 코드를 작성하세요.
    raise NotImplementedError
