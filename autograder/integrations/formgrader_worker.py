"""The process beside a teacher's Jupyter server that grades what formgrader was asked to.

    python -P -m autograder.integrations.formgrader_worker ROOT FOLDER

It takes one request of `formgrader_requests` in FOLDER after another, does for each what ``nbgrader autograde ID
--student NAME --force`` does in the course folder ROOT, and ends when nothing has been asked for a while. There is one
for each course: it holds a lock. It also ends when its standard input does, which is when the server that started it is
gone; its sandboxes end with it.
"""

from __future__ import annotations

import fcntl
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from autograder.code_hash import check_unchanged
from autograder.errors import GraderError
from autograder.grading.folders import private_folder
from autograder.integrations.formgrader_requests import LOOK_SECONDS, Request, Requests
from autograder.sinks.echo import guard_process
from autograder.sinks.log import clean_log

__all__ = ["api_of", "main", "serve", "words_of"]

_IDLE_SECONDS = 300.0
"""Without a request, after which the process ends."""
_LOCK_SECONDS = 2.0
"""For whoever only looks whether the lock is held to let go of it."""
_LEAD = re.compile(r"^\[(?:ERROR|CRITICAL)\] (?:There was an error processing assignment for student '[^']*': )?")

Grade = Callable[[Request], tuple[bool, str]]
"""Grades one request: whether it was graded, and what was said about it."""


def main(arguments: list[str]) -> int:
    """Run as a program; returns its exit status."""
    root, folder = arguments
    guard_process()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in the server's terminal asks the server first
    os.chdir(root)
    sys.path.append(root)  # the course's own plug-ins of nbgrader
    requests = Requests(Path(folder))
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    while True:
        with _only_one(requests.worker_lock) as ours:
            if not ours:
                return 0
            serve(requests, lambda request: _graded(Path(root), request))
        # Whoever asked while the lock was still held believes that this process does it.
        if not requests.somebody_waits() or not _is_current():
            return 0


def serve(
    requests: Requests, grade: Grade, *, idle: float = _IDLE_SECONDS, clock: Callable[[], float] = time.monotonic
) -> None:
    """Grade what is asked for until nothing has been for a while, or the package was updated under this process.

    Args:
        requests: the course's.
        grade: grades one; what it raises is told as its words.
        idle: seconds without a request.
        clock: seconds.
    """
    last = clock()
    while clock() - last < idle and _is_current():
        request = requests.take()
        if request is None:
            time.sleep(LOOK_SECONDS)
            continue
        try:
            graded, words = grade(request)
        except Exception as error:  # told to whoever asked; the next request may fare better
            graded, words = False, f"{type(error).__name__}: {error}"
        requests.finish(request, words, failed=not graded)
        last = clock()


def words_of(result: dict[str, Any]) -> str:
    """Return what nbgrader's answer says to a person: its errors, else its whole log."""
    log = str(result.get("log") or "")
    if result.get("success"):
        return log
    said = [_LEAD.sub("", line).strip() for line in log.splitlines() if _LEAD.match(line)]
    return "\n".join(dict.fromkeys(said)) or log or str(result.get("error") or "").strip().rpartition("\n")[2]


def _graded(root: Path, request: Request) -> tuple[bool, str]:
    result = api_of(root).autograde(request.assignment, request.student)
    return bool(result.get("success")), words_of(result)


def api_of(root: Path) -> Any:
    """Return an API of nbgrader's own, with the configuration of a course folder as it is now."""
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.apps.baseapp import NbGrader

    app = NbGrader(raise_config_file_errors=True)
    app.initialize([], root=str(root))
    clean_log(app.log)
    return NbGraderAPI(app.coursedir, parent=app)


def _is_current() -> bool:
    try:
        check_unchanged()
    except GraderError:
        return False
    return True


@contextmanager
def _only_one(path: Path) -> Iterator[bool]:
    """Hold the course's lock; yields False where another process does."""
    private_folder(path.parent)
    deadline = time.monotonic() + _LOCK_SECONDS
    with path.open("a+") as file:
        while not (ours := _lock(file)) and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)
        yield ours


def _lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _end_with_the_server() -> None:
    sys.stdin.buffer.read()
    from autograder.grading.warm import warm_slots

    try:
        warm_slots(len(os.sched_getaffinity(0))).close()
    finally:
        os._exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
