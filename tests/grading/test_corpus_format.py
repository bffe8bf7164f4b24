"""The format of a corpus case (`autograder.corpus`), on a small master made here."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from autograder.catalog import load_assignment
from autograder.corpus import Case, Edit, build_notebook, main, read_case
from autograder.errors import AssignmentError
from autograder.intake import read_notebook, read_source

ROOT = Path(__file__).parent.parent.parent
CORPUS = ROOT / "tests" / "corpus"


def _cell(kind: str, source: str | list[str], grade_id: str = "", **marks: bool) -> dict[str, Any]:
    nbgrader = {"grade_id": grade_id, "solution": False, "grade": False, "locked": False, "schema_version": 3, **marks}
    cell: dict[str, Any] = {"cell_type": kind, "id": grade_id or f"c{len(source)}", "source": source}
    cell["metadata"] = {"nbgrader": nbgrader} if grade_id else {}
    return {**cell, "outputs": [{"output_type": "stream"}], "execution_count": 3} if kind == "code" else cell


CHECK = 'check("q1")\n### BEGIN HIDDEN TESTS\nassert f(1)\n### END HIDDEN TESTS'
EXPERIMENT = "plot(f)  # experiment"
MASTER = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {},
    "cells": [
        _cell("code", "import math"),
        _cell(
            "code",
            ["def f(x):\n", "    ### BEGIN SOLUTION\n", "    return x\n", "    ### END SOLUTION"],
            "q1",
            solution=True,
        ),
        _cell(
            "code", 'check("q1")\n### BEGIN HIDDEN TESTS\nassert f(1)\n### END HIDDEN TESTS', "q1-check", locked=True
        ),
        _cell("code", EXPERIMENT),
        _cell("markdown", "모범 답안", "reflection", solution=True, grade=True),
    ],
}


def _read(tmp_path: Path, text: str) -> Case:
    path = tmp_path / "someone.py"
    path.write_text(text, encoding="utf-8")
    return read_case(path)


def _sources(notebook: dict[str, Any]) -> list[str]:
    return [cell["source"] for cell in notebook["cells"]]


def test_a_case_reads_its_header_and_its_edits(tmp_path: Path) -> None:
    case = _read(
        tmp_path, "# about: x\n# question: q1\n# loses: a, b\n# loses: c\n\n# %% q1\nx = 1\n\n# %% drop q1-check\n"
    )
    assert (case.name, case.about, case.question, case.loses) == ("someone", "x", "q1", ("a", "b", "c"))
    assert case.edits == (Edit("replace", "q1", "x = 1"), Edit("drop", "q1-check"))


def test_without_edits_the_masters_solution_stays_but_no_marker_output_or_hidden_test(tmp_path: Path) -> None:
    before = copy.deepcopy(MASTER)
    notebook = build_notebook(_read(tmp_path, "# about: x\n"), MASTER)
    assert _sources(notebook)[1:3] == ["def f(x):\n    return x", 'check("q1")']
    assert all(
        c["outputs"] == [] and c["execution_count"] is None for c in notebook["cells"] if c["cell_type"] == "code"
    )
    assert before == MASTER


def test_cells_are_replaced_inserted_in_order_blanked_and_dropped(tmp_path: Path) -> None:
    text = "# about: x\n# %% blank q1\n# %% before q1\na\n# %% after q1\nb\n# %% after q1\nc\n# %% drop q1-check\n"
    notebook = build_notebook(_read(tmp_path, text + "# %% reflection\n# 나의 글\n#\n# 끝\n"), MASTER)
    sources = _sources(notebook)
    assert sources[:2] + sources[3:] == ["import math", "a", "b", "c", EXPERIMENT, "나의 글\n\n끝"]
    assert "NotImplementedError" in sources[2]
    assert "return x" not in sources[2]
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])


def test_dropping_experiments_keeps_the_setup_and_the_students_own_cells(tmp_path: Path) -> None:
    text = "# about: x\n# %% after q1\nmine\n# %% drop experiments\n"
    sources = _sources(build_notebook(_read(tmp_path, text), MASTER))
    assert [s for s in sources if s in ("import math", "mine", EXPERIMENT)] == ["import math", "mine"]


@pytest.mark.parametrize(
    "text",
    [
        "# %% q1\nx",
        "# about: x\n# colour: red\n",
        "# about: x\nprint()\n# %% q1\nx",
        "# about: x\n# %% q1\n",
        "# about: x\n# %% drop q1\nx",
        "# about: x\n# %% after the q1\nx",
    ],
    ids=["no about", "unknown key", "code before cells", "no source", "source to drop", "two targets"],
)
def test_a_malformed_case_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(AssignmentError, match="corpus-invalid"):
        _read(tmp_path, text)


def test_an_edit_of_an_unknown_cell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssignmentError, match="corpus-invalid"):
        build_notebook(_read(tmp_path, "# about: x\n# %% q9\nx\n"), MASTER)


def test_the_command_writes_the_sample_class_as_nbgraders_submitted_folder(tmp_path: Path) -> None:
    assert main([str(CORPUS), str(tmp_path)]) == 0
    students = {path.stem for path in CORPUS.glob("*/class/*.py")}
    others = {path.name for path in CORPUS.glob("*/class/*") if path.is_dir()}
    assert others
    assert {path.parts[-3] for path in tmp_path.glob("*/*/*.ipynb")} == students | others
    for path in tmp_path.glob("*/*/*.ipynb"):
        if path.parts[-3] in students:
            assert path.name == load_assignment(path.parts[-2], ROOT).notebook
            assert read_notebook(path.read_bytes())[0] is not None


def test_who_handed_in_other_than_one_notebook_waits_for_a_person(tmp_path: Path) -> None:
    """The demo shows what staff see of such work; everybody else in it has a score."""
    main([str(CORPUS), str(tmp_path)])
    found = {}
    for folder in CORPUS.glob("*/class"):
        assignment = load_assignment(folder.parent.name, ROOT)
        others = [path.name for path in folder.iterdir() if path.is_dir()]
        for submission in read_source(tmp_path, assignment, only=others):
            found[submission.student] = submission.fatal and submission.fatal.code
    assert found == {"seo-eunji": "answers-in-several", "bae-sumin": "notebook-is-html"}
