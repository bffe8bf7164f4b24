# about: 같은 이름으로 신경망의 모듈을 돌아본 학생(값을 부를 수 있음).
# on: 02/q7
# more: 03/q4 01/q2 05/q3
# expect: all
# says: name-overwritten|better-of-two
# may-say: name-overwritten, better-of-two

# %% last
net = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
for {name} in net:
    print({name})
