# about: 실험이 끝난 뒤 쓰던 변수와 함수를 지운 학생.
# on: 04/q1+q4 02/q1+q7
# more: 01/q1+q5
# expect: all
# may-say: name-overwritten

# %% after {check}
temporary = {call}
del temporary, {name}
