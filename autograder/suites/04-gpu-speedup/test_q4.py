"""Hidden tests of question 4: amdahl(p, s) -> speedup and amdahl_fraction(speedup, s) -> p."""

import math

from autograder.judge import expect, points, raises, require

CLOSE = {"rtol": 1e-6, "atol": 1e-9}


def speedup(student, p, s, hint=None):
    """Return the student's speedup as a number, perhaps infinite."""
    return expect(student.amdahl(p, s), "amdahl").number(hint=hint)


@points(3.5)
def test_q4_speedup_of_the_whole(student, rng, reference):
    """일부만 빨라졌을 때 전체가 몇 배 빨라지는지 구합니다."""
    hint = (
        "처음의 시간을 1로 두면 빨라지는 부분은 p, 그대로인 부분은 1 - p입니다. "
        "s로 나누는 쪽이 어느 쪽인지 확인해 보세요."
    )
    for low, high in ((0.05, 0.4), (0.6, 0.95)):
        p, s = float(rng.uniform(low, high)), float(rng.uniform(2, 200))
        expect(speedup(student, p, s), "amdahl").close_to(reference.amdahl(p, s), **CLOSE, hint=hint)
    expect(speedup(student, 0.0, 50.0), "amdahl(0, s)").close_to(1.0, **CLOSE, hint=hint)
    expect(speedup(student, 1.0, 50.0), "amdahl(1, s)").close_to(50.0, **CLOSE, hint=hint)


@points(1)
def test_q4_an_infinitely_fast_part_leaves_the_rest(student):
    """s가 무한대여도 나머지 부분의 시간은 남습니다."""
    hint = "inf가 섞인 곱셈과 뺄셈은 nan이 되기 쉽습니다. p를 s로 나누는 꼴로 두면 0이 됩니다."
    for s in (math.inf, 1e300):
        value = speedup(student, 0.5, s, hint)
        require(math.isfinite(value), "s가 아주 클 때의 값이 유한하지 않습니다.", hint)
        expect(value, "amdahl(p, inf)").close_to(2.0, **CLOSE, hint=hint)
    other = speedup(student, 0.3, math.inf, hint)
    require(abs(other - 2.0) > 1e-6, "p를 바꾸어도 s가 무한대일 때의 값이 그대로입니다.", hint)


@points(0.5)
def test_q4_everything_infinitely_fast_is_infinite(student):
    """전체가 무한히 빨라지면 inf입니다."""
    hint = "p = 1이고 s = inf이면 남는 시간이 0입니다. 0으로 나누기 전에 math.inf를 돌려주세요."
    some, more = (speedup(student, p, 2.0, hint) for p in (0.3, 0.6))
    require(math.isfinite(some) and math.isfinite(more), "일부만 빨라졌을 때의 값이 유한하지 않습니다.", hint)
    require(abs(some - more) > 1e-6, "p를 바꾸어도 전체가 빨라지는 배수가 그대로입니다.", hint)
    value = speedup(student, 1.0, math.inf, hint)
    require(value == math.inf, "전체가 무한히 빨라졌는데 값이 무한대가 아닙니다.", hint)


@points(2)
def test_q4_fraction_that_gives_a_speedup(student, rng, reference):
    """원하는 배수를 얻으려면 얼마만큼이 빨라져야 하는지 구합니다."""
    hint = "암달의 식에서 1 / speedup = (1 - p) + p / s를 p에 대해 풀어 보세요."
    for low, high in ((0.05, 0.4), (0.55, 0.75), (0.75, 0.95)):
        p, s = float(rng.uniform(low, high)), float(rng.uniform(2, 200))
        value = student.amdahl_fraction(reference.amdahl(p, s), s)
        expect(value, "amdahl_fraction").close_to(p, rtol=1e-6, atol=1e-9, hint=hint)


@points(1)
def test_q4_fraction_at_its_two_ends(student, rng):
    """빨라지지 않으려면 0, 전체를 s배 빠르게 하려면 1입니다."""
    hint = "배수가 1이면 빨라지는 부분이 없고, 배수가 s이면 전체가 빨라져야 합니다. s배까지는 얻을 수 있습니다."
    for _ in range(2):
        s = float(rng.uniform(2, 50))
        expect(student.amdahl_fraction(1.0, s), "amdahl_fraction(1, s)").close_to(0.0, **CLOSE, hint=hint)
        expect(student.amdahl_fraction(s, s), "amdahl_fraction(s, s)").close_to(1.0, **CLOSE, hint=hint)


@points(1)
def test_q4_impossible_speedup_raises_value_error(student, rng):
    """s배보다 빨라질 수는 없으므로 ValueError를 냅니다."""
    hint = "일부를 s배 빠르게 해서 전체가 s배보다 빨라질 수는 없습니다. speedup > s이면 ValueError를 raise하세요."
    for _ in range(2):
        s = float(rng.uniform(2, 50))
        less, more = (
            expect(student.amdahl_fraction(1 + part * (s - 1), s), "amdahl_fraction").finite().real()
            for part in (0.2, 0.6)
        )
        require(abs(less - more) > 1e-6, "얻을 수 있는 배수를 바꾸어도 비율이 그대로입니다.", hint)
        with raises(ValueError, "불가능한 배수", hint=hint):
            student.amdahl_fraction(1.5 * s, s)
