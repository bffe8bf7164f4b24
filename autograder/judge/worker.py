"""The judge process: takes jobs from its channel, one after another, and keeps suites collected between them.

`main` is the entry the fork server is given by name. The process is trusted and unconfined, was forked with torch and
pytest loaded, and ends when its channel closes.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
import traceback
from collections import OrderedDict
from pathlib import Path
from typing import Any

import torch

from autograder import code_hash
from autograder.catalog import load_assignment, tests_hash
from autograder.errors import AssignmentError, GraderError
from autograder.judge import marks, wire  # noqa: F401 (suites import `marks`: it is here before the first word)
from autograder.judge.run import Job, grade
from autograder.judge.suite import Suite
from autograder.sandbox import SandboxControl
from autograder.sinks.echo import guard_process

__all__ = ["SuiteShelf", "main"]


def main(channel: socket.socket, payload: dict[str, Any], control: socket.socket) -> None:
    """Serve jobs until the coordinator closes the channel.

    Args:
        channel: jobs in, results out, in the form of `wire`. The first word is this process's: which code it runs, now
            that it has imported all of it.
        payload: nothing so far.
        control: the judge's own connection to the fork server, to ask for sandboxes.
    """
    del payload
    guard_process()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the coordinator's to handle: it closes the channel
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True, warn_only=True)
    gc.freeze()
    sandboxes = SandboxControl(control)
    shelf = SuiteShelf()
    with channel, contextlib.suppress(ConnectionError):  # a coordinator that was killed needs no answer
        wire.send(channel, {"code": code_hash.stated()})
        while (message := wire.receive(channel)) is not None:
            wire.send(channel, _answer(message, shelf, sandboxes, channel))


class SuiteShelf:
    """Collected suites by folder and hash; a suite that changed is collected anew, the least used is dropped."""

    def __init__(self, most: int = 8) -> None:
        self._most = most
        self._suites: OrderedDict[tuple[str, str], tuple[str, Suite]] = OrderedDict()

    def take(self, folder: str, assignment_id: str, suite_hash: str = "", files: str = "") -> Suite:
        """Return the suite of an assignment.

        Args:
            folder: the folder of all suites.
            assignment_id: the assignment's folder in it.
            suite_hash: as the coordinator knows it; if it is the one collected, no file is touched.
            files: `catalog.tests_hash` as the coordinator knows it; "" for whatever is there.

        Raises:
            AssignmentError: unknown, unreadable or invalid, or changed since the run began (``suite-changed``).
        """
        key = (folder, assignment_id)
        known = self._suites.get(key)
        if known is not None and suite_hash and known[0] == suite_hash:
            self._suites.move_to_end(key)
            return known[1]
        if not Path(folder).is_dir():
            raise AssignmentError("assignment-unknown", "테스트 폴더를 찾을 수 없습니다.", detail=folder)
        os.environ["AUTOGRADER_SUITES"] = folder
        assignment = load_assignment(assignment_id)
        mark = suite_hash or assignment.suite_hash
        if files and tests_hash(assignment.suite_dir) != files:
            raise AssignmentError(
                "suite-changed",
                "채점하는 동안 시험지가 바뀌었습니다. 같은 명령을 다시 실행하면 새 시험지로 채점합니다.",
                detail=str(assignment.suite_dir),
            )
        if known is None or known[0] != mark:
            known = (mark, Suite.collect(assignment))
            gc.collect()
            gc.freeze()
        self._suites[key] = known
        self._suites.move_to_end(key)
        while len(self._suites) > self._most:
            self._suites.popitem(last=False)
        return known[1]


def _answer(
    message: dict[str, Any], shelf: SuiteShelf, sandboxes: SandboxControl, channel: socket.socket
) -> dict[str, Any]:
    def tell(part: dict[str, Any]) -> None:
        wire.send(channel, {"progress": part})

    def alive() -> None:
        """Say so, unless nobody reads: a coordinator that stands still must not make the judge stand still."""
        if select.select([], [channel], [], 0)[1]:
            wire.send(channel, {"alive": True})

    try:
        job = Job.from_dict(message)
        suite = shelf.take(job.suites, job.assignment, job.suite_hash, job.tests_hash)
        alive()  # collecting a suite takes seconds, on a slow machine minutes
        return {"result": grade(job, suite, sandboxes, tell=tell if job.progress else None, alive=alive)}
    except GraderError as error:
        return _error(type(error).__name__, error.code, error.message, error.detail)
    except Exception:  # a fault of the judge's own: reported, and the judge goes on
        message_ko = "채점 프로세스 안에서 오류가 발생했습니다. 다시 시도합니다."
        return _error("InfrastructureError", "judge-failed", message_ko, traceback.format_exc()[-8000:])


def _error(kind: str, code: str, message: str, detail: str) -> dict[str, Any]:
    return {"error": {"class": kind, "code": code, "message": message, "detail": detail}}
