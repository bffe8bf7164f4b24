"""How near a comparison came to its limit is recorded where a job asks for it, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from autograder.errors import AssignmentError
from autograder.judge import margins
from autograder.judge.marks import MOST_ERROR_RATE, error_rate
from autograder.judge.suite import Suite
from tests.grading.works import IDS, assignment_of

ONE = {"q1": (1, ["f"])}
TEST = '@points(1)\ndef test_f(student, rng):\n    """값이 맞습니다."""\n'


@pytest.fixture
def recorded(suites: Any, run: Any) -> Callable[..., dict[str, Any]]:
    """Run one test's body with f(x) = x, and return its only place's margin."""

    def record(*lines: str, **changes: Any) -> dict[str, Any]:
        text = TEST + "".join(f"    {line}\n" for line in lines)
        graded = run(suites.write({"test_q1.py": text}, ONE), {"q1": "def f(x): return x"}, margins=True, **changes)
        ((place, found),) = graded.result["margins"]["test_f"].items()
        assert place.startswith("test_q1.py:")
        assert (found["worst"] is not None and found["worst"] > 1) == (graded.outcome("test_f") == "failed")
        return dict(found)

    return record


def test_nothing_is_recorded_unless_asked_for(suites: Any, run: Any) -> None:
    suite = suites.write({"test_q1.py": TEST + "    expect(student.f(1.0)).close_to(1.0)\n"}, ONE)
    assert run(suite, {"q1": "def f(x): return x"}).result["margins"] == {}
    assert run(suite, {"q1": "def f(x): return x"}, margins=True).result["margins"]
    assert margins.recorder is None


@pytest.mark.parametrize(
    ("line", "share", "text"),
    [
        ("expect(student.f(1.0005), 'f').close_to(1.0, rtol=1e-3, atol=0)", 0.5, "student.f(1.0005) ≈ 1.0"),
        ("expect(student.f(torch.tensor([1.0, 2.002])), 'f').close_to(torch.tensor([1.0, 2.0]), 1e-3, 0)", 1.0, None),
        ("expect(student.f(0), 'f').close_to(0, rtol=0, atol=0)", 0.0, "student.f(0) ≈ 0"),
        ("expect(student.f([7.0]), 'f').item(0).close_to(8.0, rtol=0, atol=0.5)", 2.0, None),
        ("expect(student.f(0.75), 'f').finite().between(0.0, 1.0)", 0.5, "student.f(0.75) in [0.0, 1.0]"),
        ("expect(student.f(1.0), 'f').between(0.0, 1.0)", 1.0, "student.f(1.0) in [0.0, 1.0]"),
        ("expect(student.f(4.0), 'f').between(1.0, math.inf)", 0.25, None),
    ],
)
def test_a_share_of_one_is_the_limit(recorded: Any, line: str, share: float, text: str | None) -> None:
    found = recorded(line)
    assert found["worst"] == pytest.approx(share, abs=1e-3)
    assert text is None or found["text"] == text


@pytest.mark.parametrize(
    ("condition", "share", "text"),
    [
        ("value >= 0.4", 0.5, "value >= 0.4"),
        ("bool(0.2 < value) and value <= 1.6", 0.5, "value <= 1.6"),
        ("0.2 <= value < 1.6", 0.5, "value < 1.6"),
        ("abs(value - 1) < 0.8", 0.25, "abs(value - 1) < 0.8"),
        ("bool((torch.tensor([value, 2.0]) > 0.4).all())", None, ""),
        ("bool((entries > 0.4).all())", 0.5, "entries > 0.4"),
        ("len(list(range(3))) > value", None, ""),
        ("value >= 1.6", 1.5, "value >= 1.6"),
    ],
)
def test_both_sides_of_a_requirement_are_read_again(
    recorded: Any, condition: str, share: float | None, text: str
) -> None:
    """A side that calls anything but a pure function is left alone, and said to be."""
    found = recorded(
        "value, entries = student.f(0.8), torch.tensor([0.8, 2.0], dtype=torch.float64)",
        f"require({condition}, '증상')",
    )
    assert found["kind"] == ("unread" if share is None else "require")
    assert found["text"] == text
    assert share is None or found["worst"] == pytest.approx(share)


def test_a_side_that_calls_the_student_is_not_called_again(recorded: Any, control: Any) -> None:
    found = recorded("require(student.f(2.0) > 1.0, '증상')")
    assert found["kind"] == "unread"
    assert control.branches == 1


def test_the_worst_of_all_draws_is_kept_with_its_deviations(recorded: Any) -> None:
    lines = ("value = 10.0 + student.f(float(rng.normal()))", "require(value > 5.0, '증상')")
    found = recorded(*lines, more_secrets=tuple(b"secret %d" % number for number in range(40)))
    assert found["count"] == 41
    assert found["value"] < 9.0, "the nearest of 41 draws, not just any"
    assert found["worst"] == pytest.approx(5.0 / found["value"])
    assert 3.0 < found["steps"] < 8.0  # the mean is five standard deviations away


def test_trouble_with_recording_changes_no_outcome(recorded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(margins, "_call_in", lambda frame: 1 / 0)
    assert recorded("value = 2.0", "require(value > 1.0, '증상')")["kind"] == "unread"


def test_error_rates_must_sum_to_one_in_ten_thousand_at_most(suites: Any) -> None:
    two = "".join(f'@error_rate({{0}})\n@points(1)\ndef test_{n}():\n    """가."""\n' for n in "ab")
    header = "from autograder.judge import error_rate\n"
    suite = suites.write({"test_q1.py": header + two.format("5e-5")}, {"q1": (2, ["f"])})
    assert [test.error_rate for test in suite.tests] == [5e-5, 5e-5]
    with pytest.raises(AssignmentError, match="error_rate") as caught:
        suites.write({"test_q1.py": header + two.format("6e-5")}, {"q1": (2, ["f"])}, "more")
    assert caught.value.code == "suite-invalid"


@pytest.mark.parametrize("value", [0, -1e-9, MOST_ERROR_RATE, True, "1e-9", float("nan")])
def test_an_error_rate_is_a_small_probability(value: Any) -> None:
    with pytest.raises(ValueError, match="error_rate"):
        error_rate(value)


def test_tests_of_initialisers_state_their_error_rates() -> None:
    suite = Suite.collect(assignment_of(IDS[1]))
    rates = {test.name: test.error_rate for test in suite.tests if test.error_rate}
    assert "test_q2_standard_deviation" in rates
    assert 0 < sum(rates.values()) <= MOST_ERROR_RATE
