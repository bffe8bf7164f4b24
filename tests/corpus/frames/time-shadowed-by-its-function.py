# about: 아래에서 from time import time으로 모듈의 이름을 덮어쓴 학생.
# on: 04/q5 03/q4
# more: 01/q1
# expect: all
# may-say: name-shadowed

# %% last
from time import time

start = time()
print(time() - start)
