"""Hands a record on: record and feedback files, ``submitted/``, the gradebook, and the student's "Fetch Feedback".

Every step may be done twice without harm, so that a service that was killed in between does all of them again.
"""

from __future__ import annotations

import importlib
import shutil
import threading
import warnings
from pathlib import Path

from autograder.catalog import read_master
from autograder.errors import GraderError
from autograder.grading.records import file_stem, write_atomically, write_record
from autograder.intake.names import Lookup
from autograder.integrations.exchange import collect, release_feedback
from autograder.integrations.gradebook import GradebookWriter
from autograder.integrations.nbgrader_course import CONFIG_NAME, CourseSettings, course_settings
from autograder.integrations.nbgrader_feedback import feedback_page, gradebook_entry
from autograder.model import Assignment, GradeRecord
from autograder.service.receipt import OUTSIDE, Receipt
from autograder.service.receipts import Receipts
from autograder.service.settings import Settings

__all__ = ["Publisher", "inbox_of", "notebook_names"]


class Publisher:
    """Writes what others read of a result; one submission at a time, because nbgrader's database takes one writer."""

    def __init__(self, settings: Settings, receipts: Receipts, secret: bytes, roster: Lookup | None = None) -> None:
        self._roster = roster
        self._settings = settings
        self._receipts = receipts
        self._secret = secret
        self._lock = threading.Lock()
        self._read: tuple[int, CourseSettings] | None = None
        self._writers: dict[str, tuple[tuple[str, int, int], GradebookWriter]] = {}

    def warm(self) -> None:
        """Import what takes seconds to import."""
        for name in ("nbgrader.api", "nbgrader.preprocessors"):
            importlib.import_module(name)
        self._course()

    def publish(self, receipt: Receipt, record: GradeRecord, assignment: Assignment) -> None:
        """Hand on one result. An older submission's result, coming after a newer one's, changes no grade.

        Raises:
            GraderError: something could not be written; the same call again completes it.
        """
        settings, results = self._settings, self._settings.results
        copy = inbox_of(settings, receipt)
        with self._lock:
            current = not self._receipts.has_newer_result(receipt)
            if current:
                course = self._course()
                if copy.is_dir():
                    collect(copy, course.submitted / receipt.student / assignment.id, receipt.received_at)
                self._gradebook(record, assignment, course)
            page = self.page(record, assignment, current=current)
            if current:
                write_record(results / "records", record)
                write_atomically(results / "feedback" / f"{file_stem(record.student, assignment.id)}.html", page)
                self._feedback_folder(receipt, assignment, page)
            if receipt.secret:
                names = notebook_names(copy, assignment)
                release_feedback(settings.exchange, settings.course_id, receipt.secret, names, page)

    def drop_older(self, receipt: Receipt) -> None:
        """Delete the copies of a student's older submissions; the originals stay in the exchange."""
        for other in self._receipts.rows(student=receipt.student, assignment=receipt.assignment):
            if other.order < receipt.order and not other.folder.startswith(OUTSIDE):
                shutil.rmtree(self._settings.results / "inbox" / other.ref, ignore_errors=True)

    def page(self, record: GradeRecord, assignment: Assignment, *, current: bool) -> str:
        """Return the feedback page of a record.

        Args:
            record: what the grader found.
            assignment: the record's assignment.
            current: it is the submission that the gradebook is about: then points given by hand and what lateness
                costs stand on it too.
        """
        course = self._course()
        if not current or not (self._settings.root / "gradebook.db").exists():
            return feedback_page(record, assignment, None)
        entry = gradebook_entry(assignment, record.student, db_url=course.db_url, course_id=course.course_id)
        return feedback_page(record, assignment, entry)

    def _course(self) -> CourseSettings:
        """Return what the course's nbgrader configuration says, read again when its file has changed."""
        root = self._settings.root
        config = root / CONFIG_NAME
        stamp = config.stat().st_mtime_ns if config.is_file() else 0
        if self._read is None or self._read[0] != stamp:
            plain = CourseSettings(
                root=root,
                course_id=self._settings.course_id,
                db_url=f"sqlite:///{root / 'gradebook.db'}",
                submitted=root / "submitted",
                autograded=root / "autograded",
                late=_no_penalty,
            )
            self._read = (stamp, course_settings(root) or plain)
        return self._read[1]

    def _gradebook(self, record: GradeRecord, assignment: Assignment, course: CourseSettings) -> None:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="nbgrader")  # its own queries warn about its own sessions
            try:
                result = self._writer(assignment, course).write([record])
            except GraderError:
                self._writers.pop(assignment.id, None)  # whatever it was, the next one looks at everything again
                raise
        for refusal in result.refused:
            raise GraderError(refusal.code, refusal.message, detail=refusal.student)

    def _writer(self, assignment: Assignment, course: CourseSettings) -> GradebookWriter:
        """Return the assignment's writer, made again when the assignment, the configuration or the gradebook is new."""
        known = self._writers.get(assignment.id)
        if known is None or known[0] != (assignment.suite_hash, id(course), self._book()):
            writer = GradebookWriter(
                assignment,
                read_master(assignment),
                self._settings.root,
                db_url=course.db_url,
                autograded_dir=course.autograded,
                submitted_dir=course.submitted,
                course_id=course.course_id,
                secret=self._secret,
                late=course.late,
                roster=self._roster,
            )
            known = (assignment.suite_hash, id(course), self._book()), writer
            self._writers[assignment.id] = known
        return known[1]

    def _book(self) -> int:
        """Return what changes when somebody puts another gradebook in this one's place."""
        path = self._settings.root / "gradebook.db"
        return path.stat().st_ino if path.is_file() else 0

    def _feedback_folder(self, receipt: Receipt, assignment: Assignment, page: str) -> None:
        """Write ``feedback/STUDENT/ID`` as ``nbgrader generate_feedback`` does, for formgrader's own commands."""
        graded = self._course().autograded / receipt.student / assignment.id
        folder = self._settings.root / "feedback" / receipt.student / assignment.id
        write_atomically(folder / f"{Path(assignment.notebook).stem}.html", page)
        for name in ("timestamp.txt", "submission_secret.txt"):
            if (graded / name).is_file():
                write_atomically(folder / name, (graded / name).read_text(encoding="utf-8"))


def _no_penalty(_student: str, _score: float, _seconds: float) -> float | None:
    return None


def inbox_of(settings: Settings, receipt: Receipt) -> Path:
    """Return where the private copy of a submission is: a folder that intake reads as this student's."""
    return settings.results / "inbox" / receipt.ref / receipt.student / receipt.assignment


def notebook_names(copy: Path, assignment: Assignment) -> set[str]:
    """Return the names under which the student's side asks for feedback: those of the notebooks it submitted."""
    names = {Path(assignment.notebook).stem}
    names |= {path.stem for path in copy.glob("*.ipynb")} if copy.is_dir() else set()
    return set(sorted(names)[:8]) | {Path(assignment.notebook).stem}
