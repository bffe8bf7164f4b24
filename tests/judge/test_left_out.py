"""Cells that are not run before the score: what is missed for want of one has the notebook run in order."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.judge.left_out import LeftOut

TWO = {"q1": (2, ["f"])}
FILES = {
    "test_q1.py": '''
@points(1)
def test_f_adds_one(student):
    """f는 1을 더합니다."""
    expect(student.f(1), "f").equals(2)

@points(1)
def test_f_refuses_text(student):
    """글자는 받지 않습니다."""
    with raises(TypeError, "글자"):
        student.f("a")
''',
}
F = "def f(x): return x + 1"
EXPERIMENT = "STEP = 1\nprint('그림')"
LEFT = LeftOut((1,), frozenset({"STEP"}))


@pytest.fixture
def suite(suites: Any) -> Any:
    return suites.write(FILES, TWO)


def statuses(graded: Any) -> list[str]:
    return [cell["status"] for cell in graded.result["cells"]]


def timeless(rows: list[Any]) -> list[Any]:
    return [{k: v for k, v in row.items() if "seconds" not in k} if isinstance(row, dict) else row for row in rows]


def test_a_cell_left_out_is_not_run_and_costs_nothing(suite: Any, run: Any, control: Any) -> None:
    graded = run(suite, {"q1": F, "": EXPERIMENT}, put_off=LEFT)
    assert statuses(graded) == ["ok", "later"]
    assert [graded.outcome(name) for name in graded.tests] == ["passed", "passed"]
    assert graded.result["put_off"] == [1]
    assert graded.result["executed"]["cells"][1]["outputs"] == []
    assert len(control.sandboxes) == 1


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param({"q1": F, "": EXPERIMENT, " ": "print(STEP)"}, id="a cell of the student's own"),
        pytest.param({"q1": "def f(x): return x + STEP", "": EXPERIMENT}, id="a call"),
        pytest.param({"q1": "f = None", "": "STEP = 1\ndef f(x): return x + 1"}, id="a name that a test asks for"),
        pytest.param({"q1": "def f(x): return x + [STEP for _ in 'a'][0]", "": EXPERIMENT}, id="a scope within"),
    ],
)
def test_a_name_that_is_missed_has_everything_done_in_order(
    suite: Any, run: Any, control: Any, cells: dict[str, str]
) -> None:
    left = LeftOut((1,), frozenset({"STEP", "f"}))
    graded = run(suite, cells, put_off=left)
    whole = run(suite, cells)
    for part in ("cells", "tests", "verdicts", "put_off"):
        assert timeless(graded.result[part]) == timeless(whole.result[part]), part
    assert "later" not in statuses(graded)
    assert len(control.sandboxes) == 3, "twice for the first, once for the second"


def test_a_test_that_expects_an_exception_does_not_take_the_missing_name_for_it(suites: Any, run: Any) -> None:
    text = FILES["test_q1.py"].replace("raises(TypeError", "raises(Exception")
    suite = suites.write({"test_q1.py": text}, TWO)
    answer = "def f(x):\n    if isinstance(x, str):\n        return x * STEP\n    return x + 1"
    graded = run(suite, {"q1": answer, "": EXPERIMENT}, put_off=LEFT)
    assert graded.outcome("test_f_refuses_text") == "failed", "'a' * 1 raises nothing once STEP is there"


def test_another_missing_name_is_the_students(suite: Any, run: Any, control: Any) -> None:
    graded = run(suite, {"q1": "def f(x): return x + STEPS", "": EXPERIMENT}, put_off=LEFT)
    assert graded.outcome("test_f_adds_one") == "failed"
    assert len(control.sandboxes) == 1


def test_a_name_claimed_to_be_missing_gains_one_run_in_order(suite: Any, run: Any, control: Any) -> None:
    answer = "def f(x):\n    raise NameError(\"name 'STEP' is not defined\")"
    graded = run(suite, {"q1": answer, "": EXPERIMENT}, put_off=LEFT)
    assert graded.outcome("test_f_adds_one") == "failed"
    assert len(control.sandboxes) == 2
