# about: 같은 이름으로 함수의 목록을 돌아본 학생(값을 부를 수 있음).
# on: 04/q4
# more: 02/q7 03/q4 01/q6
# expect: all
# says: name-overwritten|better-of-two
# may-say: name-overwritten, better-of-two

# %% last
for {name} in [torch.relu, torch.tanh, torch.sigmoid]:
    print({name})
