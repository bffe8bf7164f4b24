# about: 답을 다 쓰고 저장한 도구: VS Code.
# on: 04/q4 03/q7
# more: 01/q1+q2
# expect: all

# %% as vscode
