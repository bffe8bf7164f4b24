"""The ledger: which submission is to be graded, by whom it is being graded, and what came of it.

One row for each (student, assignment, content, suite, grader version, secret, device): grading the same work again is
free, grading it by another suite is a new row. A row is *leased* to one worker at a time with a fencing token; only the
holder of the current token can finish it, so a result is recorded exactly once however often a worker comes back from
the dead. SQLite in WAL mode by default; any SQLAlchemy URL works.

It refuses a database written by a newer schema, and it never deletes a row.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, IntegrityError

from autograder.errors import LedgerError
from autograder.grading.folders import private_folder
from autograder.grading.ledger_schema import (
    FIGURES,
    FIND,
    FINISH,
    HELD,
    INSERT,
    JOB,
    JOBS,
    LAST_SEEN,
    LEASE,
    META,
    RENEW,
    ROW,
    SCHEMA,
    TOKEN,
    TOUCH,
    JobState,
    create_tables,
)
from autograder.marks import FiguresState, figures_state, with_figures
from autograder.model import GradeRecord, RecordState, Submission

__all__ = ["Job", "JobKey", "JobState", "Lease", "Ledger", "worker_name"]

_MAX_ATTEMPTS = 3
_LOCKED_SECONDS = 120
"""For another coordinator to let go of the database, which takes milliseconds; after that the run ends by name."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class JobKey:
    """What makes a result reusable: by which suite, grader, secret and device it was graded."""

    suite_hash: str
    grader_version: str
    secret_id: str
    device: str


