# about: 사본마다 함수 하나만 쓰고 나머지는 받은 그대로 둔 학생.
# on: 04/q2 03/q7
# more: 04/q4 04/q6
# expect: all
# may-say: cell-duplicated

# %% {q}
{first}


{rest_stub}

# %% copy-below {q}
{first_stub}


{rest}
