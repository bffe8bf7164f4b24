"""문제 5의 공개 점검: 종류, 손으로 계산한 값, 항등식 하나."""

import torch

from course.checks import close, number, test_case

OK_FORMAT = False
name = "q5"


@test_case(name="수 하나를 돌려주고, 빈 목록이면 1입니다", points=3)
def test_kind(jacobian_bound):
    number(jacobian_bound([torch.eye(2)], "tanh"), "jacobian_bound의 반환값")
    for act in ("sigmoid", "tanh", "relu"):
        close(jacobian_bound([], act), 1.0, f'jacobian_bound([], "{act}")', next_step="곱할 것이 없는 곱은 1입니다.")


@test_case(name="손으로 계산한 값과 같습니다", points=7)
def test_by_hand(jacobian_bound):
    # 대각 행렬의 스펙트럼 노름은 대각 성분의 절댓값 가운데 가장 큰 값, 여기서는 4입니다.
    W = torch.diag(torch.tensor([3.0, -4.0]))
    names = [(5.0, "프로베니우스 노름입니다. 스펙트럼 노름은 가장 큰 특잇값입니다."), (7.0, "특잇값의 합입니다. 가장 큰 것 하나만 쓰세요.")]
    names += [(3.0, "가장 작은 특잇값이나 가장 큰 고윳값을 썼습니다. 가장 큰 특잇값을 쓰세요.")]
    close(jacobian_bound([W], "relu"), 4.0, '한 행렬, "relu"', suspects=names)
    close(
        jacobian_bound([W], "sigmoid"),
        1.0,
        '한 행렬, "sigmoid"',
        suspects=[
            (4.0, "sigmoid의 도함수의 최댓값을 곱하지 않았습니다."),
            (2.0, "도함수의 최댓값이 아니라 sigmoid(0) = 1/2을 곱했습니다."),
            (1.25, "프로베니우스 노름입니다. 스펙트럼 노름은 가장 큰 특잇값입니다."),
        ],
    )
    # 고윳값은 모두 0이지만 특잇값은 (6, 0)인 행렬입니다.
    nilpotent = torch.tensor([[0.0, 6.0], [0.0, 0.0]])
    close(jacobian_bound([W, nilpotent], "tanh"), 24.0, '두 행렬, "tanh"', suspects=[(0.0, "특잇값이 아니라 고윳값을 썼습니다.")])
    close(
        jacobian_bound([W, nilpotent], "sigmoid"),
        1.5,
        '두 행렬, "sigmoid"',
        suspects=[(6.0, "1/4을 행렬마다 곱해야 하는데 한 번만 곱했습니다."), (1 / 16, "행렬의 노름을 곱하지 않았습니다.")],
    )


@test_case(name="한 행렬을 c배 하면 상한도 |c|배가 됩니다", points=4)
def test_identity(jacobian_bound):
    generator = torch.Generator().manual_seed(3)
    Ws = [torch.randn(4, 3, generator=generator), torch.randn(5, 4, generator=generator)]
    one = number(jacobian_bound(Ws, "tanh"), "상한")
    close(jacobian_bound([-3 * Ws[0], Ws[1]], "tanh"), 3 * one, "Ws[0]을 -3배 한 뒤의 상한", tolerance=1e-4)
    close(jacobian_bound([W.T for W in Ws], "tanh"), one, "전치한 행렬들의 상한", tolerance=1e-4)
