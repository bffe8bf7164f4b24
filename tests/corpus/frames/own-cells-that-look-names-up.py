# about: 시간을 재고 exec과 try로 이름을 찾아본 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all

# %% after {check}
%timeit -n 1 -r 1 {call}

# %% after {check}
exec("print({name})")

# %% after {check}
try:
    UNKNOWN
except NameError:
    UNKNOWN = 3
print(eval("{name}"), vars().get("{name}"), globals()["{name}"])
