"""문제 2의 공개 점검: 종류, 손으로 계산한 값, 항등식 하나."""

import math

from course.checks import close, number, require, test_case

OK_FORMAT = False
name = "q2"


@test_case(name="최대 연산 속도를 손으로 계산한 값과 비교합니다", points=1)
def test_peak(peak_flops):
    # 코어 4개, 2 GHz: 한 코어가 1초에 FMA 20억 번, 연산 40억 번.
    close(
        peak_flops(4, 2e9),
        16e9,
        "peak_flops(4, 2e9)",
        suspects=[
            (8e9, "FMA 하나는 곱셈과 덧셈, 곧 연산 2번입니다. 2를 곱하세요."),
            (16.0, "GFLOP/s로 바꾸었습니다. 단위는 FLOP/s입니다."),
            (0.016, "TFLOP/s로 바꾸었습니다. 단위는 FLOP/s입니다."),
            (16e18, "clock이 이미 Hz인데 1e9을 한 번 더 곱했습니다."),
        ],
    )


@test_case(name="두 배가 되는 시간을 손으로 계산한 값과 비교합니다", points=2)
def test_doubling(doubling_years):
    # 8배는 두 배를 세 번 되풀이한 것입니다.
    close(
        doubling_years(8, 6),
        2.0,
        "doubling_years(8, 6)",
        suspects=[
            (0.5, "거꾸로 나누었습니다. 1년에 몇 번이 아니라 한 번에 몇 년인지 구하세요."),
            (6 / math.log(8), "자연로그로 나누었습니다. 두 배가 몇 번인지는 log2로 구합니다."),
            (6 / math.log10(8), "상용로그로 나누었습니다. 두 배가 몇 번인지는 log2로 구합니다."),
            (1.5, "배수가 더해진다고 보았습니다. 두 배씩 곱해집니다."),
        ],
    )
    value = number(doubling_years(1, 10), "doubling_years(1, 10)")
    require(value == math.inf, "factor가 1인데 inf가 아닙니다.", "늘지 않으면 두 배가 되지 않습니다.", "`math.inf`를 돌려주세요.")


@test_case(name="기간이 두 배이고 배수가 제곱이면 두 배가 되는 시간은 같습니다", points=1)
def test_identity(doubling_years):
    once = number(doubling_years(5.0, 7.0), "두 배가 되는 시간")
    close(doubling_years(25.0, 14.0), once, "doubling_years(25, 14)")
