"""What the machine is too busy for: others overtake it, it is graded alone, then staff have one button for all."""

from __future__ import annotations

import dataclasses
import threading
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import InfrastructureError
from autograder.grading import pipeline
from autograder.model import GradeRecord, RecordState, Verdict
from autograder.service import views
from autograder.service.desk import Desk
from autograder.service.receipt import Receipt
from autograder.service.receipts import Receipts
from tests.grading.tried import keep_passed
from tests.report import records as sample
from tests.service.conftest import REAL, desk_of, hand_in, result
from tests.service.course import ID, Course
from tests.service.web import Web

BUSY = InfrastructureError("machine-busy", "채점 장비가 바쁩니다.", detail="call q1: starved 300.0 s")


class Clock:
    def __init__(self) -> None:
        self.now = 1_772_445_600.0

    def __call__(self) -> float:
        return self.now


class Machine:
    """In the place of a desk's slots: too busy for some students so many times, else at once done."""

    count = 1

    def __init__(self, **busy: int) -> None:
        self.left = dict(busy)
        self.order: list[str] = []

    def grade(self, job: dict[str, Any], _silence: float) -> dict[str, Any]:
        student = next(s for s in ("kim", "lee", "park") if f"# {s}" in str(job["notebook"]))
        self.order.append(student)
        self.left[student] = self.left.get(student, 0) - 1
        if self.left[student] >= 0:
            raise BUSY
        names = ("test_double", "test_square", "test_gradient", "test_mean")
        tests = [{"name": n, "question": "q1", "title": n, "points": 25, "outcome": "passed"} for n in names]
        return {"tests": tests, "cells": [], "executed": job["notebook"], "usage": {}}

    def close(self) -> None:
        pass


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def busy_desk(course: Course, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A desk with a clock of the test's; results are written nowhere."""
    made = desk_of(course, clock)
    keep_passed(course.settings.results, ID, course.root)
    monkeypatch.setattr(made._publisher, "publish", lambda *_: None)
    yield made
    made.stop()
    made.receipts.close()
    made.ledger.close()


def marked(student: str) -> dict[str, Any]:
    from tests.service.course import right

    notebook = right(student)
    notebook["cells"][2]["source"] = f"# {student}\n" + notebook["cells"][2]["source"]
    return notebook


def work(desk: Desk, clock: Clock, *, rounds: int = 12, seconds: float = 120.0) -> None:
    """Grade until nothing is left, letting pauses pass."""
    for _ in range(rounds):
        while (receipt := desk.receipts.claim(1000)) is not None:
            desk._grade_safely(receipt)
        clock.now += seconds


def test_others_overtake_and_a_lone_second_try_succeeds(course: Course, busy_desk: Desk, clock: Clock) -> None:
    machine = Machine(kim=1)
    busy_desk._slots = machine  # type: ignore[assignment]
    for student in ("kim", "lee", "park"):
        course.submit(student, marked(student))
        busy_desk.sweep()
    work(busy_desk, clock)
    assert machine.order == ["kim", "lee", "park", "kim"]
    assert {r.state.value for r in busy_desk.receipts.rows()} == {"done"}


def test_after_two_lone_tries_staff_are_asked_and_no_score_is_given(
    course: Course, busy_desk: Desk, clock: Clock
) -> None:
    machine = Machine(kim=99)
    busy_desk._slots = machine  # type: ignore[assignment]
    course.submit("kim", marked("kim"))
    busy_desk.sweep()
    work(busy_desk, clock)
    assert machine.order == ["kim"] * (1 + pipeline.LONE_FLIGHTS)
    (row,) = busy_desk.receipts.rows(summaries=True)
    assert row.state.value == "needs-staff"
    assert row.score is None
    assert row.summary is not None
    assert row.summary.reasons == ("machine-busy",)
    machine.left.clear()
    assert busy_desk.regrade([row.ref]) == 1
    work(busy_desk, clock)
    assert [r.state.value for r in busy_desk.receipts.rows()] == ["done"]


def test_a_student_who_waits_is_told_that_the_machine_is_busy(course: Course, busy_desk: Desk) -> None:
    busy_desk._slots = Machine(kim=1)  # type: ignore[assignment]
    course.submit("kim", marked("kim"))
    busy_desk.sweep()
    receipt = busy_desk.receipts.claim(1000)
    assert receipt is not None
    busy_desk._grade_safely(receipt)
    (row,) = busy_desk.receipts.rows()
    assert (row.state.value, row.code) == ("waiting", "machine-busy")
    note = views.one_submission(row, busy_desk.receipts)["note"]
    assert "바빠" in note
    assert "틀렸다는 뜻이 아닙니다" in note


def put_off(receipts: Receipts, receipt: Receipt | None) -> None:
    assert receipt is not None
    receipts.postpone(receipt, 0.0, "machine-busy", "starved 300 s")


def test_a_busy_one_is_claimed_only_while_nothing_else_is_graded(tmp_path: Path, clock: Clock) -> None:
    receipts = Receipts(tmp_path / "service.db", clock=clock)
    desk: Any = type("Papers", (), {"receipts": receipts})
    first = hand_in(desk, "kim")
    put_off(receipts, receipts.claim(1000))
    second = hand_in(desk, "lee")
    claimed = receipts.claim(1000)
    assert claimed is not None
    assert claimed.ref == second, "a submission overtakes it"
    assert receipts.claim(1000) is None, "it is not graded beside another"
    receipts.finish(claimed, result("lee"), None)
    alone = receipts.claim(1000)
    assert alone is not None
    assert alone.ref == first
    third = hand_in(desk, "park")
    beside = receipts.claim(1000)
    assert beside is not None, "a second try holds up nobody who comes"
    assert beside.ref == third
    receipts.close()


def test_what_waits_for_its_hour_does_not_hold_up_a_busy_one(tmp_path: Path, clock: Clock) -> None:
    receipts = Receipts(tmp_path / "service.db", clock=clock)
    desk: Any = type("Papers", (), {"receipts": receipts})
    first = hand_in(desk, "kim")
    put_off(receipts, receipts.claim(1))
    done = hand_in(desk, "lee", result("lee"))
    hand_in(desk, "lee", assignment=ID)
    claimed = receipts.claim(1)
    assert claimed is not None
    assert claimed.ref == first
    assert done != first
    receipts.close()


def busy_record(student: str) -> GradeRecord:
    verdict = Verdict("machine-busy", "채점 장비가 바빠 마치지 못했습니다.", fatal=True, detail="starved")
    return dataclasses.replace(
        sample.record(student, found=(), verdicts=(verdict,), reasons=("machine-busy",)),
        state=RecordState.NEEDS_STAFF,
        score=None,
    )


def test_staff_grade_all_busy_works_again_with_one_button_and_students_cannot(
    desk: Desk, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    for student in ("kim", "lee"):
        hand_in(desk, student, busy_record(student))
    hand_in(desk, "park", result("park"))
    again: list[list[str]] = []
    real = desk.regrade
    monkeypatch.setattr(desk, "regrade", lambda refs: (again.append(refs), real(refs))[1])
    page = web.get(f"class/{REAL}", "teacher")
    assert page.status == 200
    assert "장비가 바빠 채점하지 못한 2건 모두 다시 채점" in page.text
    assert "채점 장비가 바빠 채점을 마치지 못했습니다" in page.text
    assert web.post(f"class/{REAL}/regrade", "kim", {"scope": "busy", "which": ""}).status == 403
    assert again == []
    assert web.post(f"class/{REAL}/regrade", "teacher", {"scope": "busy", "which": ""}).status in (302, 303)
    assert len(again) == 1
    assert {desk.receipts.get(ref).student for ref in again[0]} == {"kim", "lee"}  # type: ignore[union-attr]
    assert "모두 다시 채점" in web.get(f"class/{REAL}", "teacher").text
    assert "장비가 바빠 채점하지 못한" not in web.get(f"class/{REAL}", "teacher").text


def test_no_button_where_nothing_was_busy(desk: Desk, web: Web) -> None:
    hand_in(desk, "park", result("park"))
    assert "장비가 바빠" not in web.get(f"class/{REAL}", "teacher").text


def test_a_busy_try_does_not_end_the_thread_that_grades(course: Course, busy_desk: Desk, clock: Clock) -> None:
    machine = Machine(kim=1)
    busy_desk._slots = machine  # type: ignore[assignment]
    course.submit("kim", marked("kim"))
    busy_desk.sweep()
    thread = threading.Thread(target=busy_desk._grade_forever, daemon=True)
    thread.start()
    pause = threading.Event()
    for _ in range(2000):
        if machine.order == ["kim", "kim"]:
            break
        clock.now += 10.0
        busy_desk.nudge()
        pause.wait(0.01)
    assert machine.order == ["kim", "kim"]
