"""Hidden tests of question 2: peak_flops(cores, clock) -> FLOP/s and doubling_years(factor, years) -> years."""

import math

from autograder.judge import expect, points, require

CLOSE = {"rtol": 1e-6, "atol": 0.0}


def peak(student, cores, clock):
    """Return the student's peak as a finite number."""
    return expect(student.peak_flops(cores, clock), "peak_flops").finite().real()


def doubling(student, factor, years, hint=None):
    """Return the student's doubling time as a number, perhaps infinite."""
    return expect(student.doubling_years(factor, years), "doubling_years").number(hint=hint)


@points(1.5)
def test_q2_a_core_does_two_operations_a_cycle(student, rng, reference):
    """코어마다 한 클럭에 곱셈과 덧셈을 하나씩 하며, 단위는 FLOP/s입니다."""
    hint = "곱셈-덧셈(FMA) 하나는 연산 2번입니다. clock의 단위는 Hz이므로 그대로 곱하면 FLOP/s가 됩니다."
    for _ in range(3):
        cores, clock = int(rng.integers(100, 20_000)), float(rng.uniform(0.5e9, 3e9))
        expect(peak(student, cores, clock), "peak_flops").close_to(
            reference.peak_flops(cores, clock), **CLOSE, hint=hint
        )


@points(0.5)
def test_q2_peak_grows_with_cores_and_clock(student, rng):
    """코어 수와 클럭에 각각 비례합니다."""
    cores, clock = int(rng.integers(100, 5000)), float(rng.uniform(0.5e9, 2e9))
    base = peak(student, cores, clock)
    require(base > 0, "최대 연산 속도가 0보다 커야 합니다.")
    hint = "코어 수를 늘리거나 클럭을 높이면 같은 비율로 빨라져야 합니다. 두 인자를 모두 곱했는지 확인해 보세요."
    for more, factor in (((3 * cores, clock), 3.0), ((cores, 1.7 * clock), 1.7)):
        expect(peak(student, *more) / base, "최대 연산 속도의 비").close_to(factor, **CLOSE, hint=hint)


@points(1.5)
def test_q2_years_to_double(student, rng, reference):
    """factor배가 되는 데 걸린 시간에서, 두 배가 되는 데 걸린 시간을 구합니다."""
    hint = "두 배를 몇 번 되풀이해야 factor배가 되는지를 log2로 구한 뒤, years를 그 횟수로 나누어 보세요."
    for _ in range(3):
        factor, years = float(2 ** rng.uniform(0.3, 16)), float(rng.uniform(1, 40))
        value = doubling(student, factor, years)
        require(math.isfinite(value), "두 배가 되는 시간이 유한해야 합니다.", hint)
        expect(value, "doubling_years").close_to(reference.doubling_years(factor, years), **CLOSE, hint=hint)


@points(0.5)
def test_q2_no_growth_never_doubles(student, rng):
    """factor가 1이면 두 배가 되지 않으므로 inf입니다."""
    hint = "log2(1)은 0입니다. 0으로 나누기 전에 factor가 1인 경우를 먼저 다루고 math.inf를 돌려주세요."
    require(math.isfinite(doubling(student, 4.0, 2.0)), "늘어났는데 두 배가 되는 시간이 유한하지 않습니다.", hint)
    value = doubling(student, 1.0, float(rng.uniform(1, 40)), hint)
    require(value == math.inf, "늘어나지 않았는데 두 배가 되는 시간이 무한대가 아닙니다.", hint)
