"""Whose fault it is: one table decides for reasons, the summary, the exit status, reports, pages and the plug-in."""

from __future__ import annotations

import dataclasses
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rich.console import Console

from autograder import session
from autograder.cli import main
from autograder.grading import fault, pipeline
from autograder.grading.ledger import JobKey, Ledger
from autograder.grading.pipeline import Run, grade
from autograder.intake import Assembled
from autograder.model import Assignment, GradeRecord, Limits, Question, RecordState, Submission, Verdict
from autograder.report import class_report_html
from autograder.report.words import reasons_of
from autograder.session import Summary
from autograder.terminal import print_summary

ASSIGNMENT = Assignment(
    "01", "x", 10, (Question("q1", "하나", 10),), Limits(), "cpu", "x.ipynb", (), Path("suites/01"), "suite", None
)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    def assemble(submission: Submission, *_: Any) -> Any:
        if submission.student == "breaks-assembly":
            raise RecursionError
        return Assembled(notebook={"student": submission.student}, verdicts=())

    monkeypatch.setattr(pipeline, "assemble", assemble)
    key = JobKey("suite", "1", "secret", "cpu")
    return Run(ASSIGNMENT, {}, {}, Ledger(tmp_path / "ledger.db"), key, b"x" * 16, "me")


class Course:
    """Grades students who are called what becomes of them, and counts how often each was graded."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.jobs: list[str] = []

    def job(self, job: dict[str, Any], _silence: float) -> dict[str, Any]:
        student = job["notebook"]["student"]
        self.jobs.append(student)
        if student == "machine":
            raise OSError("the disk is gone")
        outcome = {"test-raises": "error"}.get(student, "failed")
        test = {"name": "test_a", "question": "q1", "title": "가", "points": 10, "outcome": outcome, "detail": "..."}
        return {"tests": [] if student == "lost" else [test], "cells": [], "executed": {"cells": []}}

    def graded(self, *students: str) -> Summary:
        summary = Summary(ASSIGNMENT, Path("graded"))
        unreadable = (Verdict("notebook-not-json", "깨짐", fatal=True),)
        works = [
            Submission(s, "01", s.ljust(64, "0"), {}, "here", verdicts=unreadable if s == "unreadable" else ())
            for s in students
        ]
        with ThreadPoolExecutor(1) as executor:
            for progress in grade(self.run, works, executor, self.job, window=1):
                summary.add(progress)
        return summary


@pytest.fixture
def course(run: Run) -> Course:
    return Course(run)


OURS = {
    "machine": fault.INFRASTRUCTURE,
    "breaks-assembly": fault.ASSEMBLY_FAILED,
    "test-raises": fault.TEST_ERROR,
    "lost": fault.TESTS_MISSING,
}


@pytest.mark.parametrize(("student", "reason"), OURS.items())
def test_trouble_of_ours_is_told_as_ours_everywhere(course: Course, student: str, reason: str) -> None:
    summary = course.graded(student, "wrong", "unreadable")

    (record,) = summary.troubled
    assert (record.student, fault.ours(record), record.score) == (student, {reason}, None)
    out = io.StringIO()
    print_summary(Console(file=out, width=200), summary)
    assert "1건은 학생이 아니라 채점기나 시험지, 장비의 문제로 점수가 없습니다." in out.getvalue()
    page = class_report_html(summary.records, ASSIGNMENT)
    assert "이 가운데 1건은 채점기나 시험지, 장비의 문제로 점수가 없습니다." in page
    ((code, sentence, _),) = reasons_of(record)
    assert code == reason and sentence in page


def test_what_a_student_did_is_no_fault_of_ours(course: Course) -> None:
    summary = course.graded("wrong", "unreadable")

    assert summary.troubled == []
    assert [fault.ours(record) for record in summary.records] == [frozenset(), frozenset()]


@pytest.mark.parametrize(("students", "status"), [(["wrong", "unreadable"], 0), (["wrong", "test-raises"], 3)])
def test_a_test_that_raises_ends_with_status_3(
    course: Course, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, students: list[str], status: int
) -> None:
    monkeypatch.setattr(session, "grade_class", lambda *_: course.graded(*students))

    done = CliRunner().invoke(main, ["grade", "01", str(tmp_path)])

    assert done.exit_code == status, done.output


def test_only_trouble_that_passes_is_graded_again_by_the_next_run(course: Course) -> None:
    """The suite is the same, and so is the test in it that raises."""
    students = [*OURS, "wrong"]
    course.graded(*students)
    course.jobs.clear()

    again = course.graded(*students)

    assert set(course.jobs) == {"machine"}
    assert len(again.troubled) == len(OURS), "what was not graded again is still without a grade"
    assert pipeline.OURS == fault.GRADED_AGAIN < fault.OUR_FAULT


def test_a_flagged_record_that_has_its_grade_is_not_without_one(course: Course) -> None:
    (record,) = course.graded("wrong").records
    badge_raised = dataclasses.replace(record, reasons=(fault.TEST_ERROR,), state=RecordState.NEEDS_STAFF)

    assert fault.ours(badge_raised) == {fault.TEST_ERROR}
    assert not fault.without_grade(badge_raised)


def test_the_documents_name_every_reason_that_is_ours() -> None:
    documents = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("docs/grading.md", "README.md")}
    for reason in fault.OUR_FAULT:
        assert f"`{reason}`" in str(fault.__doc__)
        for name, text in documents.items():
            assert f"`{reason}`" in text, name
    korean = (ROOT / "README.ko.md").read_text(encoding="utf-8")
    assert all(f"`{reason}`" in korean for reason in fault.OUR_FAULT)


def show(record: GradeRecord) -> str:
    from autograder.terminal import print_record

    out = io.StringIO()
    print_record(Console(file=out, width=100, force_terminal=True, color_system="standard"), record, Path("a.json"))
    return out.getvalue()


HOSTILE = "first\x1b[2K\x1b[1A\x9b31m forged\r\n[red]no markup[/red]\u202e " + "x" * 120 + " end"


def test_show_prints_every_verdict_with_its_cell_and_its_detail(course: Course) -> None:
    (record,) = course.graded("wrong").records
    verdicts = (
        Verdict("cell-error", "오류가 났습니다.", cell="5", detail="NameError\nline 2"),
        Verdict("forged-frame", "형식을 어겼습니다.", fatal=True, detail=HOSTILE),
        Verdict("no-detail", "그냥"),
    )

    text = show(dataclasses.replace(record, verdicts=verdicts))

    for expected in ("cell-error", "6번째 셀", "forged-frame", "형식을 어겼습니다.", "no-detail"):
        assert expected in text
    indented = [line for line in text.splitlines() if "\x1b[2m" in line]
    assert any("NameError" in line for line in indented) and any("line 2" in line for line in indented)


def test_no_detail_steers_the_terminal_or_passes_for_a_line_of_ours(course: Course) -> None:
    (record,) = course.graded("test-raises").records
    verdicts = (Verdict("forged-frame", "형식을 어겼습니다.", detail=HOSTILE),)
    tests = tuple(dataclasses.replace(test, detail=HOSTILE) for test in record.tests)

    text = show(dataclasses.replace(record, verdicts=verdicts, tests=tests, student="kim\x1b]0;title\x07"))

    for steering in ("\x1b[2K", "\x1b[1A", "\x1b]", "\x07", "\x9b", "\r", "\u202e"):
        assert steering not in text
    assert text.count("\\x1b[2K\\x1b[1A\\x9b31m forged") == 2
    assert text.count("[red]no markup[/red]") == 2
    for line in text.splitlines():
        if any(word in line for word in ("forged\x1b", "no markup", "xxx", " end")):
            assert line.lstrip("\x1b[0123456789m").startswith("      "), line


def test_show_tells_what_is_ours_with_its_sentence_and_the_test_that_raised(course: Course) -> None:
    text = show(course.graded("test-raises").records[0])
    assert "test-error" in text and "채점 테스트가 스스로 실패했습니다." in text
    assert "      test_a" in text.replace("\x1b[2m", "")


def test_an_error_of_the_command_line_steers_no_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from autograder.errors import InfrastructureError

    def fail(*_: Any) -> None:
        raise InfrastructureError("engine-lost", "끊어졌습니다.", detail=HOSTILE)

    monkeypatch.setattr(session, "grade_class", fail)
    done = CliRunner().invoke(main, ["grade", "01", str(tmp_path)])
    assert done.exit_code == 5
    assert "engine-lost" in done.output and "\\x1b[2K" in done.output
    assert not {"\x1b", "\x9b", "\u202e"} & set(done.output)
