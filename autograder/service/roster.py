"""Who takes the course: the course's roster, members of the students' group on JupyterHub, students in the gradebook.

Each is enough; a student whom our own writers created from a name is none. What cannot be asked right now counts as
it was last known; a name that nobody knows is not refused for good, because rosters change.
"""

from __future__ import annotations

import json
import os
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path

from autograder.errors import GraderError
from autograder.integrations.course_roster import class_roster, course_roster
from autograder.sinks.log import logger

__all__ = ["Membership", "course_students", "hub_group", "on_roster"]

_log = logger(__name__)
_FRESH_SECONDS = 60.0
_UNKNOWN_SECONDS = 3.0
"""How old an answer may be that knows a name, and one that does not."""
_HUB_SECONDS = 30.0
"""For an answer of the hub's; without one its group counts as it was last known."""


class Membership:
    """Membership, asked of several sources and remembered for a minute.

    Args:
        sources: each returns names; a source that fails leaves what it said before.
        clock: monotonic seconds.
    """

    def __init__(
        self, sources: Iterable[Callable[[], set[str]]], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._sources = tuple(sources)
        self._known: list[set[str]] = [set() for _ in self._sources]
        self._met: set[str] = set()
        self._asked = float("-inf")
        self._clock = clock
        self._lock = threading.Lock()

    def meet(self, student: str) -> None:
        """Take in a name that JupyterHub has just said is in the students' group."""
        self._met.add(student)

    def account(self, student: str) -> str | None:
        """Return the student's id, or None for a stranger; where nobody is known at all nobody is a stranger."""
        return student if student in self or not (self._met or any(self._known)) else None

    def __contains__(self, student: str) -> bool:
        with self._lock:
            now = self._clock()
            if now - self._asked > (_FRESH_SECONDS if self._has(student) else _UNKNOWN_SECONDS):
                self._asked = now
                self._ask()
            return self._has(student)

    def _has(self, student: str) -> bool:
        return student in self._met or any(student in known for known in self._known)

    def _ask(self) -> None:
        for place, source in enumerate(self._sources):
            try:
                self._known[place] = source()
            except Exception as error:  # whatever a source's trouble is, the others still answer
                _log.warning("roster: %s: %s", type(error).__name__, error)


def hub_group(group: str) -> set[str]:
    """Return the members of a JupyterHub group; needs the scope ``read:groups`` for it."""
    base, token = os.environ["JUPYTERHUB_API_URL"], os.environ["JUPYTERHUB_API_TOKEN"]
    url = f"{base.rstrip('/')}/groups/{urllib.parse.quote(group, safe='')}"
    request = urllib.request.Request(url, headers={"Authorization": f"token {token}"})  # noqa: S310 - the hub's own
    try:
        with urllib.request.urlopen(request, timeout=_HUB_SECONDS) as reply:  # noqa: S310
            return set(json.load(reply).get("users", ()))
    except urllib.error.HTTPError as error:
        if error.code in (403, 404):  # no such scope or group: the gradebook decides alone
            return set()
        raise


def course_students(root: Path) -> set[str]:
    """Return the accounts of a course's class: its roster's, and those that somebody entered in the gradebook."""
    return {member.account for member in class_roster(root, f"sqlite:///{root / 'gradebook.db'}") or ()}


def on_roster(root: Path, student: str) -> bool:
    """Whether somebody is on the course's roster; False where it cannot be read."""
    try:
        roster = course_roster(root)
    except GraderError:
        return False
    return roster is not None and roster.has(student)
