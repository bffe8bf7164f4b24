"""The desk: sweeps the exchange, grades what waits, and hands results on. Threads of one process, nothing else.

Whatever instant it is killed at, the next start goes on: what arrived is found again by its folder's name, what was
being graded waits again, and what the ledger already holds is not graded a second time. Trouble of our own puts a
submission back with growing pauses; it never becomes a grade.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import logging
import os
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from autograder.catalog import assignments, load_assignment, read_master, tests_hash
from autograder.errors import AssignmentError, ConfinementError, GraderError, IntakeError
from autograder.grading.identity import course_secret, grader_version, secret_id
from autograder.grading.ledger import JobKey, Ledger, worker_name
from autograder.grading.pipeline import Run, grade, job_of, seconds_for, store_submission, support_files
from autograder.grading.slots import Slots
from autograder.intake import read_notebook, read_source
from autograder.intake.findings import verdict
from autograder.integrations.exchange import Inbound, parse_folder
from autograder.model import Assignment, GradeRecord, Submission
from autograder.service.publish import Publisher, inbox_of
from autograder.service.receipts import OUTSIDE, Receipt, Receipts, ReceiptState, new_ref
from autograder.service.roster import Roster
from autograder.service.settings import Settings

__all__ = ["Desk"]

_log = logging.getLogger(__name__)
_SWEEP = 0.5
"""Seconds between two looks at the exchange; file events miss some submissions, looking misses none."""
_RECHECK = 20.0
_RECONCILE = 120.0
_LONGEST_PAUSE = 300.0
_CURABLE = ("student-unknown", "assignment-unknown")
"""Reasons for refusal that go away when the roster or the course changes."""


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

    def __init__(self, settings: Settings, receipts: Receipts, ledger: Ledger, roster: Roster) -> None:
        self.settings = settings
        self.receipts = receipts
        self.ledger = ledger
        self.roster = roster
        self.secret = course_secret(settings.results)
        self._inbound = Inbound(settings.exchange, settings.course_id, settings.owner_check, settings.unix_prefix)
        self._publisher = Publisher(settings, receipts, self.secret)
        self._slots = Slots(settings.slots)
        self._jobs = ThreadPoolExecutor(settings.slots, thread_name_prefix="slot")
        self._owner = worker_name()
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
        self._drop_unfinished_copies()
        _log.info("course %s: %d submissions taken up again", self.settings.course_id, recovered)
        work = [self._warm_up, self._sweep_forever, *([self._grade_forever] * self.settings.slots)]
        self._threads = [threading.Thread(target=target, name=target.__name__, daemon=True) for target in work]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop taking submissions, end the sandboxes, and wait for the threads."""
        self._stopping.set()
        with self._wake:
            self._wake.notify_all()
        self._slots.close()
        self._jobs.shutdown(wait=False, cancel_futures=True)
        for thread in self._threads:
            thread.join(timeout=10)
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

    def record(self, receipt: Receipt) -> GradeRecord | None:
        """Return the whole record of a receipt, with the executed notebook."""
        if receipt.job_id is None:
            return receipt.summary
        try:
            return self.ledger.job(receipt.job_id).record or receipt.summary
        except KeyError:
            return receipt.summary

    def feedback(self, receipt: Receipt, record: GradeRecord, assignment: Assignment) -> str:
        """Return the feedback page of a receipt's record, with what the gradebook says of it now."""
        return self._publisher.page(record, assignment, current=not self.receipts.has_newer_result(receipt))

    def sweep(self) -> int:
        """Take what is complete in the exchange and not written down yet; returns how many folders."""
        taken = 0
        known = self.receipts.folders()
        for folder in self._inbound.complete(known):
            taken += self._take(folder)
        if taken:
            self.nudge()
        return taken

    def _take(self, folder: str) -> bool:
        claim = parse_folder(folder)
        assert claim is not None
        ref = new_ref()
        inbox = self.settings.results / "inbox"
        partial, place = inbox / f".{ref}", inbox / ref
        try:
            delivery = self._inbound.take(folder, partial / claim.student / claim.assignment)
        except IntakeError as error:
            shutil.rmtree(partial, ignore_errors=True)
            if error.code == "folder-not-ready":
                return False
            # Whose it is has not been established, or it is no one's: only staff are shown it.
            whose = claim.student if error.code == "delivery-too-large" else ""
            self.receipts.add_refused(folder, whose, claim.assignment, error.code, error.message, error.detail)
            _log.warning("refused %s: %s", folder, error)
            return True
        partial.rename(place)
        self.receipts.add(ref, delivery)
        _log.info("received %s", folder)
        return True

    def _sweep_forever(self) -> None:
        checked = reconciled = float("-inf")
        stamp = None
        while not self._stopping.wait(_SWEEP):
            try:
                self.sweep()
                now = time.monotonic()
                if now - checked > _RECHECK:
                    checked = now
                    self._recheck()
                if now - reconciled > _RECONCILE and stamp != (stamp := self._ledger_stamp()):
                    reconciled = now
                    self._reconcile()
            except Exception:  # the next look may succeed; nothing is lost by looking again
                _log.exception("sweep failed")

    def _warm_up(self) -> None:
        try:
            self._warm()
        except Exception:  # grading will say so again, and to whom it concerns
            _log.exception("warming up failed")

    def _warm(self) -> None:
        """Start what takes seconds to start, in every slot: sandboxes, judges, nbgrader."""
        self._publisher.warm()
        known, _ = assignments(self.settings.root)
        if not known:
            return
        run = self._run(None, known[0])
        job = job_of(run, {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
        started = time.monotonic()
        for future in [self._jobs.submit(self._slots.grade, job, seconds_for(run)) for _ in range(self._slots.count)]:
            future.result()
        _log.info("%d slots warm after %.1f s", self._slots.count, time.monotonic() - started)

    def _grade_forever(self) -> None:
        while not self._stopping.is_set():
            try:
                receipt = self.receipts.claim(self.settings.attempts_per_hour)
            except GraderError:
                _log.exception("no receipt could be claimed")
                receipt = None
            if receipt is None:
                with self._wake:
                    self._wake.wait(1.0)
                continue
            self._grade_safely(receipt)

    def _grade_safely(self, receipt: Receipt) -> None:
        pause = min(5.0 * 2**receipt.tries, _LONGEST_PAUSE)
        try:
            self._grade(receipt)
        except _ElsewhereError as error:
            self._put_back(receipt, 5.0, "graded-elsewhere", str(error))
        except ConfinementError as error:
            _log.error("nothing is graded without confinement: %s", error)
            self._put_back(receipt, 60.0, error.code, error.detail or error.message)
        except GraderError as error:
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
        if not receipt.folder.startswith(OUTSIDE) and receipt.student not in self.roster:
            self.receipts.refuse(
                receipt,
                "student-unknown",
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
        submission = self._submission(receipt, assignment)
        store_submission(self.settings.results / "submissions", submission)
        run = self._run(receipt, assignment)
        started = time.monotonic()
        progress = next(iter(grade(run, [submission], self._jobs, self._slots.grade, window=1)), None)
        if progress is None:
            raise _ElsewhereError("another grader holds this submission")
        graded = time.monotonic()
        job_id = self.ledger.enqueue(submission, run.key).id
        self._publisher.publish(receipt, progress.record, assignment)
        self.receipts.finish(receipt, progress.record, job_id)
        self._publisher.drop_older(receipt)
        _log.info(
            "graded %s (%s): %.2f s, published in %.2f s",
            receipt.folder,
            progress.record.state.value,
            graded - started,
            time.monotonic() - graded,
        )

    def _run(self, receipt: Receipt | None, assignment: Assignment) -> Run:
        again = False
        if receipt is not None and receipt.regrade is not None and receipt.job_id is not None:
            job = self.ledger.job(receipt.job_id)
            again = job.finished and job.token <= receipt.regrade  # a later token: a killed service had done it
        return Run(
            assignment=assignment,
            master=read_master(assignment),
            files=support_files(assignment),
            ledger=self.ledger,
            key=JobKey(assignment.suite_hash, grader_version(), secret_id(self.secret), "cpu"),
            secret=self.secret,
            owner=self._owner,
            regrade=again,
            tests_hash=tests_hash(assignment.suite_dir),
        )

    def _submission(self, receipt: Receipt, assignment: Assignment) -> Submission:
        """Return what was handed in: from the private copy, or what the ledger's result was made of."""
        copy = inbox_of(self.settings, receipt)
        if not copy.is_dir() and not receipt.folder.startswith(OUTSIDE):
            self._inbound.take(receipt.folder, copy)
        if copy.is_dir():
            found = next(iter(read_source(copy, assignment)), None) or _nothing(receipt, assignment, copy)
            return replace(found, student=receipt.student, received_at=receipt.received_at, source=receipt.folder)
        record = receipt.summary or self._summary(receipt)
        stored = self.settings.results / "submissions" / f"{record.digest if record else ''}.ipynb"
        if record is None or not stored.is_file():
            raise IntakeError(
                "content-missing", "다시 채점할 제출물의 내용이 남아 있지 않습니다.", detail=receipt.folder
            )
        notebook, verdicts = read_notebook(stored.read_bytes())
        return Submission(
            student=record.student,
            assignment=assignment.id,
            digest=record.digest,
            notebook=notebook,
            source=record.source,
            received_at=record.received_at,
            verdicts=verdicts,
        )

    def _summary(self, receipt: Receipt) -> GradeRecord | None:
        whole = self.receipts.get(receipt.ref)
        return whole.summary if whole else None

    def _recheck(self) -> None:
        """Let wait again what was refused for a reason that is gone."""
        for receipt in self.receipts.rows(states=(ReceiptState.REFUSED,)):
            if receipt.code == "student-unknown" and receipt.student in self.roster:
                self.receipts.reopen(receipt)
            elif receipt.code == "assignment-unknown":
                with contextlib.suppress(AssignmentError):
                    load_assignment(receipt.assignment, self.settings.root)
                    self.receipts.reopen(receipt)

    def _reconcile(self) -> None:
        """Take in what the command line or formgrader has graded since."""
        for assignment_id in self.ledger.assignments():
            for job in self.ledger.latest(assignment_id):
                if job.record is not None:
                    self.receipts.adopt(job.id, job.record)

    def _ledger_stamp(self) -> tuple[int, ...]:
        stamp = []
        for name in ("ledger.db", "ledger.db-wal"):
            with contextlib.suppress(OSError):
                stamp.append((self.settings.results / name).stat().st_mtime_ns)
        return tuple(stamp)

    def _drop_unfinished_copies(self) -> None:
        """Delete copies that a killed service left half made, or made and not written down."""
        known = {receipt.ref for receipt in self.receipts.rows()}
        for folder in _folders(self.settings.results / "inbox"):
            if folder.name not in known:
                shutil.rmtree(folder, ignore_errors=True)


class _ElsewhereError(Exception):
    """No result yet, and no trouble: somebody else is at it."""


def _nothing(receipt: Receipt, assignment: Assignment, copy: Path) -> Submission:
    """Return the submission that a folder without any notebook is."""
    names = ", ".join(sorted(path.name for path in copy.iterdir()))
    return Submission(
        student=receipt.student,
        assignment=assignment.id,
        digest=hashlib.sha256(f"nothing\n{names}".encode()).hexdigest(),
        notebook=None,
        source=receipt.folder,
        verdicts=(verdict("notebook-missing", expected=assignment.notebook, detail=names),),
    )


def _folders(path: Path) -> Iterator[Path]:
    return (p for p in path.iterdir() if p.is_dir()) if path.is_dir() else iter(())


def _only_one(path: Path) -> TextIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
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
