"""Local slots: one fork server for the run, one warm judge for each slot, lent to whoever grades.

A judge whose job fails for a reason of our own is closed and replaced; a fork server that died takes its judges with it
and is started anew. What the student's code does never reaches this module: that comes back as a result.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from autograder.errors import GraderError, InfrastructureError
from autograder.judge import Judge
from autograder.sandbox import ForkServer, SandboxControl

__all__ = ["Slots"]


class Slots:
    """A pool of judges; `grade` may be called from as many threads as there are slots.

    Args:
        count: number of submissions graded at the same time, at least 1.
        unsafe: run without confinement, for debugging only; records say so and the gradebook refuses them.
    """

    def __init__(self, count: int, *, unsafe: bool = False) -> None:
        if count < 1:
            raise ValueError("at least one slot")
        self.count = count
        self._unsafe = unsafe
        self._lock = threading.Lock()
        self._server: ForkServer | None = None
        self._starting: ForkServer | None = None
        self._generation = 0
        self._idle: queue.LifoQueue[tuple[int, Judge | None]] = queue.LifoQueue()
        for _ in range(count):
            self._idle.put((0, None))

    def __enter__(self) -> Self:
        self._ensure_server()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _exc: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self.close()

    def grade(
        self,
        job: dict[str, Any],
        silence: float,
        progress: Callable[[dict[str, Any]], None] | None = None,
        heard: Callable[[], None] | None = None,
    ) -> dict[str, Any]:
        """Grade one job, however long it takes.

        Args:
            job: see `autograder.judge`.
            silence: seconds without a sign of life after which the judge is given up.
            progress: told of each question, as `Judge.grade` says.
            heard: called at each sign of life, as `Judge.grade` says.

        Raises:
            InfrastructureError: a judge or the fork server failed; the job may be tried again.
            ConfinementError: this machine cannot confine the student's code; trying again will not help.
        """
        generation, judge = self._idle.get()
        healthy = False
        try:
            server, current = self._ensure_server()
            if judge is None or generation != current:
                judge, generation = Judge(server), current
            result = judge.grade(job, silence=silence, progress=progress, heard=heard)
            healthy = True
            return result
        except OSError as error:
            raise InfrastructureError(
                "judge-unreachable", "채점 프로세스와 통신할 수 없습니다. 다시 시도합니다.", detail=repr(error)
            ) from error
        finally:
            if not healthy and judge is not None:
                with contextlib.suppress(OSError, GraderError):
                    judge.close()
                judge = None
            self._idle.put((generation, judge))

    def control(self) -> SandboxControl:
        """Return a connection to the fork server for sandboxes of the caller's own; raises as `grade`."""
        try:
            return SandboxControl(self._ensure_server()[0].control())
        except OSError as error:
            raise InfrastructureError(
                "judge-unreachable", "채점 프로세스와 통신할 수 없습니다. 다시 시도합니다.", detail=repr(error)
            ) from error

    def kill(self) -> None:
        """End the fork server at once, also one that is still starting, and with it all that jobs wait for.

        They fail; the next job starts everything anew.
        """
        server = self._starting or self._server
        if server is not None:
            server.kill()

    def close(self) -> None:
        """End every judge and the fork server, and with it whatever student code still runs."""
        with self._lock:
            server, self._server = self._server, None
            self._generation += 1
        with contextlib.suppress(queue.Empty):
            while True:
                _, judge = self._idle.get_nowait()
                if judge is not None:
                    with contextlib.suppress(OSError, GraderError):
                        judge.close()
        if server is not None:
            server.close()

    def _ensure_server(self) -> tuple[ForkServer, int]:
        with self._lock:
            if self._server is not None and not self._server.alive:
                self._server.close()
                self._server = None
            if self._server is None:
                server = self._starting = ForkServer(unsafe=self._unsafe)
                try:
                    server.start()
                finally:
                    self._starting = None
                self._server, self._generation = server, self._generation + 1
            return self._server, self._generation
