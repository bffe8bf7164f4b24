"""문제 7의 공개 점검: 모양, 손으로 계산한 값, 음수와 연산의 횟수."""

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from course.checks import close, require, tensor, test_case

OK_FORMAT = False
name = "q7"


class Operations(TorchDispatchMode):
    """with 안에서 실행된 torch 연산을 셉니다."""

    seen = 0

    def __torch_dispatch__(self, operation, types, inputs=(), named=None):
        self.seen += 1
        return operation(*inputs, **(named or {}))


@test_case(name="모양은 (N, M)이고 dtype은 입력과 같습니다", points=2)
def test_shapes(pairwise_sq_dists):
    for dtype in [torch.float32, torch.float64]:
        X, Y = torch.ones(3, 4, dtype=dtype), torch.zeros(5, 4, dtype=dtype)
        tensor(pairwise_sq_dists(X, Y), "pairwise_sq_dists(X, Y)", shape=(3, 5), dtype=dtype)


@test_case(name="손으로 계산한 값과 같습니다", points=5)
def test_by_hand(pairwise_sq_dists):
    X = torch.tensor([[0.0, 0.0], [3.0, 4.0]])
    Y = torch.tensor([[3.0, 0.0], [0.0, 0.0], [3.0, 5.0]])
    kept = X.clone(), Y.clone()
    close(
        pairwise_sq_dists(X, Y),
        [[9.0, 0.0, 34.0], [16.0, 25.0, 1.0]],
        "pairwise_sq_dists(X, Y)",
        suspects=[
            ([[3.0, 0.0, 34.0**0.5], [4.0, 5.0, 1.0]], "제곱근을 취했습니다. 거리의 제곱을 돌려주세요."),
            ([[4.5, 0.0, 17.0], [8.0, 12.5, 0.5]], "좌표에 대해 더하지 않고 평균했습니다."),
            ([[3.0, 0.0, 8.0], [4.0, 7.0, 1.0]], "제곱하지 않고 절댓값을 더했습니다."),
            ([[9.0, 0.0, 34.0], [34.0, 25.0, 59.0]], "-2x·y를 빠뜨렸습니다."),
            ([[9.0, 0.0, 34.0], [25.0, 25.0, 30.0]], "x·y에 2를 곱하지 않았습니다."),
        ],
    )
    require(
        torch.equal(X, kept[0]) and torch.equal(Y, kept[1]),
        "입력으로 받은 텐서의 값이 바뀌었습니다.",
        "그 자리에서 바꾸는 연산을 썼을 수 있습니다.",
    )


@test_case(name="음수가 없고, 점이 늘어도 연산의 횟수가 늘지 않습니다", points=5)
def test_identity(pairwise_sq_dists):
    generator = torch.Generator().manual_seed(4)
    near = 300.0 * torch.randn(1, 8, generator=generator) + 1e-3 * torch.randn(30, 8, generator=generator)
    found = tensor(pairwise_sq_dists(near, near), "거리의 제곱", shape=(30, 30))
    require(
        bool((found >= 0).all()),
        "서로 가까운 점들에서 음수인 거리가 나왔습니다.",
        "큰 수끼리 빼면서 생긴 반올림 오차입니다.",
        "`clamp(min=0)`으로 올리거나, 좌표의 차를 먼저 구하세요.",
    )
    counted = []
    for n in (3, 30):
        X, Y = torch.ones(n, 2), torch.zeros(n + 1, 2)
        with Operations() as operations:
            pairwise_sq_dists(X, Y)
        counted.append(operations.seen)
    require(
        counted[1] <= 2 * counted[0] + 20,
        f"점이 열 배가 되자 연산이 {counted[0]}번에서 {counted[1]}번으로 늘었습니다.",
        "점마다 도는 반복문이 남아 있습니다.",
        "축을 끼워 넣는 브로드캐스팅이나 행렬 곱으로 바꾸어 보세요.",
    )
