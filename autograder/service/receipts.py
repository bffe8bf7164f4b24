"""Receipts: what arrived, what is to be graded next, and what became of it. One SQLite table, one service for it.

A row is made once for each folder of the exchange and never deleted. Decided here: that a student's newer waiting
submission takes the older one's place, that a student's submissions are graded one at a time, and how many of a
student's submissions an hour takes; what exceeds waits. In which order the others are graded is
`autograder.service.receipt`'s. What the machine was too busy for is graded while nothing else is.

Rows hold a summary of the record (without the executed notebook), so that no page has to read the ledger.
"""

from __future__ import annotations

import datetime as dt
import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DatabaseError

from autograder.errors import LedgerError
from autograder.grading.folders import private_folder
from autograder.integrations.exchange import Delivery
from autograder.model import GradeRecord, RecordState
from autograder.service.receipt import (
    FINISHED,
    LATELY_SECONDS,
    OUTSIDE,
    Begun,
    Receipt,
    ReceiptState,
    queue,
    turn,
)
from autograder.service.wait import Place, Running, forecast, typical

__all__ = ["Receipts", "new_ref"]

_HOUR_SECONDS = 3600.0
_LOCKED_SECONDS = 120
"""For another connection to let go of the database."""
_LONGEST_PUT_OFF_SECONDS = 2 * _HOUR_SECONDS
"""Nothing waits longer for its time: where that is further away, a clock was turned back."""
_MEASURED = 15
"""Gradings of an assignment that say what one takes: the last ones."""
_COMING_SECONDS = 300.0
"""So far back it is counted how many first hand-ins come."""
_FORECAST_SECONDS = 1.0
"""How long a forecast is kept: everybody's page asks for it."""
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
    sa.Column("attempt", sa.Integer, nullable=False, default=0, server_default="0"),
    sa.Column("queued", sa.Float, nullable=False, default=0.0, server_default="0"),
    sa.Column("begun", sa.Float),
    sa.Column("told", sa.JSON(none_as_null=True), server_default="{}"),
    sa.Column("stated", sa.JSON(none_as_null=True)),
    sa.Index("by_student", "student", "assignment"),
    sa.Index("by_state", "state"),
)


