"""문제 10의 공개 점검: 꼴, 손으로 계산한 두 단계. Adam의 계산은 점검이 하므로 문제 4의 답과 상관없습니다."""

import math

from course.checks import CheckError, close, number, require, sequence, test_case

OK_FORMAT = False
name = "q10"


def values(answer, what):
    """{"lr", "betas", "eps"}인지 확인하고 수 (lr, beta1, beta2, eps)를 돌려줍니다."""
    if not isinstance(answer, dict) or set(answer) != {"lr", "betas", "eps"}:
        raise CheckError(f'{what}: {{"lr": ..., "betas": ..., "eps": ...}} 꼴의 딕셔너리가 아닙니다.')
    one, two = (number(beta, f'{what}["betas"]') for beta in sequence(answer["betas"], f'{what}["betas"]', 2))
    require(0 <= one < 1 and 0 <= two < 1, f"{what}: betas가 0 이상 1 미만이 아닙니다.")
    lr, eps = number(answer["lr"], f'{what}["lr"]'), number(answer["eps"], f'{what}["eps"]')
    require(math.isfinite(lr) and 0 <= eps < math.inf, f"{what}: lr이나 eps가 유한하지 않거나 eps가 음수입니다.")
    return lr, one, two, eps


def moves(ask, gs):
    """단계 t에 ask(t)의 하이퍼파라미터를 쓰는 Adam이 단계마다 움직인 거리."""
    m = v = 0.0
    found = []
    for t, g in enumerate(gs, 1):
        lr, one, two, eps = values(ask(t), f"t = {t}일 때의 반환값")
        m, v = one * m + (1 - one) * g, two * v + (1 - two) * g * g
        root = math.sqrt(v / (1 - two**t)) + eps
        require(root > 0, "Adam이 0으로 나눕니다.")
        found.append(lr * (m / (1 - one**t)) / root)
    return found


@test_case(name="as_momentum: 손으로 계산한 두 단계와 같습니다", points=9)
def test_momentum(as_momentum):
    # g = 1, 2, beta = 0.5: 속도 v = 1, 0.5 + 2 = 2.5. lr = 0.1이면 0.1, 0.25.
    first, second = moves(lambda t: as_momentum(t, 0.1, 0.5), [1.0, 2.0])
    close(
        first,
        0.1,
        "g = 1인 첫 단계에 움직인 거리 (lr = 0.1, beta = 0.5)",
        suspects=[
            (0.05, "sqrt(v)로 나누는 일이 남아 있거나, 1 - beta를 두 번 곱했습니다."),
            (0.2, "첫 단계에 편향 보정이 m을 두 배로 키운 것을 되돌리지 않았습니다."),
            (0.0, "eps로 나눈 만큼 lr을 키우지 않았습니다."),
        ],
        tolerance=1e-2,
    )
    close(
        second,
        0.25,
        "g = 2인 둘째 단계에 움직인 거리",
        suspects=[
            (0.1 * 2.5 / 1.5, "편향 보정을 첫 단계에서만 되돌렸습니다. 되돌릴 배수는 t에 따라 다릅니다."),
            (0.2, "지난 기울기가 남아 있지 않습니다. betas의 첫째를 확인하세요."),
        ],
        next_step="쌓는 속도와 이동 평균의 배수, 편향 보정의 배수를 t마다 적어 보세요.",
        tolerance=1e-2,
    )


@test_case(name="as_rmsprop: 손으로 계산한 두 단계와 같습니다", points=6)
def test_rmsprop(as_rmsprop):
    # alpha = 0.75, g = 4: v = 4, sqrt = 2, eps = 2: 4 / 4 = 1. g = 4: v = 3 + 4 = 7, sqrt(7) + 2.
    first, second = moves(lambda t: as_rmsprop(t, 0.1, 0.75, 2.0), [4.0, 4.0])
    close(
        first,
        0.1,
        "g = 4인 첫 단계에 움직인 거리 (lr = 0.1, alpha = 0.75, eps = 2)",
        suspects=[
            (0.4 / 6, "편향 보정을 되돌리지 않았습니다. 나누는 수가 sqrt(1 - alpha)로 나뉘어 있습니다."),
            (0.8 / 6, "lr만 바꾸었습니다. 같은 수를 eps에도 해 주어야 합니다."),
        ],
    )
    close(second, 0.4 / (math.sqrt(7) + 2), "다시 g = 4인 둘째 단계에 움직인 거리")
