"""The receipt: what a submission is, read within a second of its arrival and before any grading, and told at once.

A thread of its own, so that reading never delays the taking of others. What was found is written into the exchange,
where the student's Submit looks for it (`course.submit`), then into the receipts. Whatever instant the service is
killed at, what is not in the receipts is read again at the next start. Reading is intake's own, with its caps; a fault
of it costs the receipt its details, nothing else.
"""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from autograder.catalog import load_assignment, read_master
from autograder.course_file import course_timezone, read_course_file, time_words
from autograder.errors import AssignmentError, GraderError
from autograder.intake.belonging import Fingerprint, fingerprints_beside
from autograder.intake.findings import MOST_SHOWN
from autograder.intake.look import look
from autograder.intake.open_problem import read_open_problem
from autograder.intake.verdicts import NOTHING_TO_GRADE
from autograder.integrations.due_dates import due_date
from autograder.integrations.exchange import release_receipt
from autograder.model import Assignment, Submission, Verdict
from autograder.plain import one_line
from autograder.service.arrivals import Arrivals
from autograder.service.board import stated_words
from autograder.service.publish import inbox_of
from autograder.service.receipt import Receipt, ReceiptState
from autograder.service.receipt_view import receipt_sentences, receipt_values
from autograder.service.receipts import Receipts
from autograder.service.settings import Settings
from autograder.service.wait import wait_words
from autograder.sinks.log import logger

__all__ = ["Acknowledger"]

_log = logger(__name__)
_FINGERPRINT_SECONDS = 600.0
"""How long it is kept what the course's other assignments can be known by."""
_LARGE = 8 * 2**20
"""Bytes of a notebook that is read after all smaller ones: it takes a second and more."""
_MOST = 8
_TOLD = NOTHING_TO_GRADE | {
    "syntax-error",
    "conflict-in-cell",
    "notebook-extra",
    "notebook-written",
    "cell-invalid",
    "cell-source",
    "encoding-repaired",
}
"""Verdicts that a student can do something about before the deadline; all that are fatal are told too."""


