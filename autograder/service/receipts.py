"""Receipts: what arrived, what is to be graded next, and what became of it. One SQLite table, one service for it.

A row is made once for each folder of the exchange and never deleted. Decided here: the order of the queue (submissions
as they came, regrades after them), that a student's newer waiting submission takes the older one's place, that a
student's two submissions of one assignment are never graded at the same time, and how many of a student's submissions
an hour takes; what exceeds waits. What the machine was too busy for waits until nothing else does and nothing is being
graded.

Rows hold a summary of the record (without the executed notebook), so that no page has to read the ledger.
"""

from __future__ import annotations

import datetime as dt
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DatabaseError

from autograder.errors import LedgerError
from autograder.integrations.exchange import Delivery
from autograder.model import GradeRecord, RecordState
from autograder.service.receipt import FINISHED, OUTSIDE, Receipt, ReceiptState, queue

__all__ = ["Receipts", "new_ref"]

_HOUR_SECONDS = 3600.0
_LOCKED_SECONDS = 120
"""For another connection to let go of the database."""
_metadata = sa.MetaData()
_table = sa.Table(
    "receipts",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("ref", sa.String(32), nullable=False, unique=True),
    sa.Column("folder", sa.Text, nullable=False, unique=True),
    sa.Column("student", sa.String(200), nullable=False),
    sa.Column("assignment", sa.String(120), nullable=False),
    sa.Column("received_at", sa.String(40), nullable=False),
    sa.Column("claimed_at", sa.String(40), nullable=False, default=""),
    sa.Column("owner_checked", sa.Boolean, nullable=False, default=False),
    sa.Column("secret", sa.String(128), nullable=False, default=""),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("code", sa.String(60), nullable=False, default=""),
    sa.Column("reason", sa.Text, nullable=False, default=""),
    sa.Column("detail", sa.Text, nullable=False, default=""),
    sa.Column("tries", sa.Integer, nullable=False, default=0),
    sa.Column("not_before", sa.Float, nullable=False, default=0.0),
    sa.Column("started", sa.Float),
    sa.Column("finished", sa.Float),
    sa.Column("job_id", sa.Integer),
    sa.Column("regrade", sa.Integer),
    sa.Column("score", sa.Float),
    sa.Column("possible", sa.Float),
    sa.Column("summary", sa.JSON),
    sa.Index("by_student", "student", "assignment"),
    sa.Index("by_state", "state"),
)


