# about: 풀이 셀에 람다로 답을 쓴 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all

# %% {q}
{renamed}


{each} = lambda *args, **kwargs: my_{each}(*args, **kwargs)
