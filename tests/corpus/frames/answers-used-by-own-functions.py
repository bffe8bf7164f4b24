# about: 답을 다시 부르는 제 함수와 클래스를 아래에 쓴 학생. 덮어쓰지 않았다.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all

# %% after {check}
def twice(function={name}):
    return function, {name}


class Runner:
    run = staticmethod({name})


table = {"{name}": {name}}
twice()
