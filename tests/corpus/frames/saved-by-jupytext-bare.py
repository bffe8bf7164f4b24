# about: 답을 다 쓰고 저장한 도구: jupytext(표시를 버림).
# on: 04/q4 03/q7
# more: 01/q1+q2
# expect: all
# says: metadata-lost

# %% as jupytext-bare