class Receipts:
    """The table, in an SQLite file that is made if it is missing.

    Args:
        path: the database file.
        clock: seconds since the epoch.
        slots: submissions graded at the same time, for the forecast.

    Raises:
        LedgerError: the database cannot be used (``receipts-unavailable``).
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time, slots: int = 1) -> None:
        private_folder(path.parent)
        self.clock = clock
        self.slots = slots
        self._forecast: tuple[float, dict[str, Place]] = (float("-inf"), {})
        self._claiming = threading.Lock()
        self._engine = sa.create_engine(f"sqlite:///{path.resolve()}", connect_args={"timeout": _LOCKED_SECONDS})
        sa.event.listen(self._engine, "connect", _pragmas)
        with self._begin() as connection:
            _metadata.create_all(connection, checkfirst=True)
            _add_columns(connection)
        path.chmod(0o600)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def add(self, ref: str, delivery: Delivery) -> list[Receipt]:
        """Write down what arrived; it waits from now on, in place of the same student's older one that still waits.

        Returns what is superseded by that (it may be the new one itself, where a later one was there before).
        """
        row = {**self._row(ref, delivery), "state": ReceiptState.WAITING}
        with self._write() as connection:
            connection.execute(_new_row(row))
            return self._supersede(connection, delivery.student, delivery.assignment)

    def add_superseded(self, deliveries: Sequence[Delivery]) -> None:
        """Write down what came before a later submission of the same work and is not looked into."""
        now = self.clock()
        with self._write() as connection:
            for delivery in deliveries:
                row = {**self._row(new_ref(), delivery), "state": ReceiptState.SUPERSEDED, "finished": now}
                connection.execute(_new_row(row))

    def add_refused(self, folder: str, student: str, assignment: str, code: str, reason: str, detail: str) -> None:
        """Write down a folder that is not taken. `student` is "" where nobody may be shown it but staff."""
        row = {
            "ref": new_ref(),
            "folder": folder,
            "student": student,
            "assignment": assignment,
            "received_at": _iso(self.clock()),
            "told": {},
        }
        with self._write() as connection:
            connection.execute(_new_row({**row, **_refusal(code, reason, detail)}))

    def add_unwanted(self, deliveries: Sequence[Delivery], code: str, reason: str) -> list[str]:
        """Write down what was handed in for an assignment that takes nothing; returns the refs."""
        refs = []
        with self._write() as connection:
            for delivery in deliveries:
                row = {**self._row(new_ref(), delivery), **_refusal(code, reason, delivery.assignment)}
                connection.execute(_new_row(row))
                refs.append(row["ref"])
        return refs

    def admit(self, receipt: Receipt, delivery: Delivery) -> list[Receipt]:
        """Let a refused receipt wait whose folder has been taken now; returns what is superseded by that."""
        values = {"state": ReceiptState.WAITING, "code": "", "reason": "", "detail": "", "told": None}
        times = {"received_at": delivery.received_at, "claimed_at": delivery.claimed_at, "queued": self.clock()}
        checked = {"owner_checked": delivery.owner_checked, "secret": delivery.secret}
        with self._write() as connection:
            _set(connection, receipt.id, **values, **times, **checked)
            return self._supersede(connection, receipt.student, receipt.assignment)

    def tell(self, receipt: Receipt, told: Mapping[str, Any]) -> None:
        """Write down what reading a submission found before its grading."""
        with self._write() as connection:
            _set(connection, receipt.id, told=dict(told))

    def note_stated(self, ref: str, stated: Mapping[str, Any]) -> None:
        """Write down what a submission says for the class board, nothing ({}) where it says nothing."""
        with self._write() as connection:
            connection.execute(sa.update(_table).where(_table.c.ref == ref).values(stated=dict(stated)))

    def untold(self) -> list[Receipt]:
        """Return what has not been read yet, oldest first."""
        with self._begin() as connection:
            query = _without_summary().where(_table.c.told.is_(None), _table.c.student != "").order_by(_table.c.id)
            return [_receipt(row) for row in connection.execute(query)]

    def unstated(self) -> list[Receipt]:
        """Return what was taken and of which it is not known what it says for the class board: not read for it yet."""
        taken = _table.c.state.in_((*FINISHED, ReceiptState.WAITING, ReceiptState.GRADING))
        with self._begin() as connection:
            query = _without_summary().where(_table.c.stated.is_(None), _table.c.told.is_not(None), taken)
            return [_receipt(row) for row in connection.execute(query.order_by(_table.c.id.desc()))]

    def adopt(self, job_id: int, record: GradeRecord) -> None:
        """Take in a result that the ledger has: update its receipts, or make one.

        A receipt that has this very result keeps the moments at which it was graded. Where it was made elsewhere since,
        nobody knows how long that took.
        """
        values = _result(record)
        elsewhere = {"finished": self.clock(), "begun": None}
        busy = self.rows(
            student=record.student,
            assignment=record.assignment,
            states=(ReceiptState.WAITING, ReceiptState.GRADING),
        )
        if busy:
            return  # its own grading will say
        with self._write() as connection:
            withdrawn = sa.and_(_table.c.state == ReceiptState.SUPERSEDED, _table.c.folder == f"{OUTSIDE}{job_id}")
            own = sa.and_(_table.c.job_id == job_id, sa.or_(_table.c.state.in_(FINISHED), withdrawn))
            known = connection.execute(sa.select(_table.c.id, _table.c.summary).where(own)).all()
            for one in known:
                is_new = (one.summary or {}).get("graded_at") != record.graded_at
                _set(connection, one.id, **values, **(elsewhere if is_new else {}))
        if not known:
            row = {
                "ref": new_ref(),
                "folder": f"{OUTSIDE}{job_id}",
                "student": record.student,
                "assignment": record.assignment,
                "received_at": _utc(record.received_at),
                "job_id": job_id,
                "told": {},
                **values,
                **elsewhere,
            }
            with self._write() as connection:
                connection.execute(_new_row(row))

    def withdraw(self, job_id: int) -> None:
        """Take a result from elsewhere out of the class: the work is another student's by now."""
        with self._write() as connection:
            connection.execute(
                sa.update(_table)
                .where(_table.c.folder == f"{OUTSIDE}{job_id}", _table.c.state.in_(FINISHED))
                .values(state=ReceiptState.SUPERSEDED, score=None, possible=None)
            )

    def folders(self) -> set[str]:
        """Return the names of all folders written down."""
        with self._begin() as connection:
            return set(connection.scalars(sa.select(_table.c.folder)))

    def of_folder(self, folder: str) -> Receipt | None:
        """Return the receipt of a folder of the exchange, None if it is not written down."""
        with self._begin() as connection:
            row = connection.execute(_without_summary().where(_table.c.folder == folder)).one_or_none()
        return _receipt(row) if row is not None else None

    def claim(self, limit: int) -> Receipt | None:
        """Return the receipt to grade next, now in state grading, or None; older ones in its way are superseded.

        Args:
            limit: submissions of one student begun within an hour; regrades don't count and are not limited.
        """
        now = self.clock()
        with self._claiming, self._write() as connection:
            waiting = [_receipt(r) for r in connection.execute(_without_summary().where(_state(ReceiptState.WAITING)))]
            if not waiting:
                return None
            busy = set(connection.scalars(sa.select(_table.c.student).where(_state(ReceiptState.GRADING))))
            chosen: Receipt | None = None
            for receipt in queue(waiting, self._begun(connection, now), now):
                if now < receipt.not_before <= now + _LONGEST_PUT_OFF_SECONDS or receipt.student in busy:
                    continue
                if receipt.put_off and busy:
                    if receipt.held_up(now):
                        break  # the machine empties for it
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
            values = {"state": ReceiptState.GRADING, "code": "", "detail": "", "not_before": 0.0}
            _set(connection, chosen.id, **values, started=started, begun=now)
        return chosen

    def outlook(self) -> dict[str, Place]:
        """Return the place in the queue, and seconds until the result, of all that waits, by ref."""
        made, known = self._forecast
        if 0 <= time.monotonic() - made < _FORECAST_SECONDS:
            return known
        now = self.clock()
        with self._begin() as connection:
            rows = connection.execute(_without_summary().where(_table.c.state.in_(("waiting", "grading")))).all()
            begun = self._begun(connection, now)
            times = self._times(connection)
            first = sa.and_(_table.c.attempt == 1, _table.c.queued > now - _COMING_SECONDS, _table.c.queued <= now)
            coming = connection.scalar(sa.select(sa.func.count()).where(first)) or 0
        all_open = [_receipt(row) for row in rows]
        waiting = [receipt for receipt in all_open if receipt.state is ReceiptState.WAITING]
        order = [
            (receipt, turn(receipt, begun.get((receipt.student, receipt.assignment), Begun()), now))
            for receipt in queue(waiting, begun, now)
        ]
        running = [
            Running(r.student, r.assignment, max(0.0, now - (now if r.begun is None else r.begun)))
            for r in all_open
            if r.state is ReceiptState.GRADING
        ]
        found = forecast(order, running, typical(times), self.slots, now, coming / _COMING_SECONDS)
        self._forecast = (time.monotonic(), found)
        return found

    def begin_again(self, receipt: Receipt) -> None:
        """Count a claimed receipt's grading from now on: what went before was no grading (a suite's trial)."""
        with self._write() as connection:
            _set(connection, receipt.id, begun=self.clock())

    def finish(self, receipt: Receipt, record: GradeRecord, job_id: int | None) -> None:
        """Write down the result of a receipt that was claimed."""
        values = {**_result(record), "job_id": job_id, "regrade": None, "tries": 0}
        with self._write() as connection:
            _set(connection, receipt.id, **values, code="", reason="", detail="", finished=self.clock())

    def refuse(self, receipt: Receipt, code: str, reason: str, detail: str = "") -> None:
        """End a receipt without a result."""
        with self._write() as connection:
            _set(connection, receipt.id, state=ReceiptState.REFUSED, code=code, reason=reason, detail=detail[:2000])

    def postpone(self, receipt: Receipt, seconds: float, code: str, detail: str) -> None:
        """Put a claimed receipt back: trouble of ours, to be tried again later."""
        values = {"not_before": self.clock() + seconds, "code": code, "detail": detail[:2000]}
        with self._write() as connection:
            _set(connection, receipt.id, state=ReceiptState.WAITING, tries=receipt.tries + 1, **values)

    def reopen(self, receipt: Receipt) -> None:
        """Let a refused receipt wait again: what was in its way is gone."""
        with self._write() as connection:
            values = {"state": ReceiptState.WAITING, "code": "", "reason": "", "detail": ""}
            _set(connection, receipt.id, **values, queued=self.clock())

    def release(self, receipt: Receipt) -> None:
        """Let a receipt that was put back be graded at once; nothing is changed if it does not wait any more."""
        waits = sa.and_(_table.c.id == receipt.id, _state(ReceiptState.WAITING))
        with self._write() as connection:
            connection.execute(sa.update(_table).where(waits).values(not_before=0.0, code="", detail="", tries=0))

    def recover(self) -> int:
        """Put back what a service that is gone was grading; returns how many."""
        with self._write() as connection:
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
            values: dict[str, Any] = {"state": ReceiptState.WAITING, "not_before": 0.0, "queued": self.clock()}
            values["regrade"] = token_of(receipt.job_id)
            with self._write() as connection:
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

    def _row(self, ref: str, delivery: Delivery) -> dict[str, Any]:
        """Return what a new row says of a delivery; the attempt is counted as the row is written."""
        same = sa.and_(
            _table.c.student == delivery.student,
            _table.c.assignment == delivery.assignment,
            _table.c.attempt > 0,
            _table.c.state != ReceiptState.REFUSED,
        )
        return {
            "ref": ref,
            "folder": delivery.folder,
            "student": delivery.student,
            "assignment": delivery.assignment,
            "received_at": delivery.received_at,
            "claimed_at": delivery.claimed_at,
            "owner_checked": delivery.owner_checked,
            "secret": delivery.secret,
            "attempt": sa.select(sa.func.count() + 1).where(same).scalar_subquery(),
            "queued": self.clock(),
            "told": None,
        }

    def _supersede(self, connection: sa.Connection, student: str, assignment: str) -> list[Receipt]:
        """Leave only the newest of a student's waiting submissions of an assignment; returns the others."""
        same = sa.and_(
            _table.c.student == student,
            _table.c.assignment == assignment,
            _table.c.regrade.is_(None),
            _state(ReceiptState.WAITING),
        )
        query = _without_summary().where(same).order_by(_table.c.received_at.desc(), _table.c.id.desc())
        older = [_receipt(row) for row in connection.execute(query)][1:]
        for receipt in older:
            _set(connection, receipt.id, state=ReceiptState.SUPERSEDED, code="", finished=self.clock())
        return older

    def _begun(self, connection: sa.Connection, now: float) -> dict[tuple[str, str], Begun]:
        """Return what has been begun of those who wait, a submission that waits to be tried again left out."""
        waits = sa.and_(_state(ReceiptState.WAITING), _table.c.regrade.is_(None))
        lately = sa.func.sum(sa.case((_table.c.started > now - LATELY_SECONDS, 1), else_=0))
        query = (
            sa.select(_table.c.student, _table.c.assignment, sa.func.count(), lately)
            .where(
                _table.c.started.is_not(None),
                sa.not_(waits),
                _table.c.student.in_(sa.select(_table.c.student).where(_state(ReceiptState.WAITING))),
            )
            .group_by(_table.c.student, _table.c.assignment)
        )
        return {(row[0], row[1]): Begun(row[2], row[3]) for row in connection.execute(query)}

    def _times(self, connection: sa.Connection) -> dict[str, list[float]]:
        """Return what the last gradings of each assignment took, in seconds."""
        took = sa.and_(_table.c.begun.is_not(None), _table.c.finished >= _table.c.begun, _table.c.state.in_(FINISHED))
        query = sa.select(_table.c.assignment, _table.c.finished - _table.c.begun).where(took)
        found: defaultdict[str, list[float]] = defaultdict(list)
        for assignment, seconds in connection.execute(query.order_by(_table.c.finished.desc()).limit(20 * _MEASURED)):
            if len(found[assignment]) < _MEASURED:
                found[assignment].append(seconds)
        return dict(found)

    def _free_at(self, connection: sa.Connection, student: str, limit: int, now: float) -> float:
        """Return when the student may have another submission graded: `now` or later."""
        begun = connection.scalars(
            sa.select(_table.c.started)
            .where(_table.c.student == student, _table.c.started > now - _HOUR_SECONDS)
            .order_by(_table.c.started.desc())
        ).all()
        free_at = now if len(begun) < limit else float(begun[limit - 1]) + _HOUR_SECONDS
        return min(free_at, now + _HOUR_SECONDS)  # also where a clock was turned back

    @contextmanager
    def _write(self) -> Iterator[sa.Connection]:
        """Change the table; what was forecast holds no longer."""
        with self._begin() as connection:
            yield connection
        self._forecast = (float("-inf"), {})

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


def _new_row(row: dict[str, Any]) -> Any:
    """Return what writes a row, and changes nothing where its folder is written down already."""
    return insert(_table).values(**row).on_conflict_do_nothing(index_elements=["folder"])


def _refusal(code: str, reason: str, detail: str) -> dict[str, Any]:
    return {"state": ReceiptState.REFUSED, "code": code, "reason": reason, "detail": detail[:2000]}


def _add_columns(connection: sa.Connection) -> None:
    """Add what a table of an earlier version lacks; its rows count as told already."""
    there = {column["name"] for column in sa.inspect(connection).get_columns(_table.name)}
    for column in _table.columns:
        if column.name not in there:
            ddl = sa.schema.CreateColumn(column).compile(dialect=connection.dialect)
            connection.execute(sa.text(f"ALTER TABLE {_table.name} ADD COLUMN {ddl}"))


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
