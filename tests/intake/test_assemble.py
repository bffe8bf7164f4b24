"""The notebook that runs: the student's answers in the master's frame, and nothing else of either."""

from __future__ import annotations

import copy
import dataclasses
import json
import unicodedata
from typing import Any

import nbformat
import pytest

from autograder.intake import Assembled, assemble, read_notebook
from autograder.intake.belonging import Fingerprint
from autograder.intake.notebook import STATED
from autograder.intake.release import TEXT_STUB
from autograder.marks import Mark
from autograder.model import Submission

from .sample import ANSWERS, ASSIGNMENT, MASTER, SECRET, as_bytes, labelled, released, submitted


def _assemble(notebook: dict[str, Any]) -> Assembled:
    read, _ = read_notebook(as_bytes(notebook))
    submission = Submission("alice", ASSIGNMENT.id, "0", read, "test")
    assembled = assemble(submission, ASSIGNMENT, MASTER)
    nbformat.validate(nbformat.from_dict(copy.deepcopy(assembled.notebook)))
    assert assemble(submission, ASSIGNMENT, MASTER) == assembled, "not repeatable"
    return assembled


def _found(assembled: Assembled) -> list[tuple[str, str | None]]:
    return [(v.code, v.cell) for v in assembled.verdicts]


def _marks(assembled: Assembled, source: str) -> list[Mark]:
    return [Mark.of(cell) for cell in assembled.notebook["cells"] if cell["source"] == source]


def _code(source: str, **marks: Any) -> dict[str, Any]:
    metadata = {"nbgrader": marks} if marks else {}
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}


def _position(notebook: dict[str, Any], label: str) -> int:
    return int(notebook["cells"].index(labelled(notebook, label)))


def _order(assembled: Assembled) -> list[str]:
    return [cell["id"] for cell in assembled.notebook["cells"]]


def test_nothing_of_the_masters_solutions_or_hidden_tests_is_in_any_assembled_notebook() -> None:
    for notebook in (submitted(), submitted({}), {**submitted(), "cells": []}):
        text = json.dumps(_assemble(notebook).notebook, ensure_ascii=False)
        assert SECRET not in text and "x @ W.T" not in text and "모범 답안" not in text and "HIDDEN" not in text


def test_nbgrader_metadata_is_the_masters_whatever_the_student_claims() -> None:
    notebook = submitted()
    for cell in notebook["cells"]:
        cell["metadata"].setdefault("nbgrader", {}).update(points=1000, locked=False, grade=True, solution=True)
    for cell in _assemble(notebook).notebook["cells"]:
        label = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        own = {"nbgrader": labelled(MASTER, label)["metadata"]["nbgrader"]} if label else {}
        assert {name: part for name, part in cell["metadata"].items() if name != "autograder"} == own


def test_the_master_is_not_changed_and_not_shared() -> None:
    before = copy.deepcopy(MASTER)
    assembled = _assemble(submitted())
    for cell in assembled.notebook["cells"]:
        cell["metadata"].get("nbgrader", {}).clear()
    assembled.notebook["metadata"]["kernelspec"].clear()
    assert before == MASTER
    assert _assemble(submitted()).notebook["metadata"]["kernelspec"]["name"] == "python3"


def test_an_empty_notebook_becomes_the_released_one() -> None:
    assembled = _assemble({**submitted(), "cells": []})
    assert {label: labelled(assembled.notebook, label)["source"] for label in ANSWERS} == {
        label: released(label) for label in ANSWERS
    }
    assert _found(assembled) == [("no-answers", None)]


def test_own_cells_stay_beside_the_neighbour_they_followed() -> None:
    notebook = submitted()
    notebook["cells"].insert(0, _code("first = 1"))
    notebook["cells"].insert(_position(notebook, "q1") + 1, _code("after_q1 = 1"))
    notebook["cells"].append(_code("last = 1"))
    sources = [cell["source"] for cell in _assemble(notebook).notebook["cells"]]
    assert sources == [cell["source"] for cell in notebook["cells"]]


