"""Hands a record on: record and feedback files, ``submitted/``, the gradebook, and the student's "Fetch Feedback".

What a person changes afterwards (points, comments, due dates, the penalty rule) is followed: penalties are written
anew, and the feedback of those whose standing has changed is released again. A person's work is never written.

Every step may be done twice without harm, so that a service that was killed in between does all of them again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import importlib
import shutil
import threading
import warnings
from pathlib import Path

from autograder.catalog import load_assignment, read_master
from autograder.errors import AssignmentError, GraderError
from autograder.grading.folders import shared_folder
from autograder.grading.records import file_stem, write_atomically, write_record
from autograder.intake.names import Lookup
from autograder.integrations.exchange import collect, release_feedback
from autograder.integrations.gradebook import GradebookWriter
from autograder.integrations.gradebook_rows import set_penalties
from autograder.integrations.nbgrader_course import CourseSettings
from autograder.integrations.nbgrader_feedback import feedback_page, gradebook_entry
from autograder.integrations.totals import read_totals, standing_of
from autograder.model import Assignment, GradeRecord
from autograder.report.standing import Standing
from autograder.service.book import Book
from autograder.service.follow import Follower, RecordOf
from autograder.service.published import Published, mark_of
from autograder.service.receipt import FINISHED, OUTSIDE, Receipt
from autograder.service.receipts import Receipts
from autograder.service.settings import Settings
from autograder.service.trouble import KINDS
from autograder.sinks.log import logger

__all__ = ["Publisher", "inbox_of", "is_about", "notebook_names"]

_log = logger(__name__)


class Publisher:
    """Writes what others read of a result; one submission at a time, because nbgrader's database takes one writer.

    Args:
        settings: the course.
        receipts: the table of what arrived.
        secret: the course's secret.
        roster: who is in the class; None where whoever hands in is.
        book: the gradebook and the configuration, read.
    """

    def __init__(
        self,
        settings: Settings,
        receipts: Receipts,
        secret: bytes,
        roster: Lookup | None = None,
        book: Book | None = None,
    ) -> None:
        self.book = book or Book(settings)
        self._roster = roster
        self._settings = settings
        self._receipts = receipts
        self._secret = secret
        self._lock = threading.Lock()
        self._writers: dict[str, tuple[tuple[str, int, int], GradebookWriter]] = {}
        self._ruled: dict[tuple[str, str], tuple[float, float, object]] = {}
        self._published = Published(settings.results / "service.db")
        self._follower = Follower(self.book, self._pass)

    def warm(self) -> None:
        """Import what takes seconds to import."""
        for name in ("nbgrader.api", "nbgrader.preprocessors"):
            importlib.import_module(name)
        with contextlib.suppress(GraderError):  # told by the book
            self.book.course()

    def close(self) -> None:
        """Let what is being followed end."""
        self._follower.close()
        self._published.close()

    def follow(self, record_of: RecordOf) -> None:
        """Hand on what a person has changed in the gradebook or the configuration; returns at once.

        To be called every second or so. What there is to do is done by a thread of its own, after the changes have
        paused for a moment.

        Args:
            record_of: returns the whole record of a receipt.
        """
        self._follower.look(record_of)

    def publish(self, receipt: Receipt, record: GradeRecord, assignment: Assignment) -> None:
        """Hand on one result. An older submission's result, coming after a newer one's, changes no grade.

        A result that the gradebook does not take, because a file, a setting or the gradebook itself is in trouble, is
        handed on without it, and entered by `follow` as soon as that works.

        Raises:
            GraderError: something else could not be written; the same call again completes it.
        """
        with self._lock:
            current = not self._receipts.has_newer_result(receipt)
            entered = current and self._enter(receipt, record, assignment)
            standing = self._standing(receipt, assignment) if entered else None
            self._hand_on(receipt, record, assignment, standing, current=current)
            if current:
                self._published.put(receipt, self._mark(standing, assignment) if entered else "")

    def drop_older(self, receipt: Receipt) -> None:
        """Delete the copies of a student's older submissions; the originals stay in the exchange."""
        for other in self._receipts.rows(student=receipt.student, assignment=receipt.assignment):
            if other.order < receipt.order and not other.folder.startswith(OUTSIDE):
                shutil.rmtree(self._settings.results / "inbox" / other.ref, ignore_errors=True)

    def page(
        self, receipt: Receipt, record: GradeRecord, assignment: Assignment, *, current: bool, way_back: str = ""
    ) -> str:
        """Return the feedback page of a record.

        Args:
            receipt: the submission.
            record: what the grader found.
            assignment: the record's assignment.
            current: it is the submission that the gradebook is about: then points given by hand and what lateness
                costs stand on it too.
            way_back: address of the page it is opened from.
        """
        standing = self.book.reading(assignment).standings.get(receipt.student) if current else None
        if standing is not None and not is_about(standing, receipt):
            standing = None
        return feedback_page(record, assignment, standing, way_back=way_back)

    def _enter(self, receipt: Receipt, record: GradeRecord, assignment: Assignment) -> bool:
        """Write a result into ``submitted/`` and the gradebook; says whether it was taken."""
        copy = inbox_of(self._settings, receipt)
        try:
            course = self.book.course()
            if (error := self.book.other_course()) is not None:
                raise error
            if copy.is_dir():
                collect(copy, course.submitted / receipt.student / assignment.id, receipt.received_at)
            self._gradebook(record, assignment, course)
        except GraderError as error:
            if error.code not in KINDS:
                raise
            _log.error("%s is not entered into the gradebook: %s", receipt.ref, error)
            self.book.troubles.note("publish", error, assignment.id)
            return False
        self.book.troubles.clear("publish", assignment.id)
        return True

    def _standing(self, receipt: Receipt, assignment: Assignment) -> Standing | None:
        url = self.book.course().db_url
        return gradebook_entry(assignment, receipt.student, db_url=url)

    def _mark(self, standing: Standing | None, assignment: Assignment) -> str:
        return mark_of(standing, assignment.timezone, assignment.title)

    def _hand_on(
        self,
        receipt: Receipt,
        record: GradeRecord,
        assignment: Assignment,
        standing: Standing | None,
        *,
        current: bool,
    ) -> None:
        """Write the record and the feedback, and release it to the student."""
        settings, results = self._settings, self._settings.results
        page = feedback_page(record, assignment, standing)
        if current:
            write_record(results / "records", record)
            write_atomically(results / "feedback" / f"{file_stem(record.student, assignment.id)}.html", page)
            self._feedback_folder(receipt, assignment, page)
        if receipt.secret:
            names = notebook_names(inbox_of(settings, receipt), assignment)
            release_feedback(settings.exchange, settings.course_id, receipt.secret, names, page)

    def _pass(self, record_of: RecordOf, stopping: threading.Event, changed: bool) -> None:
        """Bring penalties and feedback into agreement with the gradebook, and enter what it did not take before.

        Where nothing has changed and nothing is in the way, there is nothing to do.

        Raises:
            GraderError: the gradebook or the configuration is in trouble: to be tried again.
        """
        trouble = bool(self.book.troubles.now())
        self.book.check()
        if not (changed or trouble):
            return
        held: GraderError | None = None
        for name in sorted({r.assignment for r in self._receipts.rows(states=FINISHED)}):
            try:
                self._follow_one(load_assignment(name, self._settings.root), record_of, stopping)
            except AssignmentError as error:  # told by the suites
                _log.warning("%s is not followed: %s", name, error)
            except GraderError as error:
                held = error
        if held is not None:
            if held.code == "gradebook-unavailable":
                self.book.troubles.note("follow", held)
            raise held
        self.book.troubles.clear("follow")

    def _follow_one(self, assignment: Assignment, record_of: RecordOf, stopping: threading.Event) -> None:
        course = self.book.course()
        if self.book.has_rule(course):
            self._penalties(assignment, course)
        standings = _everybodys(assignment, course.db_url)
        marks = self._published.marks(assignment.id)
        done = 0
        for receipt in _counting(self._receipts.rows(assignment=assignment.id)):
            standing = standings.get(receipt.student)
            entered = standing is not None and is_about(standing, receipt)
            if receipt.state not in FINISHED or marks.get(receipt.ref) == self._mark(standing, assignment):
                continue
            if not entered and marks.get(receipt.ref) != "":
                continue  # somebody has taken it out of the gradebook, or put another work in its place
            if stopping.is_set():
                return
            record = record_of(self._receipts.get(receipt.ref) or receipt)
            if record is None:
                continue
            if marks.get(receipt.ref) == "":
                self.publish(receipt, record, assignment)
                if self._published.marks(assignment.id).get(receipt.ref) == "":
                    return  # the same trouble for all the others
            else:
                self._again(receipt, record, assignment, marks.get(receipt.ref))
            done += 1
        self.book.troubles.clear("publish", assignment.id)
        if done:
            _log.info("%s: %d results handed on again", assignment.id, done)

    def _again(self, receipt: Receipt, record: GradeRecord, assignment: Assignment, before: str | None) -> None:
        """Write and release the feedback of a submission whose standing has changed, as it stands at this moment."""
        with self._lock:
            if self._receipts.has_newer_result(receipt):
                return
            standing = self._standing(receipt, assignment)
            mark = self._mark(standing, assignment)
            if standing is not None and mark != before:
                self._hand_on(receipt, record, assignment, standing, current=True)
                self._published.put(receipt, mark)

    def _penalties(self, assignment: Assignment, course: CourseSettings) -> None:
        """Write anew the penalties that are not what the course's rule says of the points as they stand."""
        try:
            wrong, asked = {}, {}
            for student, standing in _everybodys(assignment, course.db_url).items():
                asked[student] = self._asked(standing)
                if self._ruled.get((assignment.id, student)) == asked[student]:
                    continue  # a rule that answers otherwise each time does not keep the gradebook changing
                penalty = _penalty(student, standing, course)
                if penalty is not None:
                    wrong[student] = penalty
        except GraderError as error:
            self.book.troubles.note("late", error)
            raise
        self.book.troubles.clear("late")
        if wrong:
            with self._lock:
                changed = set_penalties(wrong, assignment, course.db_url, course.course_id)
            self._ruled.update({(assignment.id, student): asked[student] for student in wrong})
            _log.info("%s: %d late penalties written anew", assignment.id, changed)

    def _asked(self, standing: Standing) -> tuple[float, float, object]:
        """Return all that a penalty depends on."""
        return _points(standing), standing.seconds_late, self.book.configuration()

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
        graded = self.book.course().autograded / receipt.student / assignment.id
        folder = self._settings.root / "feedback" / receipt.student / assignment.id
        shared_folder(folder)
        write_atomically(folder / f"{Path(assignment.notebook).stem}.html", page)
        for name in ("timestamp.txt", "submission_secret.txt"):
            if (graded / name).is_file():
                write_atomically(folder / name, (graded / name).read_text(encoding="utf-8"))