@dataclass(frozen=True, slots=True)
class Job:
    """One row as read: `record` is there once the state is done or needs-staff."""

    id: int
    assignment: str
    student: str
    digest: str
    state: str
    attempts: int
    received_at: str
    trouble: str
    record: GradeRecord | None
    token: int = 0
    """The fencing token of the last lease."""

    @property
    def finished(self) -> bool:
        """Whether there is a result."""
        return self.state in (JobState.DONE, JobState.NEEDS_STAFF)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to finish one job; `token` is the fence."""

    job_id: int
    owner: str
    token: int


class _KnownError(Exception):
    """The work has a row already."""


def worker_name() -> str:
    """Return a name for this process that no later process on this machine has: host, pid and start time."""
    return f"{socket.gethostname()}:{os.getpid()}:{_start_time(os.getpid())}"


class Ledger:
    """The ledger in one database.

    Args:
        url: an SQLAlchemy URL, or a path of an SQLite file (created, with its folder, if missing).
        clock: seconds since the epoch; injected in tests.

    Raises:
        LedgerError: the database cannot be opened (``ledger-unavailable``) or is of a newer schema (``ledger-newer``).
    """

    def __init__(self, url: str | Path, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        text = str(url)
        self._file: Path | None = None
        self._inode = 0
        if "://" not in text:
            private_folder(Path(text).parent)
            self._file = Path(text).resolve()
            text = f"sqlite:///{self._file}"
        self._engine = sa.create_engine(
            text, connect_args={"timeout": _LOCKED_SECONDS} if text.startswith("sqlite") else {}
        )
        if text.startswith("sqlite"):
            sa.event.listen(self._engine, "connect", _sqlite_pragmas)
            sa.event.listen(self._engine, "begin", _sqlite_begin)
        self._unsynced = self._engine.execution_options(ledger_synced=False)
        with self.transaction() as connection:
            create_tables(connection)
            version = connection.scalar(sa.select(META.c.value).where(META.c.name == "schema"))
            if version is None:
                connection.execute(sa.insert(META).values(name="schema", value=SCHEMA))
            elif version > SCHEMA:
                raise LedgerError(
                    "ledger-newer", "채점 장부가 더 새로운 버전의 채점기로 만들어졌습니다. 채점기를 업데이트하세요."
                )
        if self._file is not None:
            self._inode = self._file.stat().st_ino

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def enqueue(self, submission: Submission, key: JobKey, *, regrade: bool = False) -> Job:
        """Return the row of this submission, made if there is none; with `regrade`, put back to queued.

        A submission seen again counts as the student's latest, also when its content was graded before.
        """
        return self._enter(submission, key, regrade, lambda _connection, job: job)

    def claim(
        self, submission: Submission, key: JobKey, owner: str, seconds: float, *, regrade: bool = False
    ) -> tuple[Job, Lease | None]:
        """Do `enqueue` and `lease` in one transaction; returns the row as it was found, and the lease if it was free.

        For work that is new a power cut may undo it, as if the submission had not come yet: its result is synced.
        """
        until = self._clock() + seconds
        held = {"state": JobState.LEASED, "lease_owner": owner, "lease_token": 1, "lease_until": until}
        try:
            job = self._enter(submission, key, regrade, lambda _connection, job: job, new=held)
            return replace(job, state=JobState.QUEUED, token=0), Lease(job.id, owner, job.token)
        except _KnownError:

            def take(connection: sa.Connection, job: Job) -> tuple[Job, Lease | None]:
                return job, None if job.finished else self._lease(connection, job.id, owner, seconds)

            return self._enter(submission, key, regrade, take)

    def lease(self, job_id: int, owner: str, seconds: float) -> Lease | None:
        """Return a lease on a queued job (or one whose lease ran out), or None if someone else holds it."""
        with self.transaction() as connection:
            return self._lease(connection, job_id, owner, seconds)

    def renew(self, lease: Lease, seconds: float) -> bool:
        """Hold a lease for so many seconds from now; False if it is no longer the newest of its job, or is finished.

        A power cut may undo it: then its holder is gone as well.
        """
        values = {"the_id": lease.job_id, "the_token": lease.token, "until": self._clock() + seconds}
        with self.transaction(synced=False) as connection:
            return bool(connection.execute(RENEW, values).rowcount)

    def _enter(
        self,
        submission: Submission,
        key: JobKey,
        regrade: bool,
        then: Callable[[sa.Connection, Job], T],
        *,
        new: dict[str, Any] | None = None,
    ) -> T:
        """Find or make the row of a submission and go on with it in the same transaction.

        With `new`, what a new row starts with, the transaction is not synced; raises _KnownError if there is a row.
        """
        work = {
            "assignment": submission.assignment,
            "student": submission.student,
            "digest": submission.digest,
            "suite_hash": key.suite_hash,
            "grader_version": key.grader_version,
            "secret_id": key.secret_id,
            "device": key.device,
        }
        for last in (False, True):
            try:
                with self.transaction(synced=new is None) as connection:
                    return then(connection, self._row(connection, work, submission, regrade, new))
            except IntegrityError:  # another coordinator was faster: now the row is there
                if last:
                    raise
        raise AssertionError("unreachable")

    def _row(
        self,
        connection: sa.Connection,
        work: dict[str, str],
        submission: Submission,
        regrade: bool,
        new: dict[str, Any] | None,
    ) -> Job:
        fresh: dict[str, Any] = {
            "seen": (connection.scalar(LAST_SEEN) or 0) + 1,
            "source": submission.source,
            "received_at": submission.received_at,
        }
        found = connection.execute(FIND, {f"the_{name}": value for name, value in work.items()}).one_or_none()
        if found is None:
            start = {"state": JobState.QUEUED, "attempts": 0, "lease_token": 0, "trouble": "", **(new or {})}
            made: Any = connection.execute(INSERT, {**work, **fresh, **start}).inserted_primary_key
            return _job(SimpleNamespace(id=made[0], record=None, **work, **fresh, **start))
        if new is not None:
            raise _KnownError
        connection.execute(TOUCH, {"the_id": found.id, **fresh})
        fields = {**found._mapping, **fresh}
        if regrade and found.state in (JobState.DONE, JobState.NEEDS_STAFF):
            again = {"state": JobState.QUEUED, "attempts": 0, "trouble": ""}
            free = JOBS.c.state.in_([JobState.DONE, JobState.NEEDS_STAFF])
            connection.execute(sa.update(JOBS).where(JOBS.c.id == found.id, free).values(**again))
            fields.update(again)
        return _job(SimpleNamespace(**fields))

    def _lease(self, connection: sa.Connection, job_id: int, owner: str, seconds: float) -> Lease | None:
        now = self._clock()
        values = {"the_id": job_id, "the_time": now, "lease_owner": owner, "lease_until": now + seconds}
        if not connection.execute(LEASE, values).rowcount:
            return None
        token = connection.scalar(TOKEN, {"the_id": job_id})
        return Lease(job_id, owner, int(token or 0))

    def finish(self, lease: Lease, record: GradeRecord) -> None:
        """Record the result; raises LedgerError (``lease-lost``) if the lease has passed to someone else.

        Figures that it says are still to be made are noted beside it (see `due_figures`).
        """
        state = JobState.NEEDS_STAFF if record.state is RecordState.NEEDS_STAFF else JobState.DONE
        figures = figures_state(record.executed)
        with self.transaction() as connection:
            self._update(connection, lease, FINISH, state=state, record=record.to_dict())
            connection.execute(sa.delete(FIGURES).where(FIGURES.c.job_id == lease.job_id))
            if figures in (FiguresState.DUE, FiguresState.LEFT):
                values = {"job_id": lease.job_id, "token": lease.token, "state": figures.value, "attempts": 0}
                connection.execute(sa.insert(FIGURES).values(**values))

    def amend(self, job: Job, record: GradeRecord) -> bool:
        """Replace the record of a finished row by one that adds to it; False if it was graded again meanwhile."""
        with self.transaction() as connection:
            changed = connection.execute(
                sa.update(JOBS)
                .where(
                    JOBS.c.id == job.id,
                    JOBS.c.lease_token == job.token,
                    JOBS.c.state.in_([JobState.DONE, JobState.NEEDS_STAFF]),
                )
                .values(record=record.to_dict())
            ).rowcount
        return bool(changed)

    def fail(self, lease: Lease, trouble: str) -> Job:
        """Give the job back after trouble of our own; after three attempts it stays leased to be finished by hand.

        Returns:
            the job: ``queued`` if it is to be tried again, else still ``leased`` (the caller finishes it with a
            record that needs staff).
        """
        with self.transaction() as connection:
            attempts = (connection.scalar(sa.select(JOBS.c.attempts).where(JOBS.c.id == lease.job_id)) or 0) + 1
        values: dict[str, Any] = {"attempts": attempts, "trouble": trouble[:4000]}
        if attempts < _MAX_ATTEMPTS:
            values.update(state=JobState.QUEUED, lease_owner=None, lease_until=None)
        self._fenced(lease, HELD.values(**values))
        return self.job(lease.job_id)

    def release(self, lease: Lease) -> None:
        """Put a leased job back without counting an attempt (the run was interrupted); a lost lease is left alone."""
        with self.transaction() as connection:
            connection.execute(
                sa.update(JOBS)
                .where(JOBS.c.id == lease.job_id, JOBS.c.lease_token == lease.token, JOBS.c.state == JobState.LEASED)
                .values(state=JobState.QUEUED, lease_owner=None, lease_until=None)
            )

    def reclaim(self) -> int:
        """Put back every job whose lease ran out or whose holder on this machine is dead; returns how many."""
        host = socket.gethostname()
        with self.transaction() as connection:
            rows = connection.execute(
                sa.select(JOBS.c.id, JOBS.c.lease_owner, JOBS.c.lease_until, JOBS.c.lease_token).where(
                    JOBS.c.state == JobState.LEASED
                )
            ).all()
            now, freed = self._clock(), 0
            for row in rows:
                if (row.lease_until or 0) < now or _is_dead(row.lease_owner or "", host):
                    freed += connection.execute(
                        sa.update(JOBS)
                        .where(JOBS.c.id == row.id, JOBS.c.lease_token == row.lease_token)
                        .values(state=JobState.QUEUED, lease_owner=None, lease_until=None)
                    ).rowcount
            _free_figures(connection, host)
        return freed

    def job(self, job_id: int) -> Job:
        """Return one row; raises KeyError."""
        with self.transaction() as connection:
            row = connection.execute(ROW, {"the_id": job_id}).one_or_none()
        if row is None:
            raise KeyError(job_id)
        return _job(row)

    def latest(self, assignment: str, *, executed: bool = True) -> list[Job]:
        """Return each student's latest submission of an assignment, by student: the last received, then last seen.

        Without `executed` records come without the executed notebook, and few of those are in memory at once.
        """
        order = (JOBS.c.received_at, JOBS.c.seen)
        with self.transaction() as connection:
            rows = connection.execute(
                sa.select(JOBS.c.student, JOBS.c.id).where(JOBS.c.assignment == assignment).order_by(*order)
            ).all()
        newest = {row.student: row.id for row in rows}
        jobs: dict[str, Job] = {}
        for ids in _batches(list(newest.values())):  # nobody else waits for the lock longer than a batch takes
            with self.transaction() as connection:
                for row in connection.execute((JOB if executed else sa.select(JOBS)).where(JOBS.c.id.in_(ids))):
                    job = _job(row)
                    if not executed and job.record is not None:
                        job = replace(job, record=replace(job.record, executed=None))
                    jobs[job.student] = job
        return [jobs[student] for student in sorted(jobs)]

    def newest_results(self, assignment: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield student, digest and the record as stored of each work that was ever graded, by whichever key.

        A work's newest result counts, also while the work is being graded again.
        """
        with self.transaction() as connection:
            rows = connection.execute(
                sa.select(JOBS.c.student, JOBS.c.digest, JOBS.c.id)
                .where(JOBS.c.assignment == assignment, JOBS.c.record.is_not(None))
                .order_by(JOBS.c.seen)
            ).all()
        newest = {(row.student, row.digest): row.id for row in rows}
        for ids in _batches(list(newest.values())):
            with self.transaction() as connection:
                chosen = sa.select(JOBS.c.student, JOBS.c.digest, JOBS.c.record).where(JOBS.c.id.in_(ids))
                found = connection.execute(chosen).all()
            for row in found:
                if row.record:
                    yield row.student, row.digest, row.record

    def works(self, assignment: str) -> list[tuple[str, str, str]]:
        """Return student, digest and source of every finished row of an assignment, in the order last seen."""
        with self.transaction() as connection:
            rows = connection.execute(
                sa.select(JOBS.c.student, JOBS.c.digest, JOBS.c.source)
                .where(JOBS.c.assignment == assignment, JOBS.c.state.in_([JobState.DONE, JobState.NEEDS_STAFF]))
                .order_by(JOBS.c.seen)
            ).all()
        return [(row.student, row.digest, row.source) for row in rows]

    def history(self, assignment: str, student: str) -> list[Job]:
        """Return every row of one student's work on an assignment, in the order in which `latest` would prefer them."""
        with self.transaction() as connection:
            rows = connection.execute(
                JOB.where(JOBS.c.assignment == assignment, JOBS.c.student == student).order_by(
                    JOBS.c.received_at, JOBS.c.seen
                )
            ).all()
        return [_job(row) for row in rows]

    def assignments(self) -> list[str]:
        """Return the ids of the assignments that have rows, sorted."""
        with self.transaction() as connection:
            return list(connection.scalars(sa.select(JOBS.c.assignment).distinct().order_by(JOBS.c.assignment)))

    def counts(self, assignment: str) -> dict[str, int]:
        """Return how many rows of an assignment are in each state."""
        with self.transaction() as connection:
            rows = connection.execute(
                sa.select(JOBS.c.state, sa.func.count()).where(JOBS.c.assignment == assignment).group_by(JOBS.c.state)
            ).all()
        return {state: int(number) for state, number in rows}

    def _fenced(self, lease: Lease, statement: sa.Update, **values: Any) -> None:
        """Carry out an update of the row that is held; raises LedgerError (``lease-lost``)."""
        with self.transaction() as connection:
            self._update(connection, lease, statement, **values)

    def _update(self, connection: sa.Connection, lease: Lease, statement: sa.Update, **values: Any) -> None:
        held = {"the_id": lease.job_id, "the_token": lease.token, **values}
        if not connection.execute(statement, held).rowcount:
            raise LedgerError(
                "lease-lost",
                "다른 채점기가 이 제출물을 이미 넘겨받았습니다. 이 결과는 기록하지 않습니다.",
                detail=f"job {lease.job_id} token {lease.token}",
            )

    def _in_place(self) -> bool:
        """Whether the SQLite file is the one that was opened: a deleted one would take results to nowhere."""
        try:
            return self._file is not None and self._file.stat().st_ino == self._inode
        except OSError:
            return False

    @contextmanager
    def transaction(self, *, synced: bool = True) -> Iterator[sa.Connection]:
        """One transaction; on SQLite `synced` says whether it must survive a power cut once it has ended."""
        if self._inode and not self._in_place():
            raise LedgerError(
                "ledger-unavailable",
                "채점하는 동안 채점 장부 파일이 사라졌습니다. 파일을 제자리에 되돌린 뒤 같은 명령을 다시 실행하세요.",
                detail=str(self._file),
            )
        try:
            with (self._engine if synced else self._unsynced).begin() as connection:
                yield connection
        except IntegrityError:
            raise
        except DatabaseError as error:
            raise LedgerError(
                "ledger-unavailable",
                "채점 장부 데이터베이스를 열거나 쓸 수 없습니다. 디스크 공간과 파일 권한을 확인하세요.",
                detail=str(error.orig),
            ) from error


