# about: 도함수를 자동 미분으로 구한다
# question: q1

# %% q1
from typing import Callable

from torch import Tensor

ACTIVATION_FUNCTIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
}


def act_and_grad(name: str, z: Tensor) -> tuple[Tensor, Tensor]:
    if name not in ACTIVATION_FUNCTIONS:
        raise ValueError(f"{name}은(는) 없는 활성화 함수입니다.")
    leaf = z.detach().clone().requires_grad_(True)
    with torch.enable_grad():
        a = ACTIVATION_FUNCTIONS[name](leaf)
        a.sum().backward()
    return a.detach(), leaf.grad
