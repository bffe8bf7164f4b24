"""A question that later cells spoilt is graded once more, with everything as it was when its answer had run."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.marks import Mark, Stub
from autograder.model import NOT_BEGUN
from tests.judge.conftest import notebook_of

from .test_run import FILES, Q1, Q2, TWO, F, G, outcomes


@pytest.fixture
def suite(suites: Any) -> Any:
    return suites.write(FILES, TWO)


def _codes(graded: Any) -> list[tuple[str, str | None]]:
    return [(verdict["code"], verdict["cell"]) for verdict in graded.result["verdicts"]]


def test_a_value_in_a_later_cell_costs_nothing_and_is_told(suite: Any, run: Any) -> None:
    graded = run(suite, {"q1": F, "q2": G, "": "f = f(1)\ng = None"})

    assert outcomes(graded, Q1 + Q2) == ["passed"] * 5
    assert _codes(graded) == [("name-overwritten", "2")]
    assert "3번째 셀에서 `f`, `g`에" in graded.result["verdicts"][0]["message"]


def test_a_wrong_function_in_a_later_cell_costs_nothing_and_a_right_one_counts(suite: Any, run: Any) -> None:
    graded = run(suite, {"q1": F, "q2": G, "": "def f(x): return 0"})
    assert outcomes(graded, Q1 + Q2) == ["passed"] * 5
    assert _codes(graded) == [("better-of-two", "q1")]
    assert "(3번째 셀의 `f`)" in graded.result["verdicts"][0]["message"]

    graded = run(suite, {"q1": "def f(x): return 0", "q2": G, "": F})
    assert outcomes(graded, Q1 + Q2) == ["passed"] * 5
    assert _codes(graded) == []


def test_what_is_no_better_the_second_time_leaves_the_first_result(suite: Any, run: Any) -> None:
    graded = run(suite, {"q1": "def f(x): return x + 2", "q2": G, "": "def f(x): return 2"})

    assert outcomes(graded, Q1) == ["passed", "failed"]
    assert _codes(graded) == []


def test_a_loss_that_no_later_cell_can_have_made_is_graded_once(suite: Any, run: Any, control: Any) -> None:
    cells = {"q1": "def f(x): return x + 2", "q2": G, "": "unused = 5"}
    graded = run(suite, cells, only=frozenset({"q1"}))

    assert outcomes(graded, Q1) == ["failed", "failed"]
    assert control.branches == 1


@pytest.mark.parametrize("name", ["len", "math"])
def test_a_builtin_or_module_taken_for_a_value_costs_nothing(suite: Any, run: Any, name: str) -> None:
    answer = "def f(x): return x + len([0])" if name == "len" else "def f(x): return x + math.floor(1.5)"
    graded = run(suite, {" ": "import math", "q1": answer, "q2": G, "": f"{name} = 3"})

    assert outcomes(graded, Q1 + Q2) == ["passed"] * 5
    assert {code for code, _ in _codes(graded)} == {"name-shadowed", "better-of-two"}
    assert f"`{name}`" in graded.result["verdicts"][0]["message"]


def test_questions_that_were_spoilt_together_are_told_in_one_sentence(suite: Any, run: Any) -> None:
    graded = run(suite, {"q1": F, "q2": "def g(x): return 2 * x + 2", "": "def f(x): return 0\ndef g(x): return 0"})

    assert _codes(graded) == [("better-of-two", None)]
    assert "`q1`, `q2`" in graded.result["verdicts"][0]["message"]


def test_the_second_time_has_seconds_of_its_own(suite: Any, run: Any) -> None:
    graded = run(suite, {"q1": F, "q2": G, "": "def f(x): hang()"})

    assert outcomes(graded, Q1) == ["passed", "passed"]


def test_an_answer_written_again_below_slow_cells_of_ones_own_still_runs(suite: Any, run: Any) -> None:
    cells = {"q1": "def f(x): return 0", "q2": G, "": "take(9)", " ": "take(9)", "  ": F, "   ": "seen = f(1)"}
    graded = run(suite, cells, limits={"notebook_seconds": 10})

    assert outcomes(graded, Q1) == ["passed", "passed"]
    assert [cell["status"] for cell in graded.result["cells"]] == ["ok"] * 5 + ["skipped"]


def _marked(cells: dict[str, str], marks: dict[str, Mark]) -> dict[str, Any]:
    """Return the notebook as an argument of `run`, which builds one without marks from cells."""
    notebook = notebook_of(cells)
    for cell in notebook["cells"]:
        label = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if label in marks:
            cell["metadata"].update(marks[label].metadata())
    return {"cells": {}, "notebook": notebook}


STUB = "def g(x):\n    raise NotImplementedError"


def test_a_question_that_was_not_begun_is_not_run_and_costs_the_others_nothing(suite: Any, run: Any) -> None:
    marks = {"q2": Mark(2, stubs=(Stub("g", 1, 2),), unbegun=True)}
    graded = run(suite, **_marked({"q1": F, "q2": STUB}, marks))

    assert outcomes(graded, Q1 + Q2) == ["passed"] * 2 + ["blocked"] * 3
    assert {graded.message(name) for name in Q2} == {NOT_BEGUN}


@pytest.mark.parametrize("first", [True, False])
def test_a_stub_does_not_replace_what_was_written_elsewhere(suite: Any, run: Any, first: bool) -> None:
    """Also where only running the notebook tells that it was: `exec` hides it from whoever reads the text."""
    own = {"": f"exec('{G}')"}
    cells = {"q1": F, **(own if first else {}), "q2": STUB, **({} if first else own)}
    marks = {"q2": Mark(2, stubs=(Stub("g", 1, 2),), unbegun=True)}

    assert outcomes(run(suite, **_marked(cells, marks)), Q1 + Q2) == ["passed"] * 5


def test_names_of_a_question_that_states_none_come_from_its_stub(suites: Any, run: Any) -> None:
    suite = suites.write(FILES, {"q1": (2, []), "q2": (3, ["g"])})
    graded = run(suite, **_marked({"q1": F, "q2": G, "": "f = 3"}, {"q1": Mark(1, names=("f",))}))

    assert outcomes(graded, Q1 + Q2) == ["passed"] * 5
