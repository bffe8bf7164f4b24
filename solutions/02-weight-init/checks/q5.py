"""문제 5의 공개 점검: 종류, 손으로 계산한 값, 항등식 하나."""

import math

import torch

from course.checks import close, require, tensor, test_case

OK_FORMAT = False
name = "q5"

W0 = torch.tensor([[1.0, 0.0], [0.0, 2.0]])
W1 = torch.tensor([[1.0, -1.0]])
X = torch.tensor([[1.0, 1.0], [-1.0, 3.0]])


def either(value, total, count, what, suspects):
    """제곱합이 total이고 수가 count개인 표준편차와 같은지 봅니다. count로 나누어도, count - 1로 나누어도 됩니다."""
    choices = (math.sqrt(total / count), math.sqrt(total / (count - 1)))
    nearest = min(choices, key=lambda choice: abs(choice - float(value)))
    close(value, nearest, what, suspects=suspects)


@test_case(name="층마다 하나씩, 모양이 (L,)인 텐서를 돌려줍니다", points=3)
def test_kind(propagate):
    for act in ("linear", "relu", "tanh", "silu"):
        Ws = [torch.ones(5, 3) / 3, torch.ones(2, 5) / 5, torch.ones(4, 2) / 2]
        x = torch.arange(12.0).reshape(4, 3)
        tensor(propagate(Ws, x, act), f'propagate(Ws, x, "{act}")', shape=(3,))
        tensor(propagate(Ws[:1], x, act), "층이 하나일 때의 반환값", shape=(1,))


@test_case(name="손으로 계산한 값과 같습니다", points=5)
def test_by_hand(propagate):
    # z0 = [[1, 2], [-1, 6]]: 평균 2, 편차 (-1, 0, -3, 4), 제곱합 26, 원소 4개.
    found = tensor(propagate([W0, W1], X, "relu"), "propagate의 반환값", shape=(2,))
    axis = "모든 원소가 아니라 한 축(dim)으로만 표준편차를 구해 평균했습니다."
    either(
        found[0],
        26,
        4,
        "0번 층의 값",
        [
            (6.5, "분산입니다. 제곱근을 취하세요."),
            (26 / 3, "분산입니다. 제곱근을 취하세요."),
            (math.sqrt(42 / 4), "제곱 평균의 제곱근입니다. 표준편차는 평균을 뺀 뒤에 구합니다."),
            (1.5, axis),
            (1.5 * math.sqrt(2), axis),
            (2.0, axis),
            (2 * math.sqrt(2), axis),
            (math.sqrt(20.75 / 4), "활성화 함수를 적용한 뒤에 쟀습니다. z를 재세요."),
            (math.sqrt(20.75 / 3), "활성화 함수를 적용한 뒤에 쟀습니다. z를 재세요."),
            (math.sqrt(2.75 / 4), "신호가 아니라 가중치의 표준편차입니다."),
            (math.sqrt(2.75 / 3), "신호가 아니라 가중치의 표준편차입니다."),
        ],
    )
    # ReLU를 지나면 h1 = [[1, 2], [0, 6]], z1 = (-1, -6): 제곱합 12.5, 원소 2개.
    either(
        found[1],
        12.5,
        2,
        "1번 층의 값",
        [(3.0, "층 사이에 ReLU를 적용하지 않았습니다."), (3 * math.sqrt(2), "층 사이에 ReLU를 적용하지 않았습니다.")],
    )


@test_case(name="x를 c배 하면 ReLU에서는 모든 값이 c배가 되고, 입력은 그대로입니다", points=4)
def test_identity(propagate):
    kept, Ws = [t.clone() for t in (W0, W1, X)], [W0, W1]
    once = tensor(propagate(Ws, X, "relu"), "propagate의 반환값", shape=(2,))
    require(
        len(Ws) == 2,
        f"부른 뒤에 Ws에 텐서가 {len(Ws)}개 남았습니다.",
        "받은 리스트에서 꺼냈습니다(pop 등). 부른 쪽의 리스트도 비워집니다.",
        "`for W in Ws:`처럼 읽기만 하세요.",
    )
    close(propagate([W0, W1], 10 * X, "relu"), 10 * once, "x를 10배 했을 때의 값")
    for value, before in zip((W0, W1, X), kept):
        require(torch.equal(value, before), "입력으로 받은 텐서의 값이 바뀌었습니다.", "제자리 연산(relu_ 등)을 썼을 수 있습니다.")
