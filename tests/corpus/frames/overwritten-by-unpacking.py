# about: 같은 이름을 여러 값을 나누어 담는 데 쓴 학생.
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all
# says: name-overwritten
# message: name-overwritten: {name}

# %% last
values, {name} = torch.sort(torch.tensor([3.0, 1.0, 2.0]))
