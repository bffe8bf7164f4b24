# about: 다른 이름으로 다시 쓰고 `이름 = 새 함수`로 바꾼 학생.
# on: 04/q4 02/q7
# more: 03/q4 01/q6
# expect: all
# may-say: cell-adopted, name-overwritten

# %% {q}
{wrong}

# %% after {check}
{renamed}


{each} = my_{each}