class Acknowledger:
    """Reads what arrives and answers with receipts, from `start` until `stop`.

    Args:
        settings: the course.
        receipts: where what was found is written down.
    """

    def __init__(self, settings: Settings, receipts: Receipts) -> None:
        self._settings = settings
        self._receipts = receipts
        self._asked: queue.PriorityQueue[tuple[int, int, str, tuple[str, ...]]] = queue.PriorityQueue()
        self._numbers = count()
        self._beside: dict[str, tuple[float, Sequence[Fingerprint]]] = {}
        self._thread: threading.Thread | None = None

    def announce(self, ref: str, left: Sequence[str] = ()) -> None:
        """Ask for the receipt of what has just been written down; `left` names files that were not taken."""
        self._asked.put((int(self._is_large(ref)), next(self._numbers), ref, tuple(left)))

    def start(self) -> None:
        """Begin, with what an earlier service left unread."""
        for receipt in self._receipts.untold():
            self.announce(receipt.ref)
        self._thread = threading.Thread(target=self._run, name="acknowledge", daemon=True)
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """End after what is being read; the rest is read at the next start."""
        self._asked.put((-1, next(self._numbers), "", ()))
        if self._thread is not None:
            self._thread.join(timeout=seconds)

    def work(self) -> None:
        """Answer what has been announced until nothing is left."""
        while not self._asked.empty():
            _, _, ref, left = self._asked.get()
            self._acknowledge(ref, left)

    def _run(self) -> None:
        while True:
            _, _, ref, left = self._asked.get()
            if not ref:
                return
            self._acknowledge(ref, left)

    def _acknowledge(self, ref: str, left: Sequence[str]) -> None:
        try:
            receipt = self._receipts.get(ref)
            if receipt is None or receipt.told is not None:
                return
            told = self._told(receipt, left)
            if receipt.secret:
                self._release(receipt, told)
            self._receipts.tell(receipt, told)
        except Exception:  # read again at the next start; the submission itself goes its way
            _log.exception("no receipt for %s", ref)

    def _told(self, receipt: Receipt, left: Sequence[str]) -> dict[str, Any]:
        root = self._settings.root
        due = due_date(root / "gradebook.db", receipt.assignment, receipt.student)
        told: dict[str, Any] = {
            "title": receipt.assignment,
            "attempt": receipt.attempt,
            "timezone": course_timezone(root),
            "due": due.isoformat() if due else "",
            "notebook": "",
            "blank": [],
            "questions": 0,
            "problems": [],
            "notes": [],
            "left": [],
        }
        if receipt.state is ReceiptState.REFUSED:
            return {**told, "problems": [receipt.reason]}
        if receipt.state is ReceiptState.SUPERSEDED:
            return {**told, "notes": ["뒤에 낸 제출물이 있어, 이 제출물은 채점하지 않고 그것을 채점합니다."]}
        try:
            return {**told, **self._read(receipt, left)}
        except AssignmentError as error:  # the course's files: told where it is graded, to whom it concerns
            _log.warning("%s: %s", receipt.folder, error)
        except Exception:  # a fault of ours: the grading reads it again, and says so
            _log.exception("%s could not be read for its receipt", receipt.folder)
        return told

    def _read(self, receipt: Receipt, left: Sequence[str]) -> dict[str, Any]:
        assignment = load_assignment(receipt.assignment, self._settings.root)
        submission = Arrivals.read_copy(self._settings, receipt, assignment)
        if submission is None:
            return {"title": assignment.title}
        found = look(submission, assignment, read_master(assignment), partial(self._others, assignment))
        problems = [v.message for v in found.verdicts if v.fatal or v.code in NOTHING_TO_GRADE]
        notes = [v.message for v in found.verdicts if not v.fatal and v.code in _TOLD - NOTHING_TO_GRADE]
        notes = [*notes[:_MOST], *self._board(receipt, submission, assignment)]
        return {
            "title": assignment.title,
            "notebook": one_line(self._name(receipt, submission.source, assignment), MOST_SHOWN),
            "blank": [] if submission.notebook is None or _is_foreign(found.verdicts) else list(found.blank),
            "questions": len(assignment.questions),
            "problems": problems[:_MOST],
            "notes": notes,
            "left": [one_line(name, MOST_SHOWN) for name in left] if submission.notebook is None else [],
        }

    def _board(self, receipt: Receipt, submission: Submission, assignment: Assignment) -> list[str]:
        """Write down what a submission says for the class board, and return what its student is told of that."""
        stated = None if submission.notebook is None else read_open_problem(submission.notebook, assignment.id)
        self._receipts.note_stated(receipt.ref, stated.to_dict() if stated else {})
        words = stated_words(stated, assignment) if stated and assignment.open_problem else ""
        return [f"학급 게시판: {words}"] if words else []

    def _name(self, receipt: Receipt, source: str, assignment: Assignment) -> str:
        """Return the file name of the notebook that was read, "" if there was none."""
        if source.endswith(".ipynb"):
            return Path(source).name
        names = sorted(path.name for path in inbox_of(self._settings, receipt).rglob("*.ipynb"))
        return assignment.notebook if assignment.notebook in names else names[0] if len(names) == 1 else ""

    def _others(self, assignment: Assignment) -> Sequence[Fingerprint]:
        at, known = self._beside.get(assignment.id, (float("-inf"), ()))
        if time.monotonic() - at > _FINGERPRINT_SECONDS:
            known = fingerprints_beside(assignment)
            self._beside[assignment.id] = (time.monotonic(), known)
        return known

    def _release(self, receipt: Receipt, told: Mapping[str, Any]) -> None:
        place = self._receipts.outlook().get(receipt.ref)
        try:
            course = read_course_file(self._settings.root).title or self._settings.course_id
        except AssignmentError:
            course = self._settings.course_id
        values = receipt_values(receipt, told)
        text = {
            "schema": 1,
            "course": course,
            "assignment": receipt.assignment,
            "title": told["title"],
            "attempt": receipt.attempt,
            "received": time_words(receipt.received_at, str(told["timezone"])),
            "notebook": told["notebook"],
            "ok": values is not None and not values["problems"],
            "lines": receipt_sentences(values) if values else [],
            "wait": wait_words(place.seconds) if place else "",
            "page": f"{self._settings.prefix}submissions/{receipt.ref}",
            "home": self._settings.prefix,
        }
        try:
            settings = self._settings
            release_receipt(
                settings.exchange, settings.course_id, receipt.secret, json.dumps(text, ensure_ascii=False, indent=1)
            )
        except GraderError as error:  # the page has it all the same
            _log.error("no receipt in the exchange for %s: %s", receipt.folder, error)

    def _is_large(self, ref: str) -> bool:
        receipt = self._receipts.get(ref)
        if receipt is None:
            return False
        try:
            return sum(path.stat().st_size for path in inbox_of(self._settings, receipt).rglob("*.ipynb")) > _LARGE
        except OSError:
            return False


def _is_foreign(verdicts: Sequence[Verdict]) -> bool:
    """Whether the work is none of this assignment's: then it is not told question by question what is missing."""
    return any(v.fatal for v in verdicts)
