"""문제 2의 공개 점검: 모양, 손으로 계산한 값, 항등식 하나."""

import torch

from course.checks import close, require, sequence, tensor, test_case

OK_FORMAT = False
name = "q2"


def run(forward, x, Ws, bs, act):
    """반환값의 종류와 길이를 확인해서 (zs, hs)로 돌려줍니다."""
    L = len(Ws)
    zs, hs = sequence(forward(x, Ws, bs, act), "forward의 반환값 (zs, hs)", 2)
    swapped = "zs와 hs의 순서가 바뀌었을 수 있습니다." if hasattr(zs, "__len__") and len(zs) == L + 1 else ""
    zs = sequence(zs, "zs", L, suspect=swapped or "층마다 하나씩, 마지막 층(로짓)까지 담았는지 확인하세요.")
    hs = sequence(hs, "hs", L + 1, suspect="hs[0] = x와 마지막 로짓까지 담았는지 확인하세요.")
    return zs, hs


@test_case(name="zs는 L개, hs는 L+1개이고 모양이 표와 같습니다", points=3)
def test_shapes(forward):
    sizes, N = [4, 3, 5, 2], 6
    Ws = [torch.full((out, inn), 0.1) for inn, out in zip(sizes, sizes[1:])]
    bs = [torch.zeros(out) for out in sizes[1:]]
    zs, hs = run(forward, torch.ones(N, 4), Ws, bs, "tanh")
    for l, width in enumerate(sizes[1:]):
        tensor(zs[l], f"zs[{l}]", shape=(N, width))
    for l, width in enumerate(sizes):
        tensor(hs[l], f"hs[{l}]", shape=(N, width))


@test_case(name="손으로 계산한 두 층의 값과 같습니다", points=5)
def test_by_hand(forward):
    x = torch.tensor([[1.0, 2.0]])
    Ws = [torch.tensor([[1.0, 2.0], [0.0, -1.0]]), torch.tensor([[1.0, 1.0], [-2.0, 3.0]])]
    bs = [torch.tensor([1.0, 1.0]), torch.tensor([0.0, -1.0])]
    zs, hs = run(forward, x, Ws, bs, "relu")
    close(hs[0], x, "hs[0]", next_step="hs[0]은 입력 x 그대로입니다.")
    # z0 = (1*1 + 2*2 + 1, 0*1 - 1*2 + 1) = (6, -1)
    close(
        zs[0],
        [[6.0, -1.0]],
        "zs[0]",
        suspects=[
            ([[2.0, 1.0]], "W를 전치하지 않고 곱했습니다. z = h W^T + b입니다."),
            ([[5.0, -2.0]], "편향 b를 더하지 않았습니다."),
            ([[6.0, 0.0]], "활성화 함수를 적용한 값을 zs에 담았습니다. 그 값은 hs[1]입니다."),
        ],
    )
    close(hs[1], [[6.0, 0.0]], "hs[1]", suspects=[([[6.0, -1.0]], "활성화 함수를 적용하지 않았습니다.")])
    # z1 = (6 + 0, -12 + 0 - 1) = (6, -13), 로짓에는 활성화 함수가 없습니다.
    close(zs[1], [[6.0, -13.0]], "zs[1]", suspects=[([[5.0, -16.0]], "hs[1] 대신 zs[0]을 다음 층에 넣었습니다.")])
    close(
        hs[2],
        [[6.0, -13.0]],
        "hs[2] (로짓)",
        suspects=[
            ([[6.0, 0.0]], "마지막 층에도 활성화 함수를 적용했습니다. 로짓은 그대로 둡니다."),
            ([[1.0, 0.0]], "softmax를 적용했습니다. softmax는 손실의 몫입니다."),
        ],
    )


@test_case(name="층이 하나면 일차 함수이고, 입력은 그대로입니다", points=2)
def test_identity(forward):
    W, b = torch.tensor([[2.0, -1.0, 0.5]]), torch.tensor([3.0])
    x = torch.tensor([[1.0, 1.0, 2.0], [0.0, 4.0, -2.0]])
    kept = [item.clone() for item in (x, W, b)]
    one, _ = run(forward, x, [W], [b], "sigmoid")
    two, _ = run(forward, 2 * x, [W], [b], "sigmoid")
    close(two[0] - b, 2 * (one[0] - b), "x를 두 배로 했을 때의 z - b", next_step="층이 하나면 활성화 함수는 쓰이지 않습니다.")
    for what, value, before in zip(("x", "Ws[0]", "bs[0]"), (x, W, b), kept):
        require(torch.equal(value, before), f"입력 {what}의 값이 바뀌었습니다.", "`h += b` 같은 연산은 원본을 바꿀 수 있습니다.")
