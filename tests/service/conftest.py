"""A course with results in it that nobody had to grade, and its pages on a real port."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.grading.ledger import Ledger
from autograder.integrations.exchange import Delivery
from autograder.model import GradeRecord
from autograder.service.desk import Desk
from autograder.service.receipts import Receipts
from autograder.service.roster import Membership
from tests.report import records as sample
from tests.report.browser_fixtures import browser
from tests.service.course import STUDENTS, Course
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
