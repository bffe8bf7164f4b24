"""문제 5의 공개 점검: 종류, 손으로 계산한 값, 두 식의 항등식."""

import math

from course.checks import close, number, require, sequence, test_case

OK_FORMAT = False
name = "q5"


def pair(heavy_ball_optimal, mu, L):
    """(lr, beta)가 수 둘인지 확인해서 돌려줍니다."""
    lr, beta = sequence(heavy_ball_optimal(mu, L), f"heavy_ball_optimal({mu:g}, {L:g})의 반환값", 2)
    return number(lr, "lr"), number(beta, "beta")


@test_case(name="수 두 개를 돌려줍니다", points=2)
def test_kind(heavy_ball_optimal):
    for mu, L in ((1.0, 10.0), (0.01, 5.0)):
        lr, beta = pair(heavy_ball_optimal, mu, L)
        require(lr > 0, "lr이 0보다 크지 않습니다.")
        require(0 <= beta < 1, "beta가 0 이상 1 미만이 아닙니다.")


@test_case(name="손으로 계산한 값과 같습니다", points=5)
def test_by_hand(heavy_ball_optimal):
    # sqrt(1) = 1, sqrt(9) = 3: lr = 4 / 16 = 1/4, beta = (2/4)^2 = 1/4.
    lr, beta = pair(heavy_ball_optimal, 1.0, 9.0)
    close(
        lr,
        0.25,
        "lr (mu = 1, L = 9)",
        suspects=[
            (0.2, "2 / (L + mu)는 모멘텀이 없을 때의 가장 좋은 학습률입니다."),
            (1.0, "분모를 제곱하지 않았습니다."),
            (0.4, "제곱근을 취하지 않고 더했습니다."),
            (0.04, "제곱근을 취하지 않았습니다."),
        ],
    )
    close(
        beta,
        0.25,
        "beta (mu = 1, L = 9)",
        suspects=[
            (0.5, "마지막에 제곱하지 않았습니다."),
            (0.64, "제곱근을 취하지 않았습니다."),
            (0.8, "제곱근도 제곱도 하지 않았습니다. (L - mu) / (L + mu)는 경사하강법의 비율입니다."),
        ],
    )
    lr, beta = pair(heavy_ball_optimal, 4.0, 4.0)
    close(lr, 0.25, "lr (mu = L = 4)", suspects=[(1.0, "mu가 1이라고 여겼습니다.")])
    close(beta, 0.0, "beta (mu = L = 4)")


@test_case(name="두 끝에서 중근이 되는 식을 만족합니다", points=3)
def test_identity(heavy_ball_optimal):
    for mu, L in ((0.5, 8.0), (2.0, 700.0)):
        lr, beta = pair(heavy_ball_optimal, mu, L)
        require(lr > 0 and beta >= 0, "lr이나 beta가 음수입니다.")
        close(math.sqrt(lr * L), 1 + math.sqrt(beta), f"sqrt(lr L) (mu = {mu:g}, L = {L:g})")
        close(math.sqrt(lr * mu), 1 - math.sqrt(beta), f"sqrt(lr mu) (mu = {mu:g}, L = {L:g})")