def test_a_cell_after_an_answer_runs_before_the_check_cell_that_was_deleted() -> None:
    notebook = submitted()
    check = _position(notebook, "q1-check")
    notebook["cells"][check] = _code("patched = act_and_grad")
    assembled = _assemble(notebook)
    order = [cell["source"] for cell in assembled.notebook["cells"]]
    assert order.index(ANSWERS["q1"]) < order.index("patched = act_and_grad") < order.index('check("q1")')
    assert _found(assembled) == [("locked-cell-restored", "q1-check")]


def test_cell_ids_are_unique_and_do_not_depend_on_the_students() -> None:
    notebook = submitted()
    notebook["cells"].insert(2, _code("x = 1"))
    other = copy.deepcopy(notebook)
    for number, cell in enumerate(other["cells"]):
        cell["id"] = f"q1-{number}"
    assert _order(_assemble(notebook)) == _order(_assemble(other))
    assert len(set(_order(_assemble(notebook)))) == len(notebook["cells"])


@pytest.mark.parametrize("stub_first", [True, False])
def test_of_two_copies_the_written_one_counts_and_the_stub_never_runs(stub_first: bool) -> None:
    notebook = submitted()
    at = _position(notebook, "q1")
    notebook["cells"].insert(at + (not stub_first), _code(released("q1"), grade_id="q1"))
    assembled = _assemble(notebook)
    assert labelled(assembled.notebook, "q1")["source"] == ANSWERS["q1"]
    stubs = [c for c in assembled.notebook["cells"] if c["source"] == released("q1")]
    assert [c["cell_type"] for c in stubs] == ["raw"]
    assert _found(assembled) == [("cell-duplicated", "q1")]


def test_written_copies_all_run_in_their_order_and_the_first_is_the_answer_cell() -> None:
    notebook = submitted()
    second = "def act_and_grad(x):\n    return 0"
    notebook["cells"].append(_code(second, grade_id="q1"))
    assembled = _assemble(notebook)
    assert labelled(assembled.notebook, "q1")["source"] == ANSWERS["q1"]
    assert _marks(assembled, second) == [Mark(cell=10)]
    assert _found(assembled) == [("cell-duplicated", "q1")]


def test_pieces_of_a_split_answer_are_all_marked_as_its_answer() -> None:
    notebook = submitted()
    at = _position(notebook, "q1")
    notebook["cells"][at] = _code("def helper(): return 1", grade_id="q1")
    notebook["cells"].insert(at + 1, _code("def act_and_grad(x): return helper()", grade_id="q2"))
    assembled = _assemble(notebook)
    assert _found(assembled) == [("cell-duplicated", "q2"), ("cell-adopted", "q1")]
    assert [m.answers for m in _marks(assembled, "def act_and_grad(x): return helper()")] == [("q1",)]


def test_a_copy_used_for_something_else_runs_as_the_students_own_cell() -> None:
    notebook = submitted()
    notebook["cells"].insert(_position(notebook, "q1"), _code("def helper(): ...", grade_id="q1"))
    assembled = _assemble(notebook)
    assert labelled(assembled.notebook, "q1")["source"] == ANSWERS["q1"]
    assert [c["cell_type"] for c in assembled.notebook["cells"] if "helper" in c["source"]] == ["code"]


def test_an_edited_copy_of_a_locked_cell_runs_and_an_equal_one_is_dropped() -> None:
    notebook = submitted()
    at = _position(notebook, "q1-check")
    copies = [_code('check("q1")', grade_id="q1-check"), _code("mine = 1", grade_id="q1-check")]
    notebook["cells"][at:at] = copies
    assembled = _assemble(notebook)
    sources = [c["source"] for c in assembled.notebook["cells"]]
    assert sources.count('check("q1")') == 1 and sources.count("mine = 1") == 1
    assert _found(assembled) == [("locked-cell-duplicated", "q1-check")]