def is_about(standing: Standing, receipt: Receipt) -> bool:
    """Say whether the gradebook's row is of this submission, and not of another one of the student's."""
    return _moment(standing.received) == _moment(receipt.received_at)


def _moment(stamp: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(stamp)
    except ValueError:
        return None


def _penalty(student: str, standing: Standing, course: CourseSettings) -> float | None:
    """Return the penalty to write, None if the gradebook has it."""
    late = standing.seconds_late
    due = (course.late(student, _points(standing), late) or 0.0) if late > 0 else 0.0
    return None if round(due - standing.penalty, 6) == 0 else due


def _points(standing: Standing) -> float:
    """Return the points as nbgrader counts them for a penalty: what nobody has decided on is nothing."""
    return sum(mark.score or 0.0 for mark in standing.marks.values())


def _everybodys(assignment: Assignment, db_url: str) -> dict[str, Standing]:
    """Return everybody's standing at this moment; nobody's if the gradebook does not know the assignment."""
    try:
        found = read_totals(db_url, [assignment.id])[1][assignment.id]
    except GraderError as error:
        if error.code == "gradebook-unavailable":
            raise
        return {}
    return {student: standing_of(found, student, assignment) for student in found.standings}


def _counting(rows: list[Receipt]) -> list[Receipt]:
    """Return each student's newest receipt with a result; `rows` come newest first."""
    newest: dict[str, Receipt] = {}
    for receipt in rows:
        if receipt.has_result:
            newest.setdefault(receipt.student, receipt)
    return list(newest.values())


def inbox_of(settings: Settings, receipt: Receipt) -> Path:
    """Return where the private copy of a submission is: a folder that intake reads as this student's."""
    return settings.results / "inbox" / receipt.ref / receipt.student / receipt.assignment


def notebook_names(copy: Path, assignment: Assignment) -> set[str]:
    """Return the names under which the student's side asks for feedback: those of the notebooks it submitted."""
    names = {Path(assignment.notebook).stem}
    names |= {path.stem for path in copy.glob("*.ipynb")} if copy.is_dir() else set()
    return set(sorted(names)[:8]) | {Path(assignment.notebook).stem}
