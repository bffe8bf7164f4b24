"""문제 3의 공개 점검: 모양, 손으로 계산한 값, 항등식 하나."""

import math

import torch

from course.checks import close, require, sequence, tensor, test_case

OK_FORMAT = False
name = "q3"

LN3 = math.log(3)
REVERSED = "리스트의 순서가 거꾸로입니다. deltas[0]이 입력 쪽 층입니다."


def case():
    """은닉층 하나(ReLU, 유닛 3개), 표본 2개인 신경망을 돌려줍니다: (zs, hs, Ws, y)."""
    z0 = torch.tensor([[1.0, -1.0, 2.0], [-1.0, 3.0, 0.5]])
    z1 = torch.tensor([[0.0, 0.0], [0.0, LN3]])
    W0 = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    W1 = torch.tensor([[1.0, 0.0, 2.0], [3.0, -1.0, 0.0]])
    x = torch.tensor([[0.5, -0.5], [1.0, 2.0]])
    return [z0, z1], [x, z0.clamp(min=0), z1], [W0, W1], torch.tensor([0, 1])


@test_case(name="층마다 하나씩, deltas[l]의 모양이 zs[l]과 같습니다", points=5)
def test_shapes(backward):
    N, sizes = 4, [5, 2, 6, 3]
    zs = [torch.full((N, n), 0.1) for n in sizes[1:]]
    hs = [torch.ones(N, sizes[0]), *zs]
    Ws = [torch.full((out, inn), 0.2) for inn, out in zip(sizes, sizes[1:])]
    deltas = sequence(backward(zs, hs, Ws, "tanh", torch.tensor([0, 1, 2, 0])), "deltas", 3)
    if [tuple(getattr(d, "shape", ())) for d in deltas] == [(N, n) for n in reversed(sizes[1:])]:
        require(False, "deltas[0]의 모양이 마지막 층의 것입니다.", REVERSED)
    for l, n in enumerate(sizes[1:]):
        tensor(deltas[l], f"deltas[{l}]", shape=(N, n))


@test_case(name="손으로 계산한 값과 같습니다", points=10)
def test_by_hand(backward):
    zs, hs, Ws, y = case()
    deltas = sequence(backward(zs, hs, Ws, "relu", y), "deltas", 2)
    # softmax: 첫 행 (1/2, 1/2), 둘째 행 (1/4, 3/4). 정답을 빼고 N = 2로 나눕니다.
    last = torch.tensor([[-1 / 4, 1 / 4], [1 / 8, -1 / 8]])
    close(
        deltas[1],
        last,
        "deltas[1] (로짓의 기울기)",
        suspects=[
            (2 * last, "표본 수 N으로 나누지 않았습니다. 손실은 N개의 평균입니다."),
            (-last, "부호가 반대입니다. 손실 앞의 음의 부호를 확인하세요."),
            (torch.tensor([[-1 / 2, 0.0], [0.0, (LN3 - 1) / 2]]), "log Σ exp(z)를 미분한 항에 로짓이 그대로 들어갔습니다."),
            (torch.tensor([[1 / 4, 1 / 4], [1 / 8, 3 / 8]]), "정답인 로짓에서 오는 항을 빠뜨렸습니다."),
            (torch.tensor([[-1 / 4, 1 / 4], [0.18877, -0.18877]]), "softmax를 두 번 적용했습니다."),
            (torch.tensor([[-1 / 4, 1 / 8], [1 / 4, -1 / 8]]), "softmax를 표본 방향으로 구했습니다. 클래스 방향(dim=1)입니다."),
        ],
    )
    # deltas[1] @ W1 = ((1/2, -1/4, -1/2), (-1/4, 1/8, 1/4)); z0 > 0인 곳만 남깁니다.
    passed = torch.tensor([[1 / 2, -1 / 4, -1 / 2], [-1 / 4, 1 / 8, 1 / 4]])
    close(
        deltas[0],
        [[1 / 2, 0.0, -1 / 2], [0.0, 1 / 8, 1 / 4]],
        "deltas[0]",
        suspects=[
            (passed, "활성화 함수의 도함수를 곱하지 않았습니다."),
            (passed * zs[0].clamp(min=0), "도함수 act'(z) 대신 활성값 act(z)를 곱했습니다."),
        ],
    )
    # sigmoid, 표본 하나: deltas[1] = (-1/2, 1/2), W1 = (1, 3)^T, sigmoid'(ln 3) = 3/16.
    z0 = torch.tensor([[LN3]])
    small = backward(
        [z0, torch.zeros(1, 2)],
        [torch.ones(1, 1), torch.tensor([[0.75]]), torch.zeros(1, 2)],
        [torch.ones(1, 1), torch.tensor([[1.0], [3.0]])],
        "sigmoid",
        torch.tensor([0]),
    )
    close(
        sequence(small, "deltas", 2)[0],
        [[3 / 16]],
        "deltas[0] (sigmoid)",
        suspects=[
            ([[0.2178950]], "도함수를 zs[l]이 아니라 활성값 hs[l+1]에서 계산했습니다."),
            ([[1.0]], "활성화 함수의 도함수를 곱하지 않았습니다."),
        ],
    )


@test_case(name="로짓의 기울기는 행마다 합이 0이고, 입력은 그대로입니다", points=5)
def test_identity(backward):
    zs, hs, Ws, y = case()
    zs[1] = torch.tensor([[1.0, -2.0], [400.0, -400.0]])
    before = [item.clone() for item in (*zs, *hs, *Ws)]
    deltas = sequence(backward(zs, hs, Ws, "relu", y), "deltas", 2)
    last = tensor(deltas[1], "deltas[1]", shape=(2, 2))
    close(
        last.sum(1),
        torch.zeros(2),
        "deltas[1]의 행별 합",
        next_step="로짓에 모두 같은 수를 더해도 손실은 그대로이므로, 행마다 기울기의 합은 0이어야 합니다.",
    )
    for value, kept in zip((*zs, *hs, *Ws), before):
        require(torch.equal(value, kept), "입력으로 받은 텐서의 값이 바뀌었습니다.", "`p[i, y] -= 1`을 원본에 적용했을 수 있습니다.")
