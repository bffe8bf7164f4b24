# about: torch.func.functional_call로 파라미터를 따로 넘기고 delta는 가중치의 기울기에서 얻지 않고 편향의 확장으로 구한다
# question: q4

# %% q4
from copy import deepcopy

from torch.func import functional_call


class Expanded(nn.Module):
    """nn.Linear와 같지만 편향을 배치의 행마다 따로 가진다."""

    def __init__(self, linear, rows):
        super().__init__()
        self.weight = nn.Parameter(linear.weight.detach().clone())
        bias = torch.zeros(linear.out_features, dtype=linear.weight.dtype) if linear.bias is None else linear.bias
        self.row_bias = nn.Parameter(bias.detach().expand(rows, -1).clone())

    def forward(self, h):
        return h @ self.weight.T + self.row_bias


def swap(module, rows):
    for name, child in module.named_children():
        if isinstance(child, nn.Linear):
            setattr(module, name, Expanded(child, rows))
        else:
            swap(child, rows)


def grad_norms(model, x, y):
    net = deepcopy(model)
    swap(net, x.shape[0])
    names = [n for n, m in net.named_modules() if isinstance(m, Expanded)]
    values = {k: v.detach().clone().requires_grad_() for k, v in net.named_parameters()}
    loss = nn.functional.cross_entropy(functional_call(net, values, (x,)), y)
    wanted = [values[f"{n}.row_bias"] for n in names] + [values[f"{n}.weight"] for n in names]
    norms = torch.stack([g.norm() for g in torch.autograd.grad(loss, wanted)])
    return {"delta": norms[: len(names)], "weight": norms[len(names) :]}
