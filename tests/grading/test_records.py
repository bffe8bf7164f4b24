"""Record files: whole or not there, readable again, one for each student."""

import json
import os
from pathlib import Path

import pytest

from autograder.errors import IntakeError
from autograder.grading.records import file_stem, read_record, write_atomically, write_record
from autograder.model import (
    RECORD_SCHEMA,
    CellRun,
    GradeRecord,
    Outcome,
    QuestionScore,
    RecordState,
    TestOutcome,
    Verdict,
)

RECORD = GradeRecord(
    student="김 민준/..",
    assignment="01-x",
    digest="d" * 64,
    suite_hash="s",
    grader_version="1",
    state=RecordState.NEEDS_STAFF,
    score=None,
    possible=100,
    questions=(QuestionScore("q1", None, 12, "needs-staff"),),
    tests=(TestOutcome("test_a", "q1", "제목", 3, Outcome.ERROR, "안내", "detail", 0.1, badge=True, carried=True),),
    cells=(CellRun(3, "q1", "error", "ValueError", 2, 0.1),),
    verdicts=(Verdict("syntax-error", "문법", cell="q1"),),
    executed={"cells": []},
    reasons=("test-error",),
    environment={"torch": "2.13"},
    seeds={"notebook": 1},
)


def test_a_record_survives_the_file_unchanged(tmp_path: Path) -> None:
    path = write_record(tmp_path / "records", RECORD)
    assert read_record(path) == RECORD
    assert json.loads(path.read_text(encoding="utf-8"))["schema"] == RECORD_SCHEMA


def test_different_students_never_share_a_file_name() -> None:
    names = ["kim", "kim/", "kim ", "kim\n", "KIM", "..", ".", "김", "a/../b", "a_.._b", "x" * 300, "x" * 301]
    stems = [file_stem(n, "01") for n in names]
    assert len(set(stems)) == len(names)
    assert all("/" not in s and not s.startswith(".") and len(s) < 120 for s in stems)


def test_a_failed_write_leaves_the_old_file_and_no_scrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    write_atomically(path, "old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema": 99}', "\x00"])
def test_what_is_no_record_is_refused_with_a_code(tmp_path: Path, text: str) -> None:
    path = tmp_path / "r.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(IntakeError, match="record-unreadable"):
        read_record(path)
