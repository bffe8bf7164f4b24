"""What students were given: equal to nbgrader's own clearing, and free of solutions."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import nbformat
import pytest
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions

from autograder.catalog import assignments, read_master
from autograder.errors import AssignmentError
from autograder.intake import assemble, notebook_digest, read_notebook
from autograder.intake.release import CODE_STUB, TEXT_STUB, released_cells
from autograder.model import Assignment, Submission

from .sample import MASTER, SECRET, labelled

REAL = [a for a in assignments(Path(__file__).parents[2])[0] if a.master is not None]


MASTERS = [pytest.param(MASTER, id="sample"), *(pytest.param(read_master(a), id=a.id) for a in REAL)]


@pytest.mark.parametrize("master", MASTERS)
def test_the_released_text_of_every_cell_is_what_nbgrader_releases(master: dict[str, object]) -> None:
    theirs = nbformat.from_dict(_joined(master))
    clear = ClearSolutions(code_stub={"python": CODE_STUB}, text_stub=TEXT_STUB)
    theirs, _ = clear.preprocess(theirs, {})
    theirs, _ = ClearHiddenTests().preprocess(theirs, {})
    cells = released_cells(master)
    assert len(cells) > 5
    for cell in cells:
        assert cell.source == labelled(theirs, cell.grade_id)["source"]


@pytest.mark.parametrize("assignment", REAL, ids=lambda a: a.id)
def test_a_real_assignment_fits_its_own_master_answered_and_unanswered(assignment: Assignment) -> None:
    master = read_master(assignment)
    released = {cell.grade_id: cell.source for cell in released_cells(master)}
    for sources, expected in (({}, set()), (released, {("template-untouched", None)})):
        handed_in = _joined(master)
        for cell in handed_in["cells"]:
            label = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
            cell["source"] = sources.get(label, cell["source"])
        notebook, verdicts = read_notebook(json.dumps(handed_in).encode())
        assert notebook is not None and verdicts == ()
        submission = Submission("alice", assignment.id, notebook_digest(notebook), notebook, "test")
        assembled = assemble(submission, assignment, master)
        assert {(v.code, v.cell) for v in assembled.verdicts} == expected
        assert [c["source"] for c in assembled.notebook["cells"]] == [c["source"] for c in notebook["cells"]]


def _joined(master: dict[str, object]) -> dict[str, object]:
    notebook = copy.deepcopy(master)
    for cell in notebook["cells"]:  # type: ignore[attr-defined]
        cell["source"] = "".join(cell["source"])
    return notebook


def test_a_whole_solution_cell_without_regions_becomes_the_stub() -> None:
    master = copy.deepcopy(MASTER)
    labelled(master, "q1")["source"] = f"def act_and_grad(x):\n    return {SECRET}"
    sources = {cell.grade_id: cell.source for cell in released_cells(master)}
    assert sources["q1"] == CODE_STUB
    assert sources["reflection"] == TEXT_STUB


@pytest.mark.parametrize(
    "source",
    [
        "### BEGIN SOLUTION\nx = 1",
        "### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION",
        "### BEGIN SOLUTION\n### END SOLUTION\n### BEGIN HIDDEN TESTS\nx",
    ],
)
def test_a_region_that_does_not_end_is_the_instructors_error_and_never_released(source: str) -> None:
    master = copy.deepcopy(MASTER)
    labelled(master, "q1")["source"] = source
    with pytest.raises(AssignmentError, match="master-invalid"):
        released_cells(master)


def test_a_master_with_one_grade_id_twice_is_refused() -> None:
    master = copy.deepcopy(MASTER)
    master["cells"].append(labelled(master, "q1"))
    with pytest.raises(AssignmentError, match="master-invalid"):
        released_cells(master)