@pytest.mark.parametrize("above", [True, False])
@pytest.mark.parametrize("stub", [True, False])
def test_an_answer_in_a_new_cell_counts_and_no_stub_overwrites_it(above: bool, stub: bool) -> None:
    notebook = submitted()
    cell = labelled(notebook, "q2")
    cell["source"] = released("q2")
    at = notebook["cells"].index(cell)
    notebook["cells"].insert(at + (not above), _code(ANSWERS["q2"]))
    if not stub:
        notebook["cells"].remove(cell)
    assembled = _assemble(notebook)
    assert [c["source"] for c in assembled.notebook["cells"] if "def forward" in c["source"]] == [ANSWERS["q2"]]
    assert labelled(assembled.notebook, "q2")["source"] == ANSWERS["q2"]
    assert _found(assembled) == [("cell-adopted", "q2")]


def test_a_helper_that_redefines_an_answered_function_stays_where_it_is() -> None:
    notebook = submitted()
    notebook["cells"].append(_code("act_and_grad = print"))
    assembled = _assemble(notebook)
    assert labelled(assembled.notebook, "q1")["source"] == ANSWERS["q1"]
    assert assembled.notebook["cells"][-1]["source"] == "act_and_grad = print"
    assert assembled.verdicts == ()


def test_moved_answers_return_to_the_masters_order() -> None:
    notebook = submitted()
    cells = notebook["cells"]
    cells.insert(0, cells.pop(_position(notebook, "q2")))
    assembled = _assemble(notebook)
    assert _order(assembled) == _order(_assemble(submitted()))
    assert _found(assembled) == [("cell-moved", "q2")]


def test_of_a_cell_moved_to_the_end_only_that_cell_is_named() -> None:
    notebook = submitted()
    cells = notebook["cells"]
    cells.append(cells.pop(_position(notebook, "q1")))
    assembled = _assemble(notebook)
    assert _order(assembled) == _order(_assemble(submitted()))
    assert _found(assembled) == [("cell-moved", "q1")]


@pytest.mark.parametrize("text", ["", "  \n", TEXT_STUB, f"{TEXT_STUB}\n\n", f"\n{TEXT_STUB} "])
def test_an_untouched_reflection_is_unanswered_however_the_spaces_fell(text: str) -> None:
    assert _found(_assemble(submitted({**ANSWERS, "reflection": text}))) == [("unanswered", "reflection")]


def test_trailing_spaces_and_decomposed_letters_do_not_make_a_locked_cell_edited() -> None:
    notebook = submitted()
    labelled(notebook, "intro")["source"] = unicodedata.normalize("NFD", "# 기울기 소실") + "  \n\n"
    assert _assemble(notebook).verdicts == ()


@pytest.mark.parametrize("kind", ["code", "markdown", "raw"])
def test_an_edited_locked_cell_runs_as_the_master_has_it(kind: str) -> None:
    notebook = submitted()
    labelled(notebook, "q1-check").update(source="12.0  # full points", cell_type=kind)
    assembled = _assemble(notebook)
    cell = labelled(assembled.notebook, "q1-check")
    assert (cell["cell_type"], cell["source"]) == ("code", 'check("q1")')
    assert "full points" not in json.dumps(assembled.notebook)
    assert _found(assembled) == [("locked-cell-edited", "q1-check")]


def test_ids_stay_unique_when_the_masters_names_look_like_ours() -> None:
    master = copy.deepcopy(MASTER)
    for label, odd in (("q1-text", "extra-1"), ("q2-text", "q1.check"), ("intro", "q" * 99)):
        labelled(master, label)["metadata"]["nbgrader"]["grade_id"] = odd
    read, _ = read_notebook(as_bytes(submitted()))
    assembled = assemble(Submission("alice", ASSIGNMENT.id, "0", read, "test"), ASSIGNMENT, master)
    nbformat.validate(nbformat.from_dict(assembled.notebook))
    assert len(set(_order(assembled))) == len(assembled.notebook["cells"])


