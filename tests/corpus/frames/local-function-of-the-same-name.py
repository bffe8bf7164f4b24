# about: 다른 함수 안에 같은 이름의 함수를 둔 학생. 덮어쓰지 않았다.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all

# %% last
def experiment():
    def {name}(*args):
        return 0

    return {name}(1)


experiment()
