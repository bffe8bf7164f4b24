"""What formgrader asked to be graded, and how far it is: one small file for each student's assignment.

The files lie in ``formgrader/`` of the result folder. Formgrader writes requests and reads them; one process for each
course, `formgrader_worker`, takes them one after another. Several clicks for one student are one request. A process
that is killed leaves a request that says so: its lock is gone.
"""

from __future__ import annotations

import fcntl
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import IO

from autograder.errors import InfrastructureError
from autograder.grading.folders import private_folder
from autograder.grading.records import file_stem, write_atomically

__all__ = ["LOOK_SECONDS", "Request", "RequestState", "Requests", "is_locked"]

LOOK_SECONDS = 0.2
"""Between two looks at the requests, by whoever waits for one."""
_LONGEST_WORDS = 4000
"""Characters kept of what a grading said."""
_INTERRUPTED = "채점하던 프로그램이 멈추었습니다. Autograde를 다시 누르세요. [grading-interrupted]"


class RequestState(StrEnum):
    """Where a request is on its way."""

    WAITING = "waiting"
    GRADING = "grading"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Request:
    """One student's assignment that somebody wants graded.

    Args:
        student: nbgrader's student id.
        assignment: assignment id.
        state: where it is.
        asked: seconds since the epoch when the button was pressed.
        since: seconds since the epoch when it came into this state.
        words: what the grading said, for staff.
    """

    student: str
    assignment: str
    state: RequestState
    asked: float
    since: float
    words: str = ""

    @property
    def is_open(self) -> bool:
        """Whether its grading is still to end."""
        return self.state in (RequestState.WAITING, RequestState.GRADING)


class Requests:
    """The requests of one course.

    Args:
        folder: where they lie; made if it is missing.
        clock: seconds since the epoch.
    """

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.time) -> None:
        self.folder = folder
        self._clock = clock

    @property
    def worker_lock(self) -> Path:
        """The file that a living worker holds locked."""
        return self.folder / "worker.lock"

    def ask(self, student: str, assignment: str) -> tuple[Request, bool]:
        """Return the request for this work, and whether it is a new one: one that is open is not asked twice.

        Raises:
            InfrastructureError: the folder cannot be written (``formgrader-requests-unusable``).
        """
        with self._locked():
            known = self._read(self._path(student, assignment))
            if known is not None and known.is_open and not self._is_interrupted(known):
                return known, False
            now = self._clock()
            made = Request(student, assignment, RequestState.WAITING, asked=now, since=now)
            self._write(made)
            return made, True

    def take(self) -> Request | None:
        """Return the request that waits longest, from now on being graded; None if nothing waits."""
        with self._locked():
            waiting = [request for request in self._all() if request.state is RequestState.WAITING]
            if not waiting:
                return None
            chosen = min(waiting, key=lambda request: request.asked)
            return self._to(chosen, RequestState.GRADING)

    def finish(self, request: Request, words: str, *, failed: bool) -> None:
        """Write down how the grading of a request ended."""
        with self._locked():
            self._to(request, RequestState.FAILED if failed else RequestState.DONE, words)

    def get(self, student: str, assignment: str) -> Request | None:
        """Return the request for one work."""
        found = self._read(self._path(student, assignment))
        return None if found is None else self._as_it_is(found)

    def all(self) -> list[Request]:
        """Return every request, the oldest first; what a dead worker had begun has failed."""
        return sorted(map(self._as_it_is, self._all()), key=lambda request: request.asked)

    def somebody_waits(self) -> bool:
        """Whether there is something to take."""
        return any(request.state is RequestState.WAITING for request in self._all())

    def _as_it_is(self, request: Request) -> Request:
        if self._is_interrupted(request):
            return replace(request, state=RequestState.FAILED, words=_INTERRUPTED)
        return request

    def _is_interrupted(self, request: Request) -> bool:
        if request.state is not RequestState.GRADING or is_locked(self.worker_lock):
            return False
        again = self._read(self._path(request.student, request.assignment))
        return again is not None and again.state is RequestState.GRADING  # else it has just ended in good order

    def _to(self, request: Request, state: RequestState, words: str = "") -> Request:
        made = replace(request, state=state, since=self._clock(), words=words[:_LONGEST_WORDS])
        self._write(made)
        return made

    def _path(self, student: str, assignment: str) -> Path:
        return self.folder / f"{file_stem(student, assignment)}.json"

    def _all(self) -> Iterator[Request]:
        for path in self.folder.glob("*.json"):
            found = self._read(path)
            if found is not None:
                yield found

    def _read(self, path: Path) -> Request | None:
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            return Request(**{**values, "state": RequestState(values["state"])})
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _write(self, request: Request) -> None:
        text = json.dumps(asdict(request), ensure_ascii=False)
        write_atomically(self._path(request.student, request.assignment), text)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            private_folder(self.folder)
            with (self.folder / "requests.lock").open("a") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield
        except OSError as error:
            raise InfrastructureError(
                "formgrader-requests-unusable",
                "채점 요청을 적어 둘 수 없습니다. 결과 폴더(graded/)의 공간과 권한을 확인하세요.",
                detail=f"{type(error).__name__}: {error}",
            ) from error


def is_locked(path: Path) -> bool:
    """Whether a living process holds a lock on this file; False without the file."""
    try:
        file: IO[str] = path.open("r")
    except OSError:
        return False
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_UN)
        return False