def test_each_edited_and_each_unanswered_cell_is_named() -> None:
    notebook = submitted({"q2": ANSWERS["q2"]})
    labelled(notebook, "q1-check")["source"] = "12"
    labelled(notebook, "intro")["source"] = "# 내 것"
    assert sorted(_found(_assemble(notebook))) == [
        ("locked-cell-edited", "intro"),
        ("locked-cell-edited", "q1-check"),
        ("unanswered", "q1"),
        ("unanswered", "reflection"),
    ]


@pytest.mark.parametrize(
    ("reflection", "code"), [(TEXT_STUB, "template-untouched"), ("기울기가 작아집니다.", "code-unanswered")]
)
def test_where_nothing_is_to_be_graded_one_line_says_so(reflection: str, code: str) -> None:
    assembled = _assemble(submitted({"reflection": reflection}))
    assert _found(assembled) == [(code, None)]
    assert [Mark.of(labelled(assembled.notebook, label)).unbegun for label in ("q1", "q2")] == [True, True]


@pytest.mark.parametrize("where", [0, 2, 9])
def test_functions_of_several_questions_in_one_cell_stay_there_and_the_stubs_are_marked(where: int) -> None:
    notebook = submitted({"reflection": ANSWERS["reflection"]})
    script = f"{ANSWERS['q1']}\n\n{ANSWERS['q2']}"
    notebook["cells"].insert(where, _code(script))
    assembled = _assemble(notebook)
    assert _found(assembled) == [("cell-adopted", "q1"), ("cell-adopted", "q2")]
    assert _marks(assembled, script) == [Mark(cell=where + 1, answers=("q1", "q2"))]
    assert [stub.name for stub in Mark.of(labelled(assembled.notebook, "q1")).stubs] == ["act_and_grad"]


def test_an_answer_found_far_from_its_place_stays_behind_what_it_needs() -> None:
    notebook = submitted({**ANSWERS, "q1": released("q1")})
    notebook["cells"] += [_code("def square(x): return x * x"), _code("act_and_grad = square")]
    assembled = _assemble(notebook)
    sources = [cell["source"] for cell in assembled.notebook["cells"]]
    assert sources.index("def square(x): return x * x") < sources.index("act_and_grad = square")
    assert labelled(assembled.notebook, "q1")["source"] == "act_and_grad = square"
    assert released("q1") not in sources


def test_setup_that_was_deleted_comes_before_everything_of_the_students() -> None:
    master = copy.deepcopy(MASTER)
    flags = {"grade": False, "locked": True, "solution": False, "schema_version": 3, "task": False}
    master["cells"][1]["metadata"]["nbgrader"] = {"grade_id": "setup", **flags}
    notebook = {**submitted(), "cells": [_code(f"{ANSWERS['q1']}\n{ANSWERS['q2']}")]}
    read, _ = read_notebook(as_bytes(notebook))
    assembled = assemble(Submission("alice", ASSIGNMENT.id, "0", read, "test"), ASSIGNMENT, master)
    assert [c["source"] for c in assembled.notebook["cells"]][:3] == [
        "# 기울기 소실", "import math", notebook["cells"][0]["source"],
    ]  # fmt: skip


@pytest.mark.parametrize("joined", [True, False])
def test_what_was_added_to_a_locked_cell_runs_beside_it_in_a_cell_of_its_own(joined: bool) -> None:
    notebook = submitted({**ANSWERS, "q1": released("q1")} if joined else ANSWERS)
    added = ANSWERS["q1"] if joined else "import torch"
    labelled(notebook, "q1-check")["source"] = f'{added}\n\ncheck("q1")'
    assembled = _assemble(notebook)
    sources = [cell["source"] for cell in assembled.notebook["cells"]]
    assert sources.count('check("q1")') == sources.count(added) == 1
    assert sources.index('check("q1")') - sources.index(added) == (1 if joined else -1)
    told = [("cell-adopted", "q1"), ("locked-cell-added", "q1-check")]
    assert _found(assembled) == (told if joined else told[1:])


