"""문제 1의 공개 점검: 모양, 손으로 계산한 값, 항등식 하나."""

import math

import torch

from course.checks import CheckError, close, require, sequence, tensor, test_case

OK_FORMAT = False
name = "q1"

NAMES = ("sigmoid", "tanh", "relu")


def both(act_and_grad, kind, z):
    """두 값을 모양과 dtype까지 확인해서 돌려줍니다."""
    before = z.clone()
    a, da = sequence(act_and_grad(kind, z), f'act_and_grad("{kind}", z)의 반환값', 2)
    a = tensor(a, f"{kind}의 a", shape=z.shape, dtype=z.dtype)
    da = tensor(da, f"{kind}의 da", shape=z.shape, dtype=z.dtype)
    require(torch.equal(z, before), f"{kind}: 입력 z의 값이 바뀌었습니다.", "그 자리에서 바꾸는 연산을 썼을 수 있습니다.")
    return a, da


@test_case(name="모양과 dtype이 입력과 같습니다", points=2)
def test_shapes(act_and_grad):
    for kind in NAMES:
        for shape in ((), (3,), (2, 3, 4)):
            both(act_and_grad, kind, torch.full(shape, 0.5))
            both(act_and_grad, kind, torch.full(shape, 0.5, dtype=torch.float64))


@test_case(name="손으로 계산한 값과 같습니다", points=5)
def test_by_hand(act_and_grad):
    # sigmoid: e^(ln 3) = 3, 그래서 a = 3/(3+1) = 3/4, da = 3/4 * 1/4 = 3/16.
    a, da = both(act_and_grad, "sigmoid", torch.tensor([0.0, math.log(3)]))
    close(a, [1 / 2, 3 / 4], "sigmoid의 a (z = 0, ln 3)")
    close(
        da,
        [1 / 4, 3 / 16],
        "sigmoid의 da (z = 0, ln 3)",
        suspects=[
            ([0.2350037, 0.2178950], "도함수를 z가 아니라 a에서 계산했습니다. a(1-a)는 이미 z에서의 도함수입니다."),
            ([-1 / 4, -3 / 16], "부호가 반대입니다."),
            ([3 / 4, 7 / 16], "1 - a*a는 tanh의 도함수입니다."),
        ],
    )
    # tanh: e^(2 ln 2) = 4, 그래서 a = (4-1)/(4+1) = 3/5, da = 1 - 9/25 = 16/25.
    a, da = both(act_and_grad, "tanh", torch.tensor([0.0, math.log(2)]))
    close(a, [0, 3 / 5], "tanh의 a (z = 0, ln 2)", suspects=[([1 / 2, 4 / 5], "2z 대신 z에 sigmoid를 적용했습니다.")])
    close(
        da,
        [1, 16 / 25],
        "tanh의 da (z = 0, ln 2)",
        suspects=[
            ([1, 0.7115778], "도함수를 z가 아니라 a에서 계산했습니다."),
            ([1, 2 / 5], "1 - a가 아니라 1 - a*a입니다."),
            ([0, 6 / 25], "a(1-a)는 sigmoid의 도함수입니다."),
        ],
    )
    a, da = both(act_and_grad, "relu", torch.tensor([-1.0, 0.0, 2.0]))
    close(a, [0, 0, 2], "relu의 a (z = -1, 0, 2)")
    close(da, [0, 0, 1], "relu의 da (z = -1, 0, 2)", suspects=[([0, 1, 1], "이 과제에서는 z = 0에서 도함수를 0으로 정합니다.")])


@test_case(name="sigmoid(-z) = 1 - sigmoid(z)이고, 아주 큰 z에서도 유한합니다", points=3)
def test_identity(act_and_grad):
    z = torch.tensor([-1000.0, -3.0, -0.5, 0.5, 3.0, 1000.0])
    for kind in NAMES:
        a, da = both(act_and_grad, kind, z)
        for what, value in (("a", a), ("da", da)):
            require(
                bool(torch.isfinite(value).all()),
                f"{kind}의 {what}에 nan 또는 inf가 있습니다(|z| = 1000).",
                "exp(1000)은 float32의 범위를 넘습니다.",
                "torch의 안정된 함수를 쓰거나, z의 부호에 따라 식을 나누어 보세요.",
            )
    plus, minus = both(act_and_grad, "sigmoid", z), both(act_and_grad, "sigmoid", -z)
    close(minus[0] + plus[0], torch.ones(6), "sigmoid(-z) + sigmoid(z)")
    close(minus[1], plus[1], "sigmoid의 da(-z)와 da(z)")
    try:
        act_and_grad("softplus", z)
    except ValueError:
        return
    raise CheckError(
        '모르는 이름 "softplus"를 넣어도 ValueError가 발생하지 않습니다.',
        "마지막 else가 없거나, 모르는 이름을 다른 함수로 처리했습니다.",
        "세 이름이 모두 아니면 `raise ValueError(...)`로 알려 주세요.",
    )
