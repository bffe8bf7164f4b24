# about: 같은 이름에 값을 담은 뒤 아래에서 다시 정의한 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all
# may-say: name-overwritten, cell-adopted

# %% after {check}
{name} = {call}

# %% last
{answer}
