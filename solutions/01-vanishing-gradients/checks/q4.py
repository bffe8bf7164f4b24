"""문제 4의 공개 점검: 모양, 손으로 계산한 값, 항등식 하나, 모델의 상태."""

import math

import torch
from torch import nn

from course.checks import CheckError, close, require, tensor, test_case

OK_FORMAT = False
name = "q4"


def norms(grad_norms, model, x, y, L):
    """딕셔너리의 키와 두 텐서의 모양을 확인해서 (delta, weight)로 돌려줍니다."""
    result = grad_norms(model, x, y)
    if not isinstance(result, dict) or set(result) != {"delta", "weight"}:
        got = sorted(map(str, result)) if isinstance(result, dict) else type(result).__name__
        raise CheckError(f'반환값은 키가 "delta"와 "weight"인 딕셔너리여야 하는데 {got}입니다.')
    return tuple(tensor(result[key], f'"{key}"', shape=(L,)) for key in ("delta", "weight"))


def two_layers():
    """편향이 양수인 Linear(3, 4) - ReLU - Linear(4, 2)입니다."""
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    with torch.no_grad():
        model[0].weight.fill_(0.25)
        model[0].bias.fill_(1.0)
        model[2].weight.copy_(torch.tensor([[1.0, 2.0, 0.0, 0.0], [0.0, 0.0, 1.0, -2.0]]))
    return model


@test_case(name="Linear 층마다 하나씩 두 가지 노름을 돌려줍니다", points=4)
def test_shapes(grad_norms):
    norms(grad_norms, two_layers(), torch.ones(5, 3), torch.zeros(5, dtype=torch.long), 2)
    deep = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Sequential(nn.Linear(4, 4), nn.Tanh()), nn.Linear(4, 2))
    norms(grad_norms, deep, torch.ones(5, 3), torch.zeros(5, dtype=torch.long), 3)


@test_case(name="손으로 계산한 값과 같습니다", points=5)
def test_by_hand(grad_norms):
    # 두 로짓이 같으므로 softmax = (1/2, 1/2). 표본이 둘이므로 행마다 delta = (-1/4, 1/4), 전체 노름은 1/2.
    # 가중치의 기울기는 delta^T x = (-1/2, 1/2)^T (3, 4), 노름은 5 / sqrt(2).
    model = nn.Linear(2, 2)
    with torch.no_grad():
        model.weight.fill_(1.0)
        model.bias.zero_()
    x, y = torch.tensor([[3.0, 4.0], [3.0, 4.0]]), torch.tensor([0, 0])
    delta, weight = norms(grad_norms, model, x, y, 1)
    close(
        delta[0],
        0.5,
        '"delta"의 값',
        suspects=[
            (1.0, "손실을 평균이 아니라 합으로 계산했습니다."),
            (math.sqrt(0.5), "표본마다의 노름을 더했거나 합으로 계산한 손실을 썼습니다."),
            (math.sqrt(0.125), "표본마다의 노름을 평균했습니다. 배치 전체의 노름 하나를 구하세요."),
            (0.25, "노름의 제곱을 돌려주었습니다. 제곱근을 취하세요."),
            (0.0, "기울기가 흐르지 않았습니다. detach나 no_grad를 확인하세요."),
        ],
    )
    close(
        weight[0],
        5 / math.sqrt(2),
        '"weight"의 값',
        suspects=[
            (2.0, "가중치의 기울기가 아니라 가중치 자체의 노름입니다."),
            (10 / math.sqrt(2), "손실을 합으로 계산했거나 기울기가 두 번 쌓였습니다."),
            (12.5, "노름의 제곱을 돌려주었습니다. 제곱근을 취하세요."),
        ],
    )


@test_case(name="x = 0이면 첫 층의 가중치 기울기만 0입니다", points=3)
def test_identity(grad_norms):
    delta, weight = norms(grad_norms, two_layers(), torch.zeros(2, 3), torch.tensor([0, 1]), 2)
    close(weight[0], 0.0, 'x = 0일 때 "weight"[0]', suspects=[(weight[1], "층의 순서가 뒤섞였습니다.")])
    require(
        bool(weight[1] > 0) and bool(delta[0] > 0),
        'x = 0이어도 "delta"와 둘째 층의 "weight"는 0이 아니어야 합니다.',
        "층의 순서가 거꾸로이거나 편향을 지나는 기울기를 빠뜨렸습니다.",
    )


@test_case(name="모델의 상태가 그대로이고, 다시 불러도 같은 값입니다", points=4)
def test_untouched(grad_norms):
    model, x, y = two_layers(), torch.ones(4, 3), torch.tensor([0, 1, 1, 0])
    model.train()
    before = {key: value.clone() for key, value in model.state_dict().items()}
    first = norms(grad_norms, model, x, y, 2)
    require(
        all(p.grad is None for p in model.parameters()),
        "호출한 뒤 파라미터의 .grad가 None이 아닙니다.",
        "loss.backward()는 .grad에 기울기를 쌓습니다.",
        "`torch.autograd.grad`를 쓰거나, 모델의 복사본(copy.deepcopy)에서 계산해 보세요.",
    )
    require(
        all(torch.equal(value, before[key]) for key, value in model.state_dict().items()),
        "호출한 뒤 파라미터의 값이 바뀌었습니다.",
        "옵티마이저의 step()을 불렀을 수 있습니다.",
    )
    require(model.training, "호출한 뒤 모델이 eval 상태로 바뀌었습니다.")
    require(
        not any(m._forward_hooks or m._backward_hooks for m in model.modules()),
        "호출한 뒤에도 훅(hook)이 남아 있습니다.",
        next_step="`handle.remove()`로 떼어 내거나 복사본에 훅을 다세요.",
    )
    second = norms(grad_norms, model, x, y, 2)
    close(second[1], first[1], '두 번째 호출의 "weight"', suspects=[(2 * first[1], "기울기가 지난 호출에서 쌓였습니다.")])
