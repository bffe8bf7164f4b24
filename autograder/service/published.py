"""What was handed on of each result, so that a change made by a person is handed on, and nothing twice for nothing.

One table in the service's own database: a mark for each receipt, of all that the student's feedback shows.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from autograder.grading.folders import private_folder
from autograder.report.standing import Standing
from autograder.service.receipt import Receipt

__all__ = ["Published", "mark_of"]

_LOCKED_SECONDS = 120
_metadata = sa.MetaData()
_table = sa.Table(
    "published",
    _metadata,
    sa.Column("ref", sa.String(32), primary_key=True),
    sa.Column("assignment", sa.String(120), nullable=False, index=True),
    sa.Column("mark", sa.String(64), nullable=False),
)


class Published:
    """The table, in an SQLite file.

    Args:
        path: the database file, made if it is missing.
    """

    def __init__(self, path: Path) -> None:
        private_folder(path.parent)
        self._engine = sa.create_engine(f"sqlite:///{path.resolve()}", connect_args={"timeout": _LOCKED_SECONDS})
        _metadata.create_all(self._engine, checkfirst=True)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def marks(self, assignment: str) -> dict[str, str]:
        """Return the marks of an assignment's receipts, by ref."""
        query = sa.select(_table.c.ref, _table.c.mark).where(_table.c.assignment == assignment)
        with self._engine.begin() as connection:
            return {row.ref: row.mark for row in connection.execute(query)}

    def put(self, receipt: Receipt, mark: str) -> None:
        """Write down what was handed on of a receipt; "" if it has to be done again."""
        values = {"ref": receipt.ref, "assignment": receipt.assignment, "mark": mark}
        row = insert(_table).values(**values)
        with self._engine.begin() as connection:
            connection.execute(row.on_conflict_do_update(index_elements=["ref"], set_={"mark": mark}))


def mark_of(standing: Standing | None, timezone: str, title: str) -> str:
    """Return a mark of what a feedback page shows beyond its record, which is handed on whenever it is made."""
    shown = None if standing is None else dataclasses.asdict(standing)
    text = json.dumps([shown, timezone, title], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
