# about: 같은 이름을 리스트 안의 변수로만 쓴 학생. 덮어쓰지 않았다.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all

# %% last
print([{name} for {name} in range(3)])


def local():
    {name} = 3
    return {name}


local()
