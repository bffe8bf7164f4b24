# about: 함수 안에서 global로 같은 이름에 값을 담은 학생.
# on: 04/q4 02/q7
# more: 03/q4 01/q6
# expect: all
# may-say: name-overwritten

# %% last
def experiment():
    global {name}
    {name} = [1, 2, 3]


experiment()
