"""A course with results in it that nobody had to grade, and its pages on a real port."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.grading.ledger import Ledger
from autograder.integrations.exchange import Delivery
from autograder.judge import Judge
from autograder.model import GradeRecord
from autograder.sandbox import ForkServer
from autograder.service.desk import Desk
from autograder.service.receipts import Receipts
from autograder.service.roster import Membership
from tests.grading.tried import keep_passed
from tests.report import records as sample
from tests.report.browser_fixtures import browser
from tests.service.course import ID, STUDENTS, Course
from tests.service.web import Web

__all__ = ["browser"]

REAL = "01-vanishing-gradients"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    made = Course(tmp_path)
    monkeypatch.setenv("AUTOGRADER_SUITES", made.environment()["AUTOGRADER_SUITES"])
    return made


@pytest.fixture
def desk(course: Course) -> Iterator[Desk]:
    """A desk that is not started: tests call its steps, or start it."""
    made = desk_of(course)
    yield made
    made.stop()
    made.receipts.close()
    made.ledger.close()


def desk_of(course: Course, clock: Any = None) -> Desk:
    results = course.settings.results
    receipts = Receipts(results / "service.db", **({"clock": clock} if clock else {}))
    return Desk(course.settings, receipts, Ledger(results / "ledger.db"), Membership([lambda: set(STUDENTS)]))


@pytest.fixture
def web(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """The pages of a desk that grades nothing, over the kit's own assignments."""
    monkeypatch.delenv("AUTOGRADER_SUITES")
    served = Web(desk)
    yield served
    served.close()


def hand_in(desk: Desk, student: str, record: GradeRecord | None = None, **changes: Any) -> str:
    """Write down a submission and, with a record, its result; returns its ref."""
    number = len(desk.receipts.rows())
    delivery = Delivery(
        folder=f"{student}+{REAL}+2026-03-02 10:00:00 UTC+{number}",
        student=student,
        assignment=REAL,
        received_at=f"2026-03-02T10:{number:02d}:00+00:00",
        claimed_at=f"2026-03-02T10:{number:02d}:00+00:00",
        owner_checked=True,
        secret="0" * 128,
        files=(),
        refused=(),
    )
    delivery = dataclasses.replace(delivery, **changes)
    ref = f"{number:024x}"
    desk.receipts.add(ref, delivery)
    if record is not None:
        claimed = desk.receipts.claim(1000)
        assert claimed is not None and claimed.ref == ref
        desk.receipts.finish(claimed, dataclasses.replace(record, student=student), None)
    return ref


def result(student: str, **changes: Any) -> GradeRecord:
    return sample.record(student, **changes)


class Lent:
    """The session's judge, lent to a desk in place of slots of its own (which take seconds to start)."""

    count = 1

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.graded = 0

    def grade(self, job: dict, seconds: float) -> dict:  # type: ignore[type-arg]
        self.graded += 1
        return self.judge.grade(job, silence=seconds)

    def close(self) -> None:
        pass


@pytest.fixture
def lent(desk: Desk, fork_server: ForkServer, real_judge: Judge) -> Lent:
    found = Lent(real_judge)
    desk._slots = found  # type: ignore[assignment]
    keep_passed(desk.settings.results, ID, desk.settings.root)
    return found


@pytest.fixture
def work(desk: Desk, lent: Lent) -> Callable[[], None]:
    """Take what is in the exchange and grade until nothing is left to do now."""

    def once() -> None:
        desk.sweep()
        while (receipt := desk.receipts.claim(desk.settings.attempts_per_hour)) is not None:
            desk._grade_safely(receipt)

    return once
