# assignment: 01-vanishing-gradients
# about: %%writefile로 도우미 모듈을 만들어 import하고, 함수 안에서도 import하는 학생.
# expect: 100
# shows: Overwriting my_helpers.py

# %% drop experiments

# %% before q6
%%writefile my_helpers.py
def slope(norms):
    raise NotImplementedError

# %% before q6
%%writefile my_helpers.py
import math

import torch


def slope(index, logs):
    centred = index - index.mean()
    return (centred * (logs - logs.mean())).sum() / (centred**2).sum()


def usable(norms):
    g = torch.as_tensor(norms).detach().to(torch.float64)
    return g, torch.isfinite(g) & (g > 0)

# %% before q6
from my_helpers import slope

print(slope(torch.arange(3.0), torch.arange(3.0)))

# %% q6
def decay_factor(norms):
    import my_helpers

    g, kept = my_helpers.usable(norms)
    if kept.sum() < 2:
        return float("nan")
    index = torch.arange(len(g), dtype=torch.float64)[kept]
    return math.exp(-slope(index, g[kept].log()).item())
