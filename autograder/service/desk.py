"""The desk: sweeps the exchange, grades what waits, and hands results on. Threads of one process, nothing else.

Whatever instant it is killed at, the next start goes on: what arrived is found again by its folder's name, what was
being graded waits again, and what the ledger already holds is not graded a second time. Trouble of our own puts a
submission back with growing pauses; it never becomes a grade. What the machine was too busy for is overtaken by all
others, graded alone twice, and then waits for a person.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from autograder.catalog import assignments, load_assignment, suites_dir
from autograder.errors import AssignmentError, ConfinementError, GraderError, InfrastructureError
from autograder.grading.answers import read_answers
from autograder.grading.folders import private_folder
from autograder.grading.identity import course_secret
from autograder.grading.ledger import Ledger, worker_name
from autograder.grading.pipeline import LONE_FLIGHTS, MACHINE_BUSY, grade, store_submission
from autograder.grading.rehearsal import rehearse
from autograder.grading.runs import Run, job_of, open_run
from autograder.grading.slots import Slots
from autograder.grading.whose import UNKNOWN, is_superseded
from autograder.intake.open_problem import read_open_problem
from autograder.judge import SILENCE_SECONDS
from autograder.model import Assignment, GradeRecord
from autograder.service.acknowledge import Acknowledger
from autograder.service.admission import Suites
from autograder.service.arrivals import Arrivals
from autograder.service.book import Book
from autograder.service.figures import Drawing
from autograder.service.publish import Publisher, inbox_of
from autograder.service.receipt import OUTSIDE, SUITE_REFUSED, Receipt, ReceiptState
from autograder.service.receipts import Receipts
from autograder.service.roster import Membership
from autograder.service.settings import Settings
from autograder.service.trouble import cannot_grade
from autograder.sinks.log import logger

__all__ = ["Desk"]

_log = logger(__name__)
_SWEEP_SECONDS = 0.25
"""Between two looks at the exchange; file events miss some submissions, looking misses none."""
_RECHECK_SECONDS = 20.0
_RECONCILE_SECONDS = 120.0
_IDLE_SECONDS = 1.0
"""Until a thread that had nothing to grade looks again, if nobody wakes it."""
_FIRST_PAUSE_SECONDS = 5.0
_LONGEST_PAUSE_SECONDS = 300.0
_CONFINEMENT_PAUSE_SECONDS = 60.0
_BUSY_PAUSE_SECONDS = 60.0
"""Before a submission that the machine was too busy for is tried again: load by others seldom goes within seconds."""
_READ_AT_ONCE = 20
"""Submissions that one look reads for the class board: each takes some 20 ms."""
_LOCK_LOOKS, _LOCK_PAUSE_SECONDS = 5, 0.05
_STOP_SECONDS = 10.0
"""Given to each thread at the end; what it was at is found again at the next start."""
_REHEARSAL = "rehearsal"
"""The place of its trouble."""
_REHEARSAL_SECONDS = 600.0
"""How long the rehearsal at the start may take: submissions do not wait for it."""
_HELD_SECONDS = 600.0
"""Until what waits for a mended suite looks again by itself; it is let go at once when the suite's files change."""


