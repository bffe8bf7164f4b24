# about: 답을 다 쓰고 저장한 도구: Windows의 줄 끝.
# on: 04/q4
# more: 03/q7 01/q1+q2
# expect: all

# %% as windows
