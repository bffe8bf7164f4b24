# about: 같은 이름에 텐서를 담고 다시 표를 담은 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all
# says: name-overwritten
# message: name-overwritten: {name}

# %% after {check}
{name} = torch.ones(3)

# %% last
{name} = {"값": [1.0, 0.5], "이름": "{name}"}
