"""A small course with an exchange, and students who submit to it as nbgrader's own command does."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.service.settings import Settings
from tests.bench import material

ID = material.ASSIGNMENT
STUDENTS = ("kim", "lee", "park")


class Course:
    """A course folder and its exchange below `base`."""

    def __init__(self, base: Path, **options: Any) -> None:
        self.base = base
        self.root = base / "course"
        self.exchange = base / "exchange"
        self.inbound = self.exchange / "whydl" / "inbound"
        self.root.mkdir(parents=True)
        self.inbound.mkdir(parents=True)
        self.release(ID)
        material.write_ours(self.root)
        self.settings = Settings(
            root=self.root,
            course_id="whydl",
            exchange=self.exchange,
            staff_group="formgrade-whydl",
            student_group="nbgrader-whydl",
            **{"slots": 1, **options},
        )

    def environment(self) -> dict[str, str]:
        return {
            "AUTOGRADER_COURSE_ROOT": str(self.root),
            "AUTOGRADER_COURSE_ID": "whydl",
            "AUTOGRADER_EXCHANGE": str(self.exchange),
            "AUTOGRADER_STAFF_GROUP": "formgrade-whydl",
            "AUTOGRADER_STUDENT_GROUP": "nbgrader-whydl",
            "AUTOGRADER_SUITES": str(self.root / "suites"),
            "AUTOGRADER_SLOTS": str(self.settings.slots),
        }

    def submit(
        self,
        student: str = "kim",
        work: Any = None,
        *,
        assignment: str = ID,
        stamp: str | None = None,
        name: str = "bench.ipynb",
        complete: bool = True,
    ) -> Handed:
        """Write a submission in nbgrader's order: files, timestamp, secret."""
        moment = stamp or f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M:%S.%f} UTC"
        folder = self.inbound / f"{student}+{assignment}+{moment}+{secrets.token_urlsafe(9)}"
        folder.mkdir()
        data = work if isinstance(work, bytes) else json.dumps(right(student) if work is None else work).encode()
        (folder / name).write_bytes(data)
        (folder / "timestamp.txt").write_text(moment, encoding="utf-8")
        handed = Handed(self, folder, secrets.token_hex(64))
        if complete:
            handed.complete()
        return handed

    def release(self, assignment: str) -> None:
        """Make an assignment one that students can fetch and submit."""
        (self.exchange / "whydl" / "outbound" / assignment).mkdir(parents=True, exist_ok=True)

    def grades(self, student: str = "kim") -> tuple[float, bool]:
        """Return score and whether a person is needed, from nbgrader's gradebook."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}", "whydl") as gradebook:
            submission = gradebook.find_submission(ID, student)
            return float(submission.score), bool(submission.needs_manual_grade)

    def timestamp(self, student: str = "kim") -> dt.datetime:
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}", "whydl") as gradebook:
            return gradebook.find_submission(ID, student).timestamp


class Handed:
    """One submission in the exchange."""

    def __init__(self, course: Course, folder: Path, secret: str) -> None:
        self.course = course
        self.folder = folder
        self.secret = secret

    def complete(self) -> None:
        (self.folder / "submission_secret.txt").write_text(self.secret, encoding="utf-8")

    def feedback(self, notebook_id: str = "bench") -> Path:
        """Where the student's own Fetch Feedback looks."""
        name = hashlib.md5((self.secret + notebook_id).encode()).hexdigest()
        return self.course.exchange / "whydl" / "feedback" / f"{name}.html"


def right(name: str = "") -> dict[str, Any]:
    """Return a notebook that earns everything."""
    return json.loads(json.dumps(material.submission(tests_inside=False, name=name)))


def wrong(name: str = "") -> dict[str, Any]:
    """Return a notebook with one wrong function."""
    notebook = right(name)
    notebook["cells"][2]["source"] = notebook["cells"][2]["source"].replace("return 2 *", "return 3 *")
    return notebook


def until(condition: Callable[[], Any], seconds: float = 90.0) -> Any:
    """Wait until something is so, and return it; the deadline is only for what never comes."""
    pause, end = threading.Event(), time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError):
            if found := condition():
                return found
        assert time.monotonic() < end, "waited too long"
        pause.wait(0.05)
