"""Which assignments a course has: what was made, what is released to students, what is over.

An assignment is released if the exchange holds it, or if somebody has handed it in; it is made if the gradebook or the
course's release folder knows it. Everything else in the package is no part of this course yet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from autograder.catalog import suites_dir
from autograder.integrations.nbgrader_course import course_settings
from autograder.integrations.totals import Totals, TotalsReader
from autograder.report.standing import due_words

__all__ = ["Offered", "State", "listed_in", "offered"]

_DEFAULT_EXCHANGE = Path("/usr/local/share/nbgrader/exchange")


class State(StrEnum):
    """How far an assignment has come."""

    UNMADE = "unmade"
    MADE = "made"
    RELEASED = "released"
    OVER = "over"


_WORDS = {
    State.UNMADE: "배포하지 않음",
    State.MADE: "만들었음",
    State.RELEASED: "배포함",
    State.OVER: "마감 지남",
}


@dataclass(frozen=True, slots=True)
class Offered:
    """One assignment of the package in a course.

    Args:
        id: the assignment.
        state: see `State`.
        due: when it is due, ISO 8601 in UTC; "" without a due date.
    """

    id: str
    state: State
    due: str = ""

    @property
    def released(self) -> bool:
        """Whether students have it."""
        return self.state in (State.RELEASED, State.OVER)

    @property
    def word(self) -> str:
        """The state in Korean."""
        return _WORDS[self.state]

    def words(self, timezone: str) -> str:
        """Return the state and the due date in Korean, in a course's zone."""
        return f"{self.word}, {due_words(self.due, timezone)}" if self.due else self.word


def offered(
    root: Path, exchange: Path | None, totals: Mapping[str, Totals], handed_in: frozenset[str], now: dt.datetime
) -> list[Offered]:
    """Return every assignment of the package, by id, with its state in a course.

    Args:
        root: the course folder.
        exchange: the course's folder in the exchange, None if it has none.
        totals: what the gradebook holds, by assignment.
        handed_in: assignments of which something has arrived.
        now: the present time.
    """
    found = []
    for name in sorted(path.parent.name for path in suites_dir().glob("*/assignment.toml")):
        own = totals.get(name)
        due = own.due if own else ""
        out = exchange is not None and (exchange / "outbound" / name).is_dir()
        if out or name in handed_in or (own is not None and own.begun):
            over = bool(due) and dt.datetime.fromisoformat(due) < now
            state = State.OVER if over else State.RELEASED
        else:
            made = own is not None or (root / "assignments" / name).is_dir()
            state = State.MADE if made else State.UNMADE
        found.append(Offered(name, state, due))
    return found


def listed_in(root: Path | None) -> dict[str, Offered] | None:
    """Return by id what the course in a folder has made or released, None if it is no course's folder.

    Args:
        root: a folder that may have nbgrader's configuration in it.

    Raises:
        GraderError: ``nbgrader-config-invalid``, ``gradebook-unavailable``.
    """
    course = None if root is None else course_settings(root)
    if course is None:
        return None
    totals = TotalsReader(course.db_url).outlines()
    exchange = (course.exchange or _DEFAULT_EXCHANGE) / course.course_id
    found = offered(course.root, exchange, totals, frozenset(), dt.datetime.now(dt.UTC))
    return {offer.id: offer for offer in found if offer.state is not State.UNMADE}