class Desk:
    """Grades on submission, from `start` until `stop`.

    Args:
        settings: the course.
        receipts: the table of what arrived.
        ledger: the ledger of the result folder.
        roster: who takes the course.

    Raises:
        GraderError: another service has this course (``service-running``).
    """

    def __init__(self, settings: Settings, receipts: Receipts, ledger: Ledger, roster: Membership) -> None:
        self.settings = settings
        self.receipts = receipts
        self.ledger = ledger
        self.roster = roster
        self.secret = course_secret(settings.results)
        self._acknowledger = Acknowledger(settings, receipts)
        self._arrivals = Arrivals(settings, receipts, self._acknowledger.announce)
        self.book = Book(settings)
        self._publisher = Publisher(settings, receipts, self.secret, roster.account, self.book)
        self._slots = Slots(settings.slots)
        self._jobs = ThreadPoolExecutor(settings.slots, thread_name_prefix="slot")
        self._owner = worker_name()
        self.suites = Suites(settings, self._run_of, self._jobs, self._grade_job)
        self.drawing = Drawing(
            settings,
            ledger,
            receipts,
            self._publisher,
            partial(self._run, None),
            self._jobs,
            self._grade_job,
            self._owner,
        )
        self._too_busy: Counter[str] = Counter()
        self._wake = threading.Condition()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._lock_file = _only_one(settings.results / "service.lock")

    @property
    def owners_compared(self) -> bool:
        """Whether the owner of what arrives says who handed it in (not in the one-user demo)."""
        rows = [r for r in self.receipts.rows() if not r.folder.startswith(OUTSIDE) and r.secret]
        return not rows or rows[0].owner_checked

    def start(self) -> None:
        """Take up what an earlier service left, and begin."""
        self.ledger.reclaim()
        recovered = self.receipts.recover()
        private_folder(self.settings.results / "inbox")
        self._arrivals.drop_unfinished_copies()
        self.drawing.start()
        _log.info("course %s: %d submissions taken up again", self.settings.course_id, recovered)
        self._acknowledger.start()
        work = [self._warm_up, self._sweep_forever, *([self._grade_forever] * self.settings.slots)]
        self._threads = [threading.Thread(target=target, name=target.__name__, daemon=True) for target in work]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop taking submissions, end the sandboxes, and wait for the threads."""
        self._stopping.set()
        self.drawing.stop()
        with self._wake:
            self._wake.notify_all()
        self._slots.close()
        self._jobs.shutdown(wait=False, cancel_futures=True)
        for thread in self._threads:
            thread.join(timeout=_STOP_SECONDS)
        self._publisher.close()
        self._acknowledger.stop(_STOP_SECONDS)
        self._lock_file.close()

    def nudge(self) -> None:
        """Say that something may be waiting."""
        with self._wake:
            self._wake.notify_all()

    def regrade(self, refs: list[str]) -> int:
        """Let results be made again; returns how many will be."""

        def token(job_id: int | None) -> int:
            return -1 if job_id is None else self.ledger.job(job_id).token

        count = self.receipts.request_regrade(refs, token)
        self.nudge()
        return count

    def try_suite(self, assignment_id: str) -> None:
        """Try a suite that was refused once more; what waits for it is graded if it passes."""
        self.suites.try_again(assignment_id, self._let_go)

    def record(self, receipt: Receipt) -> GradeRecord | None:
        """Return the whole record of a receipt, with the executed notebook."""
        if receipt.job_id is None:
            return receipt.summary
        try:
            return self.ledger.job(receipt.job_id).record or receipt.summary
        except KeyError:
            return receipt.summary

    def feedback(self, receipt: Receipt, record: GradeRecord, assignment: Assignment, way_back: str = "") -> str:
        """Return the feedback page of a receipt's record, with what the gradebook says of it now."""
        current = not self.receipts.has_newer_result(receipt)
        return self._publisher.page(receipt, record, assignment, current=current, way_back=way_back)

    def sweep(self) -> int:
        """Take what is complete in the exchange and not written down yet, for about a second; returns how many folders.

        What is taken gets its receipt from a thread of its own.
        """
        taken = self._arrivals.sweep()
        if taken:
            self.nudge()
        return taken

    def _sweep_forever(self) -> None:
        checked = reconciled = float("-inf")
        stamp = None
        while not self._stopping.wait(0.0 if self._arrivals.unfinished else _SWEEP_SECONDS):
            try:
                self.sweep()
                self._publisher.follow(self.record)
                now = time.monotonic()
                if now - checked > _RECHECK_SECONDS:
                    checked = now
                    self._recheck()
                if now - reconciled > _RECONCILE_SECONDS and stamp != (stamp := self._ledger_stamp()):
                    reconciled = now
                    self._reconcile()
            except Exception:  # the next look may succeed; nothing is lost by looking again
                _log.exception("sweep failed")

    def _warm_up(self) -> None:
        try:
            self._rehearse()
            self._warm()
        except Exception:  # grading will say so again, and to whom it concerns
            _log.exception("warming up failed")

    def _rehearse(self) -> None:
        """Grade the smallest assignment in the slots of this service, and tell staff if no work could get a score."""
        found = rehearse(self._slots.grade, self._slots.count, seconds=_REHEARSAL_SECONDS)
        if found.passed:
            self.book.troubles.clear(_REHEARSAL)
        elif not self._stopping.is_set():
            _log.error("nothing can be graded here: %s: %s", found.code, found.detail)
            self.book.troubles.note(_REHEARSAL, cannot_grade(found))

    def _warm(self) -> None:
        """Start what takes seconds to start, in every slot: sandboxes, judges, nbgrader."""
        self._publisher.warm()
        started = time.monotonic()
        for assignment in assignments(self.settings.root)[0]:
            try:
                run = self._run(None, assignment)
            except AssignmentError as error:  # told where it is used; the others are warmed all the same
                _log.warning("%s is not warmed: %s", assignment.id, error)
                continue
            job = job_of(run, {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
            slots = range(self._slots.count)
            for future in [self._jobs.submit(self._slots.grade, job, SILENCE_SECONDS) for _ in slots]:
                with contextlib.suppress(AssignmentError):  # told when the suite is tried
                    future.result()
            if self._stopping.is_set():
                return
        _log.info("%d slots warm after %.1f s", self._slots.count, time.monotonic() - started)
        in_use = {receipt.assignment for receipt in self.receipts.rows()}  # another one's is tried when it is handed in
        for assignment in assignments(self.settings.root)[0]:
            if self._stopping.is_set():
                return
            if assignment.id not in in_use:
                continue
            try:
                self.suites.admit(self._run(None, assignment))
            except AssignmentError as error:
                _log.error("nothing is graded with this suite: %s", error)
        _log.info("every suite in use tried after %.1f s", time.monotonic() - started)

    def _grade_forever(self) -> None:
        while not self._stopping.is_set():
            try:
                receipt = self.receipts.claim(self.settings.attempts_per_hour)
            except GraderError:
                _log.exception("no receipt could be claimed")
                receipt = None
            if receipt is None:
                if not self.drawing.draw():
                    with self._wake:
                        self._wake.wait(_IDLE_SECONDS)
                continue
            self._grade_safely(receipt)

    def _grade_safely(self, receipt: Receipt) -> None:
        pause = min(_FIRST_PAUSE_SECONDS * 2**receipt.tries, _LONGEST_PAUSE_SECONDS)
        try:
            self._grade(receipt)
        except _ElsewhereError as error:
            self._put_back(receipt, _FIRST_PAUSE_SECONDS, "graded-elsewhere", str(error))
        except ConfinementError as error:
            _log.error("nothing is graded without confinement: %s", error)
            self._put_back(receipt, _CONFINEMENT_PAUSE_SECONDS, error.code, error.detail or error.message)
        except AssignmentError as error:
            _log.error("receipt %s waits: %s", receipt.ref, error)
            self.suites.refuse(receipt.assignment, error)
            self._put_back(receipt, _HELD_SECONDS, SUITE_REFUSED, error.code)
        except GraderError as error:
            if isinstance(error, InfrastructureError) and error.code == MACHINE_BUSY:
                self._too_busy[receipt.ref] += 1
                pause = _BUSY_PAUSE_SECONDS
            _log.exception("receipt %s put back", receipt.ref)
            self._put_back(receipt, pause, error.code, error.detail or error.message)
        except Exception as error:  # whatever it is, it is ours: the submission waits, the others go on
            _log.exception("receipt %s put back", receipt.ref)
            self._put_back(receipt, pause, "internal-error", f"{type(error).__name__}: {error}")

    def _put_back(self, receipt: Receipt, seconds: float, code: str, detail: str) -> None:
        if self._stopping.is_set():
            return  # the next start takes it up
        with contextlib.suppress(GraderError):
            self.receipts.postpone(receipt, seconds, code, detail)

    def _grade(self, receipt: Receipt) -> None:
        if receipt.folder.startswith(OUTSIDE):
            if self._leave_stranger(receipt):
                return
        elif receipt.student not in self.roster:
            self.receipts.refuse(
                receipt,
                UNKNOWN,
                "수강생 명단에 없는 이름입니다. 명단에 오르면 자동으로 채점합니다.",
                f"{receipt.student} is in neither the students' group nor the gradebook",
            )
            return
        try:
            assignment = load_assignment(receipt.assignment, self.settings.root)
        except AssignmentError as error:
            if error.code != "assignment-unknown":
                raise
            self.receipts.refuse(
                receipt,
                error.code,
                f"'{receipt.assignment}' 과제를 찾을 수 없습니다. 과제가 등록되면 자동으로 채점합니다.",
                error.detail,
            )
            return
        submission = self._arrivals.submission(receipt, assignment)
        store_submission(self.settings.results / "submissions", submission)
        run = self._run(receipt, assignment)
        asked = time.monotonic()
        try:
            self.suites.admit(run)
        except InfrastructureError as error:  # nothing is known of the suite, and nothing of the submission
            _log.warning("the suite of %s could not be tried: %s", assignment.id, error)
            self._put_back(receipt, _BUSY_PAUSE_SECONDS, "suite-untried", error.detail or error.message)
            return
        started = time.monotonic()
        if started - asked > _IDLE_SECONDS:  # the suite was tried first, which says nothing of how long a grading takes
            self.receipts.begin_again(receipt)
        last = self._too_busy[receipt.ref] == LONE_FLIGHTS  # until then it comes back, and the queue goes on
        flights = grade(run, [submission], self._jobs, self._slots.grade, window=1, lone_flights=0 if last else None)
        progress = next(iter(flights), None)
        if progress is None:
            raise _ElsewhereError("another grader holds this submission")
        del self._too_busy[receipt.ref]
        graded = time.monotonic()
        job_id = self.ledger.enqueue(submission, run.key).id
        self._publisher.publish(receipt, progress.record, assignment)
        self.receipts.finish(receipt, progress.record, job_id)
        if progress.record.score is not None:
            self.book.troubles.clear(_REHEARSAL)
        self._publisher.drop_older(receipt)
        _log.info(
            "graded %s (%s): %.2f s, published in %.2f s",
            receipt.folder,
            progress.record.state.value,
            graded - started,
            time.monotonic() - graded,
        )

    def _leave_stranger(self, receipt: Receipt) -> bool:
        """Leave a result from elsewhere as it is where nobody in the course is called so; says whether it was left.

        It is graded again from the command line, once it is known whose it is.
        """
        whole = self.receipts.get(receipt.ref)
        record = None if whole is None else whole.summary
        if record is None or (UNKNOWN not in record.reasons and self.roster.account(receipt.student) is not None):
            return False
        self.receipts.finish(receipt, record, receipt.job_id)
        _log.warning("%s: not graded again, nobody in the course is called so", receipt.folder)
        return True

    def _run(self, receipt: Receipt | None, assignment: Assignment) -> Run:
        again = False
        if receipt is not None and receipt.regrade is not None and receipt.job_id is not None:
            job = self.ledger.job(receipt.job_id)
            again = job.finished and job.token <= receipt.regrade  # a later token: a killed service had done it
        return open_run(
            assignment, self.ledger, self.secret, owner=self._owner, regrade=again, figures=self.settings.figures
        )

    def _grade_job(self, job: dict[str, Any], silence: float) -> dict[str, Any]:
        return self._slots.grade(job, silence)

    def _run_of(self, assignment_id: str) -> Run:
        return self._run(None, load_assignment(assignment_id, self.settings.root))

    def _let_go(self) -> None:
        """Let be graded at once what waited for a suite that is refused no longer."""
        refused = self.suites.refused()
        for receipt in self.receipts.rows(states=(ReceiptState.WAITING,)):
            if receipt.code == SUITE_REFUSED and receipt.assignment not in refused:
                self.receipts.release(receipt)
        self.nudge()

    def _recheck(self) -> None:
        """Let wait again what was refused for a reason that is gone."""
        self._arrivals.take_released()
        self.suites.look({r.assignment for r in self.receipts.rows(states=(ReceiptState.WAITING,))} | self._listed())
        self._let_go()
        for receipt in self.receipts.rows(states=(ReceiptState.REFUSED,)):
            if receipt.code == UNKNOWN and receipt.student in self.roster:
                self.receipts.reopen(receipt)
            elif receipt.code == "assignment-unknown" and inbox_of(self.settings, receipt).is_dir():
                with contextlib.suppress(AssignmentError):
                    load_assignment(receipt.assignment, self.settings.root)
                    self.receipts.reopen(receipt)
        self._read_stated()

    def _read_stated(self) -> None:
        """Read for the class board what no receipt was made of: work from elsewhere, and of an earlier version."""
        left = _READ_AT_ONCE
        for receipt in self.receipts.unstated():
            try:
                assignment = load_assignment(receipt.assignment, self.settings.root)
            except AssignmentError:
                continue  # told where it is graded; read when its file is mended
            try:
                notebook = self._arrivals.submission(receipt, assignment).notebook
                stated = read_open_problem(notebook, assignment.id) if notebook else None
            except Exception as error:  # no score hangs on it, and the newest submission is what counts
                _log.warning("%s is not read for the class board: %s", receipt.folder, error)
                stated = None
            self.receipts.note_stated(receipt.ref, stated.to_dict() if stated else {})
            left -= 1
            if not left:
                return

    def _listed(self) -> set[str]:
        """Return the ids of the course's assignments, those that cannot be read among them."""
        return {path.parent.name for path in suites_dir().glob("*/assignment.toml")}

    def _reconcile(self) -> None:
        """Take in what the command line or formgrader has graded since."""
        answers = read_answers(self.settings.results)
        for assignment_id in self.ledger.assignments():
            works = self.ledger.works(assignment_id)
            for job in self.ledger.latest(assignment_id):
                if job.record is None:
                    continue
                if is_superseded(job.record, works, answers):
                    self.receipts.withdraw(job.id)
                else:
                    self.receipts.adopt(job.id, job.record)

    def _ledger_stamp(self) -> tuple[int, ...]:
        stamp = []
        for name in ("ledger.db", "ledger.db-wal"):
            with contextlib.suppress(OSError):
                stamp.append((self.settings.results / name).stat().st_mtime_ns)
        return tuple(stamp)


class _ElsewhereError(Exception):
    """No result yet, and no trouble: somebody else is at it."""


def _only_one(path: Path) -> TextIO:
    private_folder(path.parent)
    file = path.open("a+")
    for left in range(_LOCK_LOOKS, -1, -1):  # who asks whether a service runs holds the lock for an instant
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except OSError as error:
            if left:
                time.sleep(_LOCK_PAUSE_SECONDS)
                continue
            file.close()
            raise GraderError(
                "service-running",
                "이 과목의 채점 서비스가 이미 실행 중입니다. 하나만 실행하세요.",
                detail=str(path),
            ) from error
    file.seek(0)
    file.truncate()
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file
