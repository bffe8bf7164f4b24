"""Old results that a wall clock decided are found, whichever grader made them, and graded again; no others."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.grading import engines
from autograder.grading.again import lost_to_a_clock, works_to_grade_again
from autograder.grading.engines import Engine
from autograder.grading.identity import grader_version
from autograder.grading.ledger import Ledger
from tests.bench import material
from tests.grading.tried import keep_passed

ID = material.ASSIGNMENT
CALL = "제한 시간(10초) 안에 끝나지 않았습니다. 끝나지 않는 반복문이 없는지 확인해 보세요."
QUESTION = "이 문항의 채점 시간(30초)을 앞선 테스트에서 모두 썼습니다. 느린 부분을 확인해 보세요."
CELL = "`double` 함수가 정의되어 있지 않아 채점하지 못했습니다. `q1` 셀의 실행이 제한 시간 안에 끝나지 않았습니다."


def old(
    outcome: str = "passed", message: str = "", *, status: str = "ok", score: float | None = 60.0
) -> dict[str, Any]:
    """What matters of a record of version 1."""
    test = {"name": "test_a", "question": "q1", "title": "두 배", "points": 100, "outcome": outcome, "message": message}
    cells = [{"index": 0, "grade_id": "", "status": status}]
    return {"schema": 1, "score": score, "possible": 100.0, "tests": [test], "cells": cells, "verdicts": []}


@pytest.mark.parametrize(
    ("record", "found"),
    [
        (old("failed", CALL), True),
        (old("failed", QUESTION), True),
        (old("blocked", QUESTION), True),
        (old("blocked", CELL), True),
        (old(status="timeout"), True),
        (old(status="timeout", score=None), True),
        ({**old(), "verdicts": [{"code": "notebook-timeout"}]}, True),
        (old(status="timeout", score=100.0), False),
        (old("passed", CALL), False),
        (old("failed", "기대한 결과와 다릅니다."), False),
        (old("error", CALL), False),
        (old(), False),
        ({**old("failed", CALL), "schema": 2}, False),
        ({"schema": 2, "score": None, "reasons": ["machine-busy"]}, True),
        ({"schema": 2, "score": None, "reasons": ["infrastructure"]}, False),
        ({"schema": 2, "score": 40.0, "cells": [{"status": "timeout", "limit": "cpu"}]}, False),
    ],
)
def test_which_results_a_clock_decided(record: dict[str, Any], found: bool) -> None:
    assert lost_to_a_clock(record) is found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    material.write_ours(tmp_path)
    monkeypatch.setenv("AUTOGRADER_SUITES", str(tmp_path / "suites"))
    keep_passed(tmp_path / "graded", ID, tmp_path)
    (tmp_path / "inbox").mkdir()
    for student in ("kim", "lee", "park", "choi"):
        notebook = material.submission(tests_inside=False)
        notebook.cells[2].source += f"\n# {student}"
        nbformat.write(notebook, tmp_path / "inbox" / f"{student}.ipynb")
    return tmp_path


@pytest.fixture
def graded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[dict[str, Any], list[str]]]:
    """Run ``autograder grade`` with an engine that gives everybody all points; returns summary and who was graded."""
    seen: list[str] = []

    def grade_job(job: dict[str, Any], _silence: float) -> dict[str, Any]:
        seen.append(next(s for s in ("kim", "lee", "park", "choi") if f"# {s}" in json.dumps(job["notebook"])))
        test = {"name": "test_a", "question": "q1", "title": "두 배", "points": 100, "outcome": "passed"}
        return {"tests": [test], "cells": [], "executed": job["notebook"]}

    @contextlib.contextmanager
    def open_engine(_spec: str, count: int, *, unsafe: bool = False) -> Iterator[Engine]:
        del unsafe
        with ThreadPoolExecutor(count) as executor:
            yield Engine(executor, grade_job, count, grade_job, 0, lambda: [])

    monkeypatch.setattr(engines, "open_engine", open_engine)

    def run(*options: str) -> tuple[dict[str, Any], list[str]]:
        seen.clear()
        arguments = ["grade", ID, str(folder / "inbox"), "--out", str(folder / "graded"), "--root", str(folder)]
        done = CliRunner().invoke(main, [*arguments, "--slots", "1", *options, "--json"])
        summary = json.loads(done.stdout)
        assert done.exit_code == (3 if summary["needs_staff"] else 0), done.output
        return summary, sorted(seen)

    return run


def make_old(folder: Path, student: str, changes: dict[str, Any], *, grader: str = "0.1.0+old") -> None:
    """Turn a student's row into one that an older grader wrote."""
    with contextlib.closing(sqlite3.connect(folder / "graded" / "ledger.db")) as database:
        ((row, text),) = database.execute("select id, record from jobs where student = ?", (student,)).fetchall()
        record = {**json.loads(text), **changes, "grader_version": grader}
        database.execute(
            "update jobs set grader_version = ?, record = ? where id = ?", (grader, json.dumps(record), row)
        )
        database.commit()


