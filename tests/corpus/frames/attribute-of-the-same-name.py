# about: 같은 이름의 속성과 열쇠만 만든 학생. 덮어쓰지 않았다.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all

# %% last
class Result:
    {name} = 5


result = Result()
result.{name} = 6
table = {"{name}": 7}
dict({name}=8)
