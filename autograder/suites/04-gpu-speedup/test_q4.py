"""Hidden tests of question 4: amdahl(p, s) -> speedup and amdahl_fraction(speedup, s) -> p."""

import math

from autograder.judge import expect, points, raises, require

CLOSE = {"rtol": 1e-6, "atol": 1e-9}


def speedup(student, p, s, hint=None):
    """Return the student's speedup as a number, perhaps infinite."""
    return expect(student.amdahl(p, s), "amdahl").number(hint=hint)


@points(3)
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


@points(1)
def test_q4_everything_infinitely_fast_is_infinite(student):
    """전체가 무한히 빨라지면 inf입니다."""
    hint = "p = 1이고 s = inf이면 남는 시간이 0입니다. 0으로 나누기 전에 math.inf를 돌려주세요."
    value = speedup(student, 1.0, math.inf, hint)
    require(value == math.inf, "전체가 무한히 빨라졌는데 값이 무한대가 아닙니다.", hint)


@points(2)
def test_q4_fraction_that_gives_a_speedup(student, rng, reference):
    """원하는 배수를 얻으려면 얼마만큼이 빨라져야 하는지 구합니다."""
    hint = "암달의 식에서 1 / speedup = (1 - p) + p / s를 p에 대해 풀어 보세요."
    for _ in range(3):
        p, s = float(rng.uniform(0.55, 0.95)), float(rng.uniform(2, 200))
        value = student.amdahl_fraction(reference.amdahl(p, s), s)
        expect(value, "amdahl_fraction").close_to(p, rtol=1e-6, atol=1e-9, hint=hint)


@points(1)
def test_q4_fraction_undoes_the_speedup(student, rng):
    """amdahl과 amdahl_fraction은 서로의 역함수입니다."""
    hint = (
        "amdahl이 돌려준 배수를 amdahl_fraction에 넣으면 처음의 p가 나와야 합니다. 두 함수의 p가 같은지 확인해 보세요."
    )
    shares = (0.0, float(rng.uniform(0.1, 0.4)), float(rng.uniform(0.6, 0.9)))
    # a power of two at the edge: with another s, who swaps p and 1 - p gets 1 / (1 / s), which rounding may take past s
    for p, s in zip(shares, (32.0, *rng.uniform(2, 100, size=2).tolist()), strict=True):
        whole = speedup(student, p, s)
        require(math.isfinite(whole), "amdahl의 값이 유한하지 않습니다.", hint)
        expect(student.amdahl_fraction(whole, s), "amdahl_fraction").close_to(p, rtol=1e-6, atol=1e-6, hint=hint)


@points(1)
def test_q4_impossible_speedup_raises_value_error(student, rng):
    """s배보다 빨라질 수는 없으므로 ValueError를 냅니다."""
    hint = "일부를 s배 빠르게 해서 전체가 s배보다 빨라질 수는 없습니다. speedup > s이면 ValueError를 raise하세요."
    for _ in range(2):
        s = float(rng.uniform(2, 50))
        expect(student.amdahl_fraction(1 + 0.5 * (s - 1), s), "amdahl_fraction").finite()
        expect(student.amdahl_fraction(s, s), "amdahl_fraction(s, s)").finite(hint="s배까지는 얻을 수 있습니다.")
        with raises(ValueError, "불가능한 배수", hint=hint):
            student.amdahl_fraction(1.5 * s, s)
