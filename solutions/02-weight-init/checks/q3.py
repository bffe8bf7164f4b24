"""문제 3의 공개 점검: 종류, 표준편차, mode와 난수."""

import math

import torch

from course.checks import CheckError, close, require, tensor, test_case

OK_FORMAT = False
name = "q3"


def filled(kaiming_, shape, mode="fan_in", seed=0, dtype=torch.float32, **slope):
    """새 텐서를 kaiming_로 채워 돌려줍니다."""
    w = torch.full(shape, 9.0, dtype=dtype)
    value = kaiming_(w, mode, torch.Generator().manual_seed(seed), **slope)
    return tensor(value, "kaiming_의 반환값", shape=shape, dtype=dtype)


@test_case(name="w와 모양, dtype이 같은 텐서를 돌려줍니다", points=2)
def test_kind(kaiming_):
    for mode in ["fan_in", "fan_out"]:
        filled(kaiming_, (4, 6), mode)
        w = filled(kaiming_, (4, 3, 2, 5), mode, dtype=torch.float64)
        require(not bool((w == 9.0).all()), "돌려준 w의 값이 처음과 같습니다.", "복사본을 초기화했을 수 있습니다.")


@test_case(name="n_in = 200이면 표준편차가 1/10입니다", points=4)
def test_by_hand(kaiming_):
    # 2 / 200 = 1 / 100이므로 표준편차는 1/10입니다.
    w = filled(kaiming_, (800, 200)).double()
    close(
        w.std() * 10,
        1.0,
        "표준편차 × 10",
        tolerance=0.01,
        suspects=[
            (math.sqrt(1 / 2), "√2가 빠졌습니다. ReLU가 지우는 절반을 분산이 채워야 합니다."),
            (1 / 10, "분산을 표준편차로 썼습니다. 제곱근을 취하세요."),
            (math.sqrt(3), "균등분포의 경계를 표준편차로 썼습니다. 경계가 a이면 표준편차는 a/√3입니다."),
            (1 / math.sqrt(3), "표준편차를 균등분포의 경계로 썼습니다. 경계는 표준편차의 √3배입니다."),
            (1 / 2, "n_out으로 나누었습니다. fans의 순서나 mode를 확인하세요."),
            (math.sqrt(0.4), "2/(n_in + n_out)은 Xavier 초기화입니다."),
            (math.sqrt(1 / 6), "분산이 1/(3n)입니다. torch의 기본값(a = √5)은 He 초기화가 아닙니다."),
            (math.sqrt(2), "√2를 한 번 더 곱했습니다."),
        ],
    )
    require(abs(float(w.mean())) < 0.004, "가중치의 평균이 0이 아닙니다.", "torch.rand는 0과 1 사이의 수를 줍니다.")


@test_case(name="음수 쪽의 경사가 1이거나 -1이면 활성화 함수가 없을 때와 같습니다", points=3)
def test_slope(kaiming_):
    # φ(z) = z이거나 φ(z) = |z|이므로 제곱 평균이 그대로 지나갑니다. 분산은 1/n, 표준편차는 ReLU일 때의 1/√2배입니다.
    relu = filled(kaiming_, (800, 200)).std()
    for slope, what in ((1.0, "z"), (-1.0, "|z|")):
        close(
            filled(kaiming_, (800, 200), slope=slope).std() / relu,
            math.sqrt(1 / 2),
            f"slope = {slope:g}(φ(z) = {what})과 slope = 0의 표준편차의 비",
            tolerance=0.01,
            suspects=[
                (1.0, "slope를 쓰지 않았습니다."),
                (1 / 2, "분산의 배율을 표준편차에 곱했습니다. 제곱근을 취하세요."),
                (math.sqrt(2), "배율이 거꾸로입니다. 더 많이 지나가면 분산은 작아야 합니다."),
            ],
            next_step="E[φ(z)²]을 양수 쪽과 음수 쪽으로 나누어 손으로 구해 보세요.",
        )


@test_case(name="mode에 따라 n_in이나 n_out으로 나누고, 난수는 gen에서 뽑습니다", points=3)
def test_identity(kaiming_):
    ratio = filled(kaiming_, (800, 200), "fan_out").std() / filled(kaiming_, (800, 200), "fan_in").std()
    close(
        ratio,
        0.5,
        "(800, 200)에서 fan_out과 fan_in의 표준편차의 비",
        tolerance=0.01,
        suspects=[
            (1.0, "mode를 쓰지 않았습니다."),
            (2.0, "fan_in과 fan_out이 서로 바뀌었습니다."),
            (0.25, "분산을 표준편차로 썼습니다."),
        ],
    )
    conv = filled(kaiming_, (100, 50, 1, 3)).std() / filled(kaiming_, (300, 150)).std()
    close(
        conv,
        1.0,
        "n_in이 같은 합성곱층과 선형층의 표준편차의 비",
        tolerance=0.02,
        suspects=[(math.sqrt(3), "합성곱층에서 커널의 원소 수를 곱하지 않았습니다.")],
    )
    gen = torch.Generator().manual_seed(3)
    first = kaiming_(torch.zeros(20, 30), "fan_in", gen).clone()
    require(
        not torch.equal(first, kaiming_(torch.zeros(20, 30), "fan_in", gen)),
        "같은 gen으로 이어서 채운 두 층의 가중치가 똑같습니다.",
        "함수 안에서 시드를 다시 심었습니다.",
    )
    again = kaiming_(torch.zeros(20, 30), "fan_in", torch.Generator().manual_seed(3))
    require(
        torch.equal(first, again),
        "같은 시드의 gen으로 다시 불렀더니 값이 다릅니다.",
        "gen이 아니라 전역 난수에서 뽑았습니다.",
    )
    try:
        kaiming_(torch.zeros(2, 3), "fan_max", torch.Generator())
    except ValueError:
        return
    raise CheckError('모르는 mode "fan_max"를 넣어도 ValueError가 발생하지 않습니다.', "else로 모두 받았을 수 있습니다.")