def test_only_what_a_clock_decided_is_graded_again_under_todays_grader(
    folder: Path, graded: Callable[..., tuple[dict[str, Any], list[str]]]
) -> None:
    """All rows are an older grader's: without the option everybody would be graded again."""
    assert len(graded()[1]) == 4
    make_old(folder, "kim", old("failed", CALL))
    make_old(folder, "lee", {"schema": 1, "score": 75.0})
    make_old(folder, "park", old(status="timeout"))
    make_old(folder, "choi", {"schema": 1, "score": 50.0})
    summary, seen = graded("--again-timeouts")
    assert seen == ["kim", "park"]
    assert (summary["again"], summary["cached"], summary["submissions"]) == (2, 2, 4)
    assert summary["scores"] == {"choi": 50.0, "kim": 100, "lee": 75.0, "park": 100}
    csv = (folder / "graded" / "grades.csv").read_text(encoding="utf-8-sig")
    assert "50" in csv
    assert "75" in csv

    summary, seen = graded("--again-timeouts")
    assert seen == []
    assert summary["again"] == 0
    assert summary["scores"] == {"choi": 50.0, "kim": 100, "lee": 75.0, "park": 100}


def test_what_a_busy_machine_left_is_graded_again(
    folder: Path, graded: Callable[..., tuple[dict[str, Any], list[str]]]
) -> None:
    graded()
    make_old(folder, "kim", {"score": None, "state": "needs-staff", "reasons": ["machine-busy"]})
    make_old(folder, "lee", {"score": None, "state": "needs-staff", "reasons": ["test-error"]})
    _, seen = graded("--again-timeouts")
    assert seen == ["kim"]


def test_a_row_of_todays_grader_is_graded_again_too(
    folder: Path, graded: Callable[..., tuple[dict[str, Any], list[str]]]
) -> None:
    graded()
    make_old(folder, "kim", old("failed", CALL), grader=grader_version())
    assert graded("--again-timeouts")[1] == ["kim"]


def test_an_interrupted_run_of_it_goes_on_where_it_was(
    folder: Path, graded: Callable[..., tuple[dict[str, Any], list[str]]]
) -> None:
    """The row of today's grader is there, queued or leased, and has no result yet; the old one still says why."""
    graded()
    make_old(folder, "kim", old("failed", CALL))
    ledger = Ledger(folder / "graded" / "ledger.db")
    ((student, digest),) = works_to_grade_again(ledger, ID)
    assert student == "kim"
    ledger.close()
    same = "assignment, student, digest, suite_hash, secret_id, device, source, received_at"
    with contextlib.closing(sqlite3.connect(folder / "graded" / "ledger.db")) as database:
        database.execute(
            f"insert into jobs ({same}, grader_version, state, attempts, seen, lease_token, trouble)"
            f" select {same}, 'today', 'queued', 0, 99, 1, '' from jobs where student = 'kim'"
        )
        database.commit()
    assert graded("--again-timeouts")[1] == ["kim"]
    assert digest


def test_work_that_was_never_graded_is_left_alone(
    folder: Path, graded: Callable[..., tuple[dict[str, Any], list[str]]]
) -> None:
    summary, seen = graded("--again-timeouts")
    assert seen == []
    assert summary["never_graded"] == 4
    assert len(graded()[1]) == 4


def test_all_and_only_some_cannot_be_asked_for_together(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["grade", ID, str(tmp_path), "--regrade", "--again-timeouts"])
    assert done.exit_code == 2