def _job(row: Any) -> Job:
    record = GradeRecord.from_dict(row.record) if row.record and row.state != JobState.QUEUED else None
    if record is not None:
        # The same work handed in again keeps its result and gets its new time.
        executed = _with_its_figures(record, row)
        record = replace(record, source=row.source, received_at=row.received_at, executed=executed)
    return Job(
        id=row.id,
        assignment=row.assignment,
        student=row.student,
        digest=row.digest,
        state=row.state,
        attempts=row.attempts,
        received_at=row.received_at,
        trouble=row.trouble,
        record=record,
        token=row.lease_token,
    )


def _free_figures(connection: sa.Connection, host: str) -> None:
    """Let be made by others what a dead process of this machine was at."""
    held = connection.execute(sa.select(FIGURES.c.job_id, FIGURES.c.owner).where(FIGURES.c.owner.is_not(None)))
    for row in held.all():
        if _is_dead(row.owner, host):
            free = sa.update(FIGURES).where(FIGURES.c.job_id == row.job_id, FIGURES.c.owner == row.owner)
            connection.execute(free.values(owner=None, until=None))


def _with_its_figures(record: GradeRecord, row: Any) -> dict[str, Any] | None:
    """Return the executed notebook with what was made of it after the score, if anything was."""
    state = getattr(row, "figures_state", None)
    if state == FiguresState.COMPLETE and row.figures:
        executed: dict[str, Any] = row.figures
        return executed
    if state is not None and record.executed is not None:
        return with_figures(record.executed, FiguresState(state))
    return record.executed


def _batches(ids: list[int], size: int = 100) -> Iterator[list[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _sqlite_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _sqlite_begin, not by the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={_LOCKED_SECONDS}000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: sa.Connection) -> None:
    wanted = "FULL" if connection.get_execution_options().get("ledger_synced", True) else "NORMAL"
    if connection.info.get("ledger_synchronous", "FULL") != wanted:  # inside a transaction it would change nothing
        connection.exec_driver_sql(f"PRAGMA synchronous={wanted}")
        connection.info["ledger_synchronous"] = wanted
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _is_dead(owner: str, host: str) -> bool:
    """Whether `owner` names a process of this machine that is gone (another host's is judged by its lease alone)."""
    name, _, rest = owner.rpartition(":")
    name, _, pid = name.rpartition(":")
    if name != host or not pid.isdigit():
        return False
    return _start_time(int(pid)) != rest


def _start_time(pid: int) -> str:
    """Return a process's start time in clock ticks since boot (proc(5), field 22), or "" if it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
