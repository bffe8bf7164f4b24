"""문제 4의 공개 점검: 손으로 계산한 값, 극단의 경우, 서로 역함수인지."""

import math

from course.checks import CheckError, close, number, require, test_case

OK_FORMAT = False
name = "q4"


@test_case(name="손으로 계산한 배수와 같습니다", points=4)
def test_by_hand(amdahl):
    # 처음 1 가운데 3/4이 3배 빨라지면 1/4 + 1/4 = 1/2이 남습니다.
    close(
        amdahl(0.75, 3),
        2.0,
        "amdahl(0.75, 3)",
        suspects=[
            (1.2, "p와 1 - p가 바뀌었습니다. p는 빨라지는 부분입니다."),
            (0.5, "남은 시간을 돌려주었습니다. 배수는 그 역수입니다."),
            (2.5, "배수를 비율대로 평균했습니다. 시간을 더한 뒤 역수를 취하세요."),
            (4 / 3, "빨라진 부분의 시간 p/s를 빠뜨리고 그대로인 부분으로 나누었을 수 있습니다."),
        ],
    )


@test_case(name="s가 무한대여도 남은 부분이 한계입니다", points=2)
def test_limits(amdahl):
    half = number(amdahl(0.5, math.inf), "amdahl(0.5, inf)")
    require(
        not math.isnan(half),
        "amdahl(0.5, inf)가 nan입니다.",
        "분자와 분모에 s를 곱해 정리하면 inf / inf나 inf - inf가 됩니다.",
        "p / s의 꼴로 두면 s가 inf일 때 0이 됩니다.",
    )
    close(half, 2.0, "amdahl(0.5, inf)")
    whole = number(amdahl(1.0, math.inf), "amdahl(1, inf)")
    require(whole == math.inf, "amdahl(1, inf)가 inf가 아닙니다.", "남는 시간이 0입니다.", "나누기 전에 0인지 확인하세요.")
    close(amdahl(0.0, 10), 1.0, "amdahl(0, 10)", suspects=[(10.0, "p와 1 - p가 바뀌었습니다.")])


@test_case(name="필요한 비율을 구하고, 불가능하면 ValueError입니다", points=3)
def test_inverse(amdahl, amdahl_fraction):
    close(
        amdahl_fraction(2.0, 3.0),
        0.75,
        "amdahl_fraction(2, 3)",
        suspects=[(0.25, "그대로인 부분의 비율입니다. 빨라지는 부분 p를 돌려주세요."), (0.5, "s가 무한대일 때의 식입니다. 1 - 1/s로 나누세요.")],
    )
    close(amdahl_fraction(number(amdahl(0.3, 7.0), "amdahl의 값"), 7.0), 0.3, "amdahl_fraction(amdahl(0.3, 7), 7)")
    try:
        amdahl_fraction(4.0, 3.0)
    except ValueError:
        return
    raise CheckError(
        "amdahl_fraction(4, 3)에서 ValueError가 발생하지 않습니다.",
        "일부를 3배 빠르게 해서 전체가 4배 빨라질 수는 없습니다.",
        "speedup > s이면 `raise ValueError(...)`로 알려 주세요.",
    )
