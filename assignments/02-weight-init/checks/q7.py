"""문제 7의 공개 점검: 종류, 손으로 센 값, 항등식 하나."""

import torch

from course.checks import CheckError, close, test_case

OK_FORMAT = False
name = "q7"


@test_case(name="정수 하나를 돌려줍니다", points=2)
def test_kind(symmetry_rank):
    value = symmetry_rank(torch.full((4, 3), 0.5))
    if isinstance(value, bool) or not isinstance(value, int):
        raise CheckError(
            f"symmetry_rank의 반환값: 정수가 아니라 {type(value).__name__}입니다.", next_step="개수이므로 int로 돌려주세요."
        )
    close(value, 1, "모든 행이 같은 (4, 3) 행렬", suspects=[(4, "같은 행을 따로 세었습니다."), (3, "열을 세었습니다.")])


@test_case(name="손으로 센 값과 같습니다", points=5)
def test_by_hand(symmetry_rank):
    W = torch.tensor([[1.0, 2.0], [3.0, 4.0], [1.0, 2.0], [2.0, 4.0], [3.0, 4.0]])
    close(
        symmetry_rank(W),
        3,
        "행이 (1,2), (3,4), (1,2), (2,4), (3,4)일 때",
        suspects=[
            (2, "선형대수의 계수(rank)이거나 열의 수입니다. 행 (2,4)는 (1,2)의 두 배이지만 다른 행입니다."),
            (5, "떨어져 있는 같은 행을 따로 세었습니다."),
            (1, "한 번만 나온 행을 세었습니다."),
        ],
    )
    close(symmetry_rank(torch.tensor([[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]])), 2, "행이 (1,1,1), (2,2,2)일 때", suspects=[(1, "행이 아니라 열을 세었습니다.")])


@test_case(name="행의 순서를 바꾸어도 같고, 반올림 오차는 새 행이 아닙니다", points=3)
def test_identity(symmetry_rank):
    W = torch.randn(6, 4, generator=torch.Generator().manual_seed(5), dtype=torch.float64)
    double = torch.cat([W, W.flip(0)])
    close(symmetry_rank(double), 6, "행 여섯 개를 두 번 담았을 때")
    close(
        symmetry_rank(torch.full((5, 3), 0.25, dtype=torch.float64) + 1e-12 * torch.arange(15.0).reshape(5, 3)),
        1,
        "차이가 1e-11보다 작은 행 다섯 개",
        suspects=[(5, "차이가 tol보다 작은 행을 다른 행으로 보았습니다.")],
        next_step="==가 아니라 차이의 절댓값이 tol 이하인지 보세요.",
    )
