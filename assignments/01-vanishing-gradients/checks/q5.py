"""문제 5의 공개 점검: 종류, 손으로 계산한 값, 항등식 하나."""

import torch

from course.checks import close, number, test_case

OK_FORMAT = False
name = "q5"


@test_case(name="수 하나를 돌려주고, 빈 리스트이면 1입니다", points=2)
def test_kind(jacobian_bound):
    number(jacobian_bound([torch.eye(2)], "tanh"), "jacobian_bound의 반환값")
    for act in ("sigmoid", "tanh", "relu"):
        close(jacobian_bound([], act), 1.0, f'jacobian_bound([], "{act}")', next_step="곱할 것이 없는 곱은 1입니다.")


@test_case(name="손으로 계산한 값과 같습니다", points=5)
def test_by_hand(jacobian_bound):
    # 대각 행렬의 스펙트럼 노름은 대각 성분의 절댓값 가운데 가장 큰 값, 여기서는 4입니다.
    W = torch.diag(torch.tensor([3.0, -4.0]))
    names = [(5.0, "프로베니우스 노름입니다. 상한이기는 하지만 가장 작지는 않습니다."), (7.0, "특잇값의 합입니다. 상한이기는 하지만 가장 작지는 않습니다.")]
    names += [(3.0, "이보다 더 늘어나는 방향이 있습니다. 음수인 대각 성분이 있는 방향도 보세요.")]
    close(jacobian_bound([W], "relu"), 4.0, '한 행렬, "relu"', suspects=names)
    close(
        jacobian_bound([W], "sigmoid"),
        1.0,
        '한 행렬, "sigmoid"',
        suspects=[
            (4.0, "sigmoid의 도함수의 최댓값을 곱하지 않았습니다."),
            (2.0, "도함수의 최댓값이 아니라 sigmoid(0) = 1/2을 곱했습니다."),
            (1.25, "프로베니우스 노름입니다. 상한이기는 하지만 가장 작지는 않습니다."),
        ],
    )
    # 고윳값은 모두 0이지만 특잇값은 (6, 0)인 행렬입니다.
    nilpotent = torch.tensor([[0.0, 6.0], [0.0, 0.0]])
    close(jacobian_bound([W, nilpotent], "tanh"), 24.0, '두 행렬, "tanh"', suspects=[(0.0, "고윳값을 썼습니다. 고윳값이 0이어도 늘어나는 방향이 있습니다.")])
    close(
        jacobian_bound([W, nilpotent], "sigmoid"),
        1.5,
        '두 행렬, "sigmoid"',
        suspects=[(6.0, "1/4을 행렬마다 곱해야 하는데 한 번만 곱했습니다."), (1 / 16, "행렬의 노름을 곱하지 않았습니다.")],
    )


@test_case(name="한 행렬을 c배 하면 상한도 |c|배가 됩니다", points=3)
def test_identity(jacobian_bound):
    generator = torch.Generator().manual_seed(3)
    Ws = [torch.randn(4, 3, generator=generator), torch.randn(5, 4, generator=generator)]
    one = number(jacobian_bound(Ws, "tanh"), "상한")
    close(jacobian_bound([-3 * Ws[0], Ws[1]], "tanh"), 3 * one, "Ws[0]을 -3배 한 뒤의 상한", tolerance=1e-4)
    close(jacobian_bound([W.T for W in Ws], "tanh"), one, "전치한 행렬들의 상한", tolerance=1e-4)
