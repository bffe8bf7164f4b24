# about: 같은 이름의 메서드가 있는 클래스를 만든 학생. 덮어쓰지 않았다.
# on: 04/q4
# more: 02/q7 03/q4 01/q2
# expect: all

# %% last
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 2)

    def {name}(self, x):
        return self.layer(x)


print(Net().{name}(torch.ones(1, 2)))
