# assignment: 04-gpu-speedup
# about: 답을 torch.compile로 꾸미고, 선택지를 준 데코레이터와 모델의 compile()도 쓰는 학생.
# expect: 100
# shows: torch.compile은 함수와 모델을 바꾸지 않고

# %% drop experiments

# %% after q7
pairwise_sq_dists = torch.compile(pairwise_sq_dists)

# %% after q8-check
from torch import nn


@torch.compile(mode="max-autotune", fullgraph=True, dynamic=True)
def double(x):
    return 2 * x


model = torch.compile(nn.Linear(2, 2))
model(double(torch.ones(1, 2)))
torch.save(model._orig_mod.state_dict(), "model.pt")
other = nn.Linear(2, 2)
other.load_state_dict(torch.load("model.pt"))
other.compile()
assert torch.equal(other(torch.ones(1, 2)), model(torch.ones(1, 2)))