class Receipts:
    """The table, in an SQLite file that is made if it is missing.

    Args:
        path: the database file.
        clock: seconds since the epoch.

    Raises:
        LedgerError: the database cannot be used (``receipts-unavailable``).
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.clock = clock
        self._claiming = threading.Lock()
        self._engine = sa.create_engine(f"sqlite:///{path.resolve()}", connect_args={"timeout": _LOCKED_SECONDS})
        sa.event.listen(self._engine, "connect", _pragmas)
        with self._begin() as connection:
            _metadata.create_all(connection, checkfirst=True)
        path.chmod(0o600)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def add(self, ref: str, delivery: Delivery) -> None:
        """Write down what arrived; it waits from now on, in place of the same student's older one that still waits."""
        row = {
            "ref": ref,
            "folder": delivery.folder,
            "student": delivery.student,
            "assignment": delivery.assignment,
            "received_at": delivery.received_at,
            "claimed_at": delivery.claimed_at,
            "owner_checked": delivery.owner_checked,
            "secret": delivery.secret,
            "state": ReceiptState.WAITING,
        }
        self._insert(row)
        same = self.rows(student=delivery.student, assignment=delivery.assignment, states=(ReceiptState.WAITING,))
        with self._begin() as connection:
            for older in [r for r in same if r.regrade is None][1:]:
                _set(connection, older.id, state=ReceiptState.SUPERSEDED, code="", finished=self.clock())

    def add_refused(self, folder: str, student: str, assignment: str, code: str, reason: str, detail: str) -> None:
        """Write down a folder that is not taken. `student` is "" where nobody may be shown it but staff."""
        row = {
            "ref": new_ref(),
            "folder": folder,
            "student": student,
            "assignment": assignment,
            "received_at": _iso(self.clock()),
            "state": ReceiptState.REFUSED,
            "code": code,
            "reason": reason,
            "detail": detail[:2000],
        }
        self._insert(row)

    def adopt(self, job_id: int, record: GradeRecord) -> None:
        """Take in a result that the ledger has from elsewhere: update its receipts, or make one."""
        values = {**_result(record), "finished": self.clock()}
        busy = self.rows(
            student=record.student,
            assignment=record.assignment,
            states=(ReceiptState.WAITING, ReceiptState.GRADING),
        )
        if busy:
            return  # its own grading will say
        with self._begin() as connection:
            withdrawn = sa.and_(_table.c.state == ReceiptState.SUPERSEDED, _table.c.folder == f"{OUTSIDE}{job_id}")
            known = connection.execute(
                sa.update(_table)
                .where(_table.c.job_id == job_id, sa.or_(_table.c.state.in_(FINISHED), withdrawn))
                .values(**values)
            ).rowcount
        if not known:
            row = {
                "ref": new_ref(),
                "folder": f"{OUTSIDE}{job_id}",
                "student": record.student,
                "assignment": record.assignment,
                "received_at": _utc(record.received_at),
                "job_id": job_id,
                **values,
            }
            self._insert(row)

    def withdraw(self, job_id: int) -> None:
        """Take a result from elsewhere out of the class: the work is another student's by now."""
        with self._begin() as connection:
            connection.execute(
                sa.update(_table)
                .where(_table.c.folder == f"{OUTSIDE}{job_id}", _table.c.state.in_(FINISHED))
                .values(state=ReceiptState.SUPERSEDED, score=None, possible=None)
            )

    def folders(self) -> set[str]:
        """Return the names of all folders written down."""
        with self._begin() as connection:
            return set(connection.scalars(sa.select(_table.c.folder)))

    def claim(self, limit: int) -> Receipt | None:
        """Return the receipt to grade next, now in state grading, or None; older ones in its way are superseded.

        Args:
            limit: submissions of one student begun within an hour; regrades don't count and are not limited.
        """
        now = self.clock()
        with self._claiming, self._begin() as connection:
            waiting = [_receipt(r) for r in connection.execute(_without_summary().where(_state(ReceiptState.WAITING)))]
            if not waiting:
                return None
            busy = {
                (r.student, r.assignment)
                for r in connection.execute(
                    sa.select(_table.c.student, _table.c.assignment).where(_state(ReceiptState.GRADING))
                )
            }
            chosen: Receipt | None = None
            for receipt in queue(waiting):
                if receipt.not_before > now or (receipt.student, receipt.assignment) in busy:
                    continue
                if receipt.put_off and busy:
                    continue  # alone: while nothing else is graded
                if receipt.regrade is None and receipt.started is None:
                    free_at = self._free_at(connection, receipt.student, limit, now)
                    if free_at > now:
                        _set(connection, receipt.id, not_before=free_at, code="attempts-exceeded")
                        continue
                chosen = receipt
                break
            older = [r for r in waiting if _takes_the_place_of(chosen, r)] if chosen else []
            for receipt in older:
                _set(connection, receipt.id, state=ReceiptState.SUPERSEDED, code="", finished=now)
            if chosen is None:
                return None
            started = chosen.started if chosen.started is not None or chosen.regrade is not None else now
            _set(connection, chosen.id, state=ReceiptState.GRADING, code="", detail="", not_before=0.0, started=started)
        return chosen

    def finish(self, receipt: Receipt, record: GradeRecord, job_id: int | None) -> None:
        """Write down the result of a receipt that was claimed."""
        values = {**_result(record), "job_id": job_id, "regrade": None, "tries": 0}
        with self._begin() as connection:
            _set(connection, receipt.id, **values, code="", reason="", detail="", finished=self.clock())

    def refuse(self, receipt: Receipt, code: str, reason: str, detail: str = "") -> None:
        """End a receipt without a result."""
        with self._begin() as connection:
            _set(connection, receipt.id, state=ReceiptState.REFUSED, code=code, reason=reason, detail=detail[:2000])

    def postpone(self, receipt: Receipt, seconds: float, code: str, detail: str) -> None:
        """Put a claimed receipt back: trouble of ours, to be tried again later."""
        values = {"not_before": self.clock() + seconds, "code": code, "detail": detail[:2000]}
        with self._begin() as connection:
            _set(connection, receipt.id, state=ReceiptState.WAITING, tries=receipt.tries + 1, **values)

    def reopen(self, receipt: Receipt) -> None:
        """Let a refused receipt wait again: what was in its way is gone."""
        with self._begin() as connection:
            _set(connection, receipt.id, state=ReceiptState.WAITING, code="", reason="", detail="")

    def release(self, receipt: Receipt) -> None:
        """Let a receipt that was put back be graded at once; nothing is changed if it does not wait any more."""
        waits = sa.and_(_table.c.id == receipt.id, _state(ReceiptState.WAITING))
        with self._begin() as connection:
            connection.execute(sa.update(_table).where(waits).values(not_before=0.0, code="", detail="", tries=0))

    def recover(self) -> int:
        """Put back what a service that is gone was grading; returns how many."""
        with self._begin() as connection:
            return connection.execute(
                sa.update(_table).where(_state(ReceiptState.GRADING)).values(state=ReceiptState.WAITING, not_before=0.0)
            ).rowcount

    def request_regrade(self, refs: Sequence[str], token_of: Callable[[int | None], int]) -> int:
        """Let finished receipts wait to be graded again; returns how many of them were finished.

        Args:
            refs: of receipts.
            token_of: the ledger's current token of a job; a result with a later one is the regrade, done.
        """
        changed = 0
        for receipt in (self.get(ref) for ref in refs):
            if receipt is None or receipt.state not in FINISHED:
                continue
            values = {"state": ReceiptState.WAITING, "regrade": token_of(receipt.job_id), "not_before": 0.0}
            with self._begin() as connection:
                changed += connection.execute(
                    sa.update(_table).where(_table.c.id == receipt.id, _table.c.state.in_(FINISHED)).values(**values)
                ).rowcount
        return changed

    def get(self, ref: str) -> Receipt | None:
        """Return one receipt."""
        with self._begin() as connection:
            row = connection.execute(sa.select(_table).where(_table.c.ref == ref)).one_or_none()
        return None if row is None else _receipt(row)

    def rows(
        self,
        *,
        student: str | None = None,
        assignment: str | None = None,
        states: Iterable[ReceiptState] = (),
        summaries: bool = False,
    ) -> list[Receipt]:
        """Return receipts, newest first; without their summaries unless asked for."""
        query = sa.select(_table) if summaries else _without_summary()
        for column, value in ((_table.c.student, student), (_table.c.assignment, assignment)):
            if value is not None:
                query = query.where(column == value)
        if states := tuple(states):
            query = query.where(_table.c.state.in_(states))
        with self._begin() as connection:
            return [
                _receipt(r) for r in connection.execute(query.order_by(_table.c.received_at.desc(), _table.c.id.desc()))
            ]

    def latest(self, assignment: str) -> list[Receipt]:
        """Return each student's newest receipt of an assignment that has a result, by student.

        One that waits for a regrade still has its old result.
        """
        newest: dict[str, int] = {}
        for receipt in self.rows(assignment=assignment):
            if receipt.has_result:
                newest.setdefault(receipt.student, receipt.id)
        with self._begin() as connection:
            chosen = sa.select(_table).where(_table.c.id.in_(newest.values())).order_by(_table.c.student)
            return [_receipt(row) for row in connection.execute(chosen)]

    def has_newer_result(self, receipt: Receipt) -> bool:
        """Whether a later submission of the same work has been graded."""
        same = self.rows(student=receipt.student, assignment=receipt.assignment, states=FINISHED)
        return any(r.order > receipt.order for r in same)

    def _insert(self, row: dict[str, Any]) -> None:
        with self._begin() as connection:
            connection.execute(insert(_table).values(**row).on_conflict_do_nothing(index_elements=["folder"]))

    def _free_at(self, connection: sa.Connection, student: str, limit: int, now: float) -> float:
        """Return when the student may have another submission graded: `now` or later."""
        begun = connection.scalars(
            sa.select(_table.c.started)
            .where(_table.c.student == student, _table.c.started > now - _HOUR_SECONDS)
            .order_by(_table.c.started.desc())
        ).all()
        return now if len(begun) < limit else float(begun[limit - 1]) + _HOUR_SECONDS

    @contextmanager
    def _begin(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except DatabaseError as error:
            raise LedgerError(
                "receipts-unavailable",
                "접수 장부를 열거나 쓸 수 없습니다. 디스크 공간과 파일 권한을 확인하세요.",
                detail=str(error.orig),
            ) from error


def new_ref() -> str:
    """Return an id that cannot be guessed."""
    return secrets.token_hex(12)


def _takes_the_place_of(chosen: Receipt | None, other: Receipt) -> bool:
    return (
        chosen is not None
        and (other.student, other.assignment) == (chosen.student, chosen.assignment)
        and other.order < chosen.order
        and other.regrade is None
        and chosen.regrade is None
    )


def _result(record: GradeRecord) -> dict[str, Any]:
    """Return the columns of a result; the summary is the record without what was executed."""
    return {
        "state": ReceiptState.NEEDS_STAFF if record.state is RecordState.NEEDS_STAFF else ReceiptState.DONE,
        "score": record.score,
        "possible": record.possible,
        "summary": {**record.to_dict(), "executed": None, "cells": []},
    }


def _state(state: ReceiptState) -> sa.ColumnElement[bool]:
    return _table.c.state == state


def _without_summary() -> sa.Select[Any]:
    return sa.select(*(c for c in _table.c if c.name != "summary"))


def _set(connection: sa.Connection, row_id: int, **values: Any) -> None:
    connection.execute(sa.update(_table).where(_table.c.id == row_id).values(**values))


def _receipt(row: sa.Row[Any]) -> Receipt:
    values = dict(row._mapping)
    summary = values.pop("summary", None)
    values["state"] = ReceiptState(values["state"])
    return Receipt(**values, summary=GradeRecord.from_dict(summary) if summary else None)


def _utc(stamp: str) -> str:
    """Return a time in the one form in which times are compared here; "" if it is none."""
    try:
        return dt.datetime.fromisoformat(stamp).astimezone(dt.UTC).isoformat()
    except ValueError:
        return ""


def _iso(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat()


def _pragmas(connection: Any, _record: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={_LOCKED_SECONDS}000"):
        connection.execute(f"PRAGMA {pragma}")
