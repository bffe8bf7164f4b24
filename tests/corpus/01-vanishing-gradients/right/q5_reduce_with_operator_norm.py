# about: functools.reduce와 torch.linalg.norm(ord=2)를 쓰고 0차원 텐서를 돌려준다
# question: q5

# %% q5
from functools import reduce


def jacobian_bound(Ws, act):
    top_slope = torch.tensor({"sigmoid": 0.25}.get(act, 1.0), dtype=torch.float64)
    one = torch.ones((), dtype=torch.float64)
    return reduce(lambda product, W: product * top_slope * torch.linalg.norm(W.double(), ord=2), Ws, one)
