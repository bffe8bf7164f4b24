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
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, IntegrityError

from autograder.errors import LedgerError
from autograder.model import GradeRecord, RecordState, Submission

__all__ = ["Job", "JobKey", "JobState", "Lease", "Ledger", "worker_name"]

_SCHEMA = 1
_MAX_ATTEMPTS = 3

_metadata = sa.MetaData()
_jobs = sa.Table(
    "jobs",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("assignment", sa.String(120), nullable=False),
    sa.Column("student", sa.String(200), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("suite_hash", sa.String(64), nullable=False),
    sa.Column("grader_version", sa.String(60), nullable=False),
    sa.Column("secret_id", sa.String(16), nullable=False),
    sa.Column("device", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("seen", sa.Integer, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("received_at", sa.String(40), nullable=False),
    sa.Column("lease_owner", sa.String(200)),
    sa.Column("lease_token", sa.Integer, nullable=False, default=0),
    sa.Column("lease_until", sa.Float),
    sa.Column("trouble", sa.Text, nullable=False, default=""),
    sa.Column("record", sa.JSON),
    sa.UniqueConstraint(
        "assignment", "student", "digest", "suite_hash", "grader_version", "secret_id", "device", name="one_job"
    ),
    sa.Index("by_state", "assignment", "state"),
)
_meta = sa.Table(
    "ledger_meta", _metadata, sa.Column("name", sa.String(40), primary_key=True), sa.Column("value", sa.Integer)
)


class JobState:
    """States of a row."""

    QUEUED = "queued"
    LEASED = "leased"
    DONE = "done"
    NEEDS_STAFF = "needs-staff"


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
            Path(text).parent.mkdir(parents=True, exist_ok=True)
            self._file = Path(text).resolve()
            text = f"sqlite:///{self._file}"
        self._engine = sa.create_engine(text, connect_args={"timeout": 30} if text.startswith("sqlite") else {})
        if text.startswith("sqlite"):
            sa.event.listen(self._engine, "connect", _sqlite_pragmas)
            sa.event.listen(self._engine, "begin", _sqlite_begin)
        with self._transaction() as connection:
            _metadata.create_all(connection, checkfirst=True)
            version = connection.scalar(sa.select(_meta.c.value).where(_meta.c.name == "schema"))
            if version is None:
                connection.execute(sa.insert(_meta).values(name="schema", value=_SCHEMA))
            elif version > _SCHEMA:
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
        values = {
            "assignment": submission.assignment,
            "student": submission.student,
            "digest": submission.digest,
            "suite_hash": key.suite_hash,
            "grader_version": key.grader_version,
            "secret_id": key.secret_id,
            "device": key.device,
        }
        same = sa.and_(*(_jobs.c[name] == value for name, value in values.items()))
        with self._transaction() as connection:
            seen = (connection.scalar(sa.select(sa.func.max(_jobs.c.seen))) or 0) + 1
            fresh = {"seen": seen, "source": submission.source, "received_at": submission.received_at}
            updated = connection.execute(sa.update(_jobs).where(same).values(**fresh)).rowcount
            if not updated:
                try:
                    with connection.begin_nested():
                        connection.execute(
                            sa.insert(_jobs).values(
                                **values, **fresh, state=JobState.QUEUED, attempts=0, lease_token=0, trouble=""
                            )
                        )
                except IntegrityError:  # another coordinator was faster
                    connection.execute(sa.update(_jobs).where(same).values(**fresh))
            elif regrade:
                connection.execute(
                    sa.update(_jobs)
                    .where(same, _jobs.c.state.in_([JobState.DONE, JobState.NEEDS_STAFF]))
                    .values(state=JobState.QUEUED, attempts=0, trouble="")
                )
            row = connection.execute(sa.select(_jobs).where(same)).one()
        return _job(row)

    def lease(self, job_id: int, owner: str, seconds: float) -> Lease | None:
        """Return a lease on a queued job (or one whose lease ran out), or None if someone else holds it."""
        now = self._clock()
        with self._transaction() as connection:
            taken = connection.execute(
                sa.update(_jobs)
                .where(
                    _jobs.c.id == job_id,
                    sa.or_(
                        _jobs.c.state == JobState.QUEUED,
                        sa.and_(_jobs.c.state == JobState.LEASED, _jobs.c.lease_until < now),
                    ),
                )
                .values(
                    state=JobState.LEASED,
                    lease_owner=owner,
                    lease_token=_jobs.c.lease_token + 1,
                    lease_until=now + seconds,
                )
            ).rowcount
            if not taken:
                return None
            token = connection.scalar(sa.select(_jobs.c.lease_token).where(_jobs.c.id == job_id))
        return Lease(job_id, owner, int(token or 0))

    def finish(self, lease: Lease, record: GradeRecord) -> None:
        """Record the result; raises LedgerError (``lease-lost``) if the lease has passed to someone else."""
        state = JobState.NEEDS_STAFF if record.state is RecordState.NEEDS_STAFF else JobState.DONE
        self._fenced(lease, state=state, record=record.to_dict(), lease_owner=None, lease_until=None)

    def amend(self, job: Job, record: GradeRecord) -> bool:
        """Replace the record of a finished row by one that adds to it; False if it was graded again meanwhile."""
        with self._transaction() as connection:
            changed = connection.execute(
                sa.update(_jobs)
                .where(
                    _jobs.c.id == job.id,
                    _jobs.c.lease_token == job.token,
                    _jobs.c.state.in_([JobState.DONE, JobState.NEEDS_STAFF]),
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
        with self._transaction() as connection:
            attempts = (connection.scalar(sa.select(_jobs.c.attempts).where(_jobs.c.id == lease.job_id)) or 0) + 1
        values: dict[str, Any] = {"attempts": attempts, "trouble": trouble[:4000]}
        if attempts < _MAX_ATTEMPTS:
            values.update(state=JobState.QUEUED, lease_owner=None, lease_until=None)
        self._fenced(lease, **values)
        return self.job(lease.job_id)

    def release(self, lease: Lease) -> None:
        """Put a leased job back without counting an attempt (the run was interrupted); a lost lease is left alone."""
        with self._transaction() as connection:
            connection.execute(
                sa.update(_jobs)
                .where(_jobs.c.id == lease.job_id, _jobs.c.lease_token == lease.token, _jobs.c.state == JobState.LEASED)
                .values(state=JobState.QUEUED, lease_owner=None, lease_until=None)
            )

    def reclaim(self) -> int:
        """Put back every job whose lease ran out or whose holder on this machine is dead; returns how many."""
        host = socket.gethostname()
        with self._transaction() as connection:
            rows = connection.execute(
                sa.select(_jobs.c.id, _jobs.c.lease_owner, _jobs.c.lease_until, _jobs.c.lease_token).where(
                    _jobs.c.state == JobState.LEASED
                )
            ).all()
            now, freed = self._clock(), 0
            for row in rows:
                if (row.lease_until or 0) < now or _is_dead(row.lease_owner or "", host):
                    freed += connection.execute(
                        sa.update(_jobs)
                        .where(_jobs.c.id == row.id, _jobs.c.lease_token == row.lease_token)
                        .values(state=JobState.QUEUED, lease_owner=None, lease_until=None)
                    ).rowcount
        return freed

    def job(self, job_id: int) -> Job:
        """Return one row; raises KeyError."""
        with self._transaction() as connection:
            row = connection.execute(sa.select(_jobs).where(_jobs.c.id == job_id)).one_or_none()
        if row is None:
            raise KeyError(job_id)
        return _job(row)

    def latest(self, assignment: str) -> list[Job]:
        """Return each student's latest submission of an assignment, by student: the last received, then last seen."""
        with self._transaction() as connection:
            rows = connection.execute(
                sa.select(_jobs).where(_jobs.c.assignment == assignment).order_by(_jobs.c.received_at, _jobs.c.seen)
            ).all()
        newest = {row.student: row for row in rows}
        return [_job(newest[student]) for student in sorted(newest)]

    def history(self, assignment: str, student: str) -> list[Job]:
        """Return every row of one student's work on an assignment, in the order in which `latest` would prefer them."""
        with self._transaction() as connection:
            rows = connection.execute(
                sa.select(_jobs)
                .where(_jobs.c.assignment == assignment, _jobs.c.student == student)
                .order_by(_jobs.c.received_at, _jobs.c.seen)
            ).all()
        return [_job(row) for row in rows]

    def assignments(self) -> list[str]:
        """Return the ids of the assignments that have rows, sorted."""
        with self._transaction() as connection:
            return list(connection.scalars(sa.select(_jobs.c.assignment).distinct().order_by(_jobs.c.assignment)))

    def counts(self, assignment: str) -> dict[str, int]:
        """Return how many rows of an assignment are in each state."""
        with self._transaction() as connection:
            rows = connection.execute(
                sa.select(_jobs.c.state, sa.func.count())
                .where(_jobs.c.assignment == assignment)
                .group_by(_jobs.c.state)
            ).all()
        return {state: int(number) for state, number in rows}

    def _fenced(self, lease: Lease, **values: Any) -> None:
        with self._transaction() as connection:
            changed = connection.execute(
                sa.update(_jobs)
                .where(_jobs.c.id == lease.job_id, _jobs.c.lease_token == lease.token, _jobs.c.state == JobState.LEASED)
                .values(**values)
            ).rowcount
        if not changed:
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
    def _transaction(self) -> Iterator[sa.Connection]:
        if self._inode and not self._in_place():
            raise LedgerError(
                "ledger-unavailable",
                "채점하는 동안 채점 장부 파일이 사라졌습니다. 파일을 제자리에 되돌린 뒤 같은 명령을 다시 실행하세요.",
                detail=str(self._file),
            )
        try:
            with self._engine.begin() as connection:
                yield connection
        except IntegrityError:
            raise
        except DatabaseError as error:
            raise LedgerError(
                "ledger-unavailable",
                "채점 장부 데이터베이스를 열거나 쓸 수 없습니다. 디스크 공간과 파일 권한을 확인하세요.",
                detail=str(error.orig),
            ) from error


def _job(row: sa.Row[Any]) -> Job:
    record = GradeRecord.from_dict(row.record) if row.record and row.state != JobState.QUEUED else None
    if record is not None:
        # The same work handed in again keeps its result and gets its new time.
        record = replace(record, source=row.source, received_at=row.received_at)
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


def _sqlite_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _sqlite_begin, not by the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: sa.Connection) -> None:
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
