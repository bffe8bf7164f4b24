"""Cells have one number everywhere: the one that a student can count in the notebook as it was handed in."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from autograder.cells import cell_key, cell_number, cell_place, numbered
from autograder.intake.findings import verdict
from autograder.intake.notebook import read_notebook
from autograder.judge.inprocess import InProcessSandbox
from autograder.judge.notebook import NotebookRun
from autograder.judge.outcomes import Scene
from autograder.model import CellRun, Limits, Verdict
from autograder.report import feedback_html
from autograder.report.notebook_view import view_notebook
from autograder.terminal import print_record
from tests.report import records as sample


def test_a_cell_has_the_number_that_assembly_wrote_and_else_its_place() -> None:
    assert cell_number({"metadata": {"autograder": {"cell": 3}}}, 9) == 3
    assert cell_number({"metadata": {}}, 9) == cell_number({}, 9) == 10
    assert cell_number({"metadata": {"autograder": {"cell": 0}}}, 9) == 0


@pytest.mark.parametrize("stated", [None, True, -1, "3", 1.0, [3], 10**9])
def test_what_is_no_number_is_none(stated: object) -> None:
    assert cell_number({"metadata": {"autograder": {"cell": stated}}}, 9) == 0
    assert cell_number({"metadata": stated}, 9) == 10


def test_a_verdict_tells_the_same_number_that_its_cell_has() -> None:
    assert cell_place(cell_key("", 3)) == numbered(3) == "3번째 셀"
    assert cell_place(cell_key("q1", 3)) == "q1"
    assert verdict("cell-invalid", cell=cell_key("", 3)).message.startswith("3번째 셀을")


def test_a_cell_that_cannot_be_read_does_not_change_the_numbers_behind_it() -> None:
    cells = '[null, 3, {"cell_type": "code", "source": ["x = 1"], "metadata": {}}]'
    notebook, found = read_notebook(f'{{"nbformat": 4, "cells": {cells}}}'.encode())
    assert notebook is not None
    assert [cell["source"] for cell in notebook["cells"]] == ["", "", "x = 1"]
    assert [v.cell for v in found] == ["0", "1"]


def _cell(source: str, number: int | None, kind: str = "code") -> dict[str, Any]:
    metadata = {} if number is None else {"autograder": {"cell": number}}
    return {"cell_type": kind, "id": f"c{number}", "metadata": metadata, "source": source, "outputs": []}


@pytest.fixture
def assembled() -> dict[str, Any]:
    """The third of four cells was not handed in; three of the student's own were left out."""
    cells = [_cell("x = 1", 1), _cell("글", 3, "markdown"), _cell("locked = 1", 0), _cell("y = 1\n1 / 0", 6)]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


class _Sandbox(InProcessSandbox):
    def checkpoint(self) -> None:
        pass

    def settle(self) -> None:
        pass


def test_the_judge_numbers_a_cell_as_it_was_handed_in(assembled: dict[str, Any]) -> None:
    assembled["cells"][3]["source"] = "print('x' * 5000)\n1 / 0"
    notebook = NotebookRun(assembled, _Sandbox, [], Limits(output_kb=1))
    notebook.run()
    assert [(run.index, run.number, run.status) for run in notebook.cells] == [
        (0, 1, "ok"),
        (2, 0, "ok"),
        (3, 6, "error"),
    ]
    (told,) = notebook.verdicts
    assert told.message.startswith("6번째 셀의 출력이") and cell_place(told.cell or "") == "6번째 셀"
    scene = Scene(notebook.cells, [], notebook.grade_ids, numbers=notebook.numbers)
    assert scene.cell_name(3) == "6번째 셀"


def test_the_page_shows_the_same_number_in_every_place(assembled: dict[str, Any], tmp_path: Path) -> None:
    view = view_notebook(assembled)
    assert [cell.number for cell in view.cells] == [1, 3, 0, 6]
    assert view.line_of(3, 2) == "1 / 0"

    runs = (CellRun(3, "", "error", "ZeroDivisionError", 2, number=6),)
    record = sample.record(executed=assembled, cells=runs, verdicts=(Verdict("cell-error", "말", cell="5"),))
    html = feedback_html(record, sample.assignment())
    assert html.count("6번째 셀") == 3, "where it stopped, what was found, the notebook itself"
    assert "4번째 셀" not in html and "코드 셀 " not in html

    out = io.StringIO()
    print_record(Console(file=out, width=200), record, tmp_path / "a.json")
    assert out.getvalue().count("6번째 셀") == 2 and "3번째" not in out.getvalue()


def test_a_record_without_numbers_is_told_by_place() -> None:
    cells = (CellRun(1, "", "timeout"), CellRun(2, "setup", "timeout"))
    html = feedback_html(sample.record(executed=None, cells=cells), sample.assignment())
    assert "2번째 셀" in html and "<code>setup</code> 셀" in html