def test_a_formatter_makes_neither_an_edit_nor_an_answer() -> None:
    notebook = submitted({"q2": ANSWERS["q2"]})
    labelled(notebook, "q1-check")["source"] = "check( 'q1' )"
    labelled(notebook, "q1")["source"] = "def act_and_grad( x ):\n\n    raise NotImplementedError\n"
    assert _found(_assemble(notebook)) == [("unanswered", "q1"), ("unanswered", "reflection")]


OTHER = Fingerprint("02-weight-init", frozenset({"## 다른 과제의 글"}), frozenset({"he_init", "train"}))


@pytest.mark.parametrize(
    ("cells", "stated", "code"),
    [
        (["x = 1"], "", "no-answers"),
        (["def he_init(): return 1"], "", "assignment-mismatch"),
        (["x = 1", "## 다른 과제의 글"], "", "assignment-mismatch"),
        (["x = 1"], "02-weight-init", "assignment-mismatch"),
        (["def he_init(): return 1", ANSWERS["q1"], ANSWERS["q2"]], "", ""),
        ([ANSWERS["q1"], ANSWERS["q2"]], "02-weight-init", ""),
        ([ANSWERS["q1"]], "", ""),
    ],
)
def test_a_notebook_without_this_assignments_answers_is_for_a_person(cells: list[str], stated: str, code: str) -> None:
    notebook = {**submitted(), "cells": [_code(source) for source in cells]}
    notebook["metadata"] = {**notebook["metadata"], STATED: {"assignment": stated}}
    read, _ = read_notebook(as_bytes(notebook))
    submission = Submission("alice", ASSIGNMENT.id, "0", read, "test")
    found = assemble(submission, ASSIGNMENT, MASTER, lambda: [OTHER]).verdicts
    assert [v.code for v in found if v.fatal] == ([code] if code else [])


def test_a_syntax_error_names_cell_and_line_and_the_others_still_count() -> None:
    notebook = submitted({**ANSWERS, "q1": "def act_and_grad(x):\n    return (x"})
    notebook["cells"].append(_code("ok = 1\n\nif"))
    assembled = _assemble(notebook)
    assert _found(assembled) == [("syntax-error", "q1"), ("syntax-error", "9")]
    assert "'q1' 셀 2번째 줄" in assembled.verdicts[0].message
    assert "10번째 셀 3번째 줄" in assembled.verdicts[1].message
    assert labelled(assembled.notebook, "q2")["source"] == ANSWERS["q2"]


def test_a_text_answer_made_a_code_cell_becomes_text_again() -> None:
    notebook = submitted()
    labelled(notebook, "reflection").update(cell_type="code", outputs=[], execution_count=None)
    assembled = _assemble(notebook)
    assert labelled(assembled.notebook, "reflection")["cell_type"] == "markdown"
    assert _found(assembled) == [("cell-type-changed", "reflection")]


def test_a_submission_that_could_not_be_read_is_not_assembled() -> None:
    with pytest.raises(ValueError, match="no notebook"):
        assemble(Submission("alice", ASSIGNMENT.id, "0", None, "test"), ASSIGNMENT, MASTER)


CHANGED = dataclasses.replace(
    ASSIGNMENT,
    questions=tuple(
        dataclasses.replace(q, formerly=("old_forward",)) if q.id == "q2" else q for q in ASSIGNMENT.questions
    ),
)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("def old_forward(x):\n    return [x]", True),
        ("def forward(x):\n    return [x]", False),
        ("def old_forward(x):\n    return [x]\ndef forward(x):\n    return old_forward(x)", False),
        ("def other(x):\n    return [x]", False),
    ],
    ids=["as-before", "as-now", "both", "neither"],
)
def test_who_answered_as_an_earlier_release_asked_is_told_so(answer: str, told: bool) -> None:
    read, _ = read_notebook(as_bytes(submitted({**ANSWERS, "q2": answer})))
    found = assemble(Submission("alice", CHANGED.id, "0", read, "test"), CHANGED, MASTER).verdicts

    changed = [v for v in found if v.code == "question-changed"]
    assert [v.cell for v in changed] == (["q2"] if told else [])
    assert all("'old_forward'만" in v.message and not v.fatal for v in changed)
