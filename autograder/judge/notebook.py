"""Runs a submission's notebook in a sandbox and keeps what came of it: cells, outputs, verdicts, and the template.

Every code cell is run, whatever became of the ones before it (as ``nbconvert --allow-errors`` does), so that a stop in
one cell costs only what depends on it. A cell that hangs or ends the process is left out: the sandbox is started
again, the earlier cells are run again, and the rest go on; at most `MOST_RESTARTS` times, then the rest are skipped.
Afterwards the sandbox is the template that questions take their branches from.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Any, cast

from autograder.errors import ProtocolError
from autograder.judge.outcomes import exception_name
from autograder.judge.question import BranchLike
from autograder.model import CellRun, Limits, Question, Verdict
from autograder.sandbox import BranchUnavailable, CellResult, Exit, SandboxDied, SandboxTimeout

__all__ = ["MOST_RESTARTS", "NotebookRun"]

FORGED = "실행 환경이 약속된 형식과 다른 응답을 보냈습니다. 조교가 확인합니다."

MOST_RESTARTS = 2
_ENDED = {
    "timeout": (
        "cell-timeout",
        "{0}이 제한 시간({1:g}초) 안에 끝나지 않아 중단했습니다. 끝나지 않는 반복문이 없는지 확인해 보세요.",
    ),
    "died": (
        "cell-died",
        "{0}을 실행하는 중 파이썬이 종료되었습니다. exit()나 os._exit()를 부르는 곳이 있는지 확인해 보세요.",
    ),
    "files": (
        "cell-files",
        "{0}을 실행하는 중 만든 파일이 너무 많거나 커서 중단했습니다. 파일을 끝없이 만들지 않는지 확인해 보세요.",
    ),
    "memory": (
        "cell-memory",
        "{0}을 실행하는 중 메모리 한도를 넘었습니다. 필요 이상으로 큰 텐서나 리스트를 만들지 않는지 확인해 보세요.",
    ),
}
_ERROR = "{0}을 실행할 때{1} {2} 예외가 발생했습니다. 이 셀에 기대는 문항은 채점되지 않을 수 있습니다."
_TRUNCATED = "{0}의 출력이 너무 길어 뒷부분을 버렸습니다. 점수에는 영향이 없습니다."
_STOPS = {
    "notebook-timeout": (
        "노트북 전체의 제한 시간({0:g}초)을 넘어 남은 셀을 실행하지 못했습니다. 오래 걸리는 셀을 줄여 보세요."
    ),
    "notebook-stopped": (
        "실행을 끝내지 못하는 셀이 여러 개여서 남은 셀을 실행하지 못했습니다. 먼저 안내한 셀을 고쳐 보세요."
    ),
}


class NotebookRun:
    """One notebook and the sandboxes it needed. Close it to end them.

    Args:
        notebook: nbformat 4 JSON; not changed.
        spawn: starts a fresh sandbox for this submission.
        questions: the assignment's, to tell which cells are solutions.
        limits: seconds for a cell and for the notebook.
        clock: monotonic seconds.
        deadline: on that clock, when the submission's time is over.
        asked: names the suite's tests have asked for so far, to be asked for together; added to.

    Attributes:
        executed: the notebook with the outputs of this run.
        cells: how each code cell ran, in order.
        verdicts: what there is to tell about it.
        grade_ids: grade_id of each cell by index, "" where it has none.
    """

    def __init__(
        self,
        notebook: dict[str, Any],
        spawn: Callable[[], Any],
        questions: Sequence[Question],
        limits: Limits,
        clock: Callable[[], float],
        deadline: float,
        asked: set[str] | None = None,
    ) -> None:
        self.executed = {**notebook, "cells": [dict(cell) for cell in notebook["cells"]]}  # outputs are replaced whole
        self.verdicts: list[Verdict] = []
        self.grade_ids: dict[int, str] = {}
        self.restarts = 0
        self.confinement: dict[str, Any] = {}
        self._spawn = spawn
        self._solutions = {q.solution_cell for q in questions if not q.manual}
        self._limits = limits
        self._clock = clock
        self._deadline = deadline
        self._most_text = limits.output_kb * 1024
        self._sources: dict[int, str] = {}
        self._runs: dict[int, CellRun] = {}
        self._kept: list[int] = []
        self._sandbox: Any = None
        self._defined: dict[str, bool] = {}
        self._asked = set() if asked is None else asked
        self._ended: list[Any] = []
        self._exits: list[Exit] = []
        for index, cell in enumerate(self.executed["cells"]):
            self.grade_ids[index] = str(cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", ""))
            if cell["cell_type"] == "code":
                source = cell["source"]
                self._sources[index] = source if isinstance(source, str) else "".join(source)
                cell["outputs"], cell["execution_count"] = [], None

    @property
    def cells(self) -> list[CellRun]:
        """How each code cell ran."""
        return [self._runs[index] for index in sorted(self._runs)]

    def run(self) -> None:
        """Run every cell."""
        end = self._clock() + self._limits.notebook_seconds
        self._start()
        stop, last = "", max((i for i, source in self._sources.items() if source.strip()), default=-1)
        for index, source in self._sources.items():
            if not source.strip():
                self._keep(index, "ok")
                continue
            left = end - self._clock()
            if not stop and (left <= 0 or self.restarts > MOST_RESTARTS):
                stop = "notebook-timeout" if left <= 0 else "notebook-stopped"
                self._tell_stop(stop, index)
            if stop:
                self._keep(index, "skipped")
                continue
            self._run_cell(index, min(self._limits.cell_seconds, left))
            interrupted = self._runs[index].status in _ENDED
            if not interrupted and self._ended_idle(self._sandbox):
                self._leave_out(index, "died")
            if not self._sandbox.alive or (interrupted and index != last):
                self._rebuild()
        self._tell_first_error()

    def branch(self) -> BranchLike:
        """Return a branch of the notebook's state; where the machine has none, a fresh run of the notebook."""
        try:
            branch: BranchLike = self._sandbox.branch()
        except BranchUnavailable:
            branch = self._replayed()
        return branch

    def is_defined(self, name: str) -> bool:
        """Return whether the notebook defines a function of this name."""
        if name not in self._defined:
            self._asked.add(name)
            try:
                found = self._sandbox.defined(sorted(self._asked))
                self._defined.update({each: each in found for each in self._asked})
            except (SandboxDied, SandboxTimeout):
                self._defined[name] = False
            except ProtocolError as error:
                self._defined[name] = False
                self.verdicts.append(Verdict("forged-frame", FORGED, detail=error.detail or error.code))
        return self._defined[name]

    def close(self) -> dict[str, float]:
        """End every sandbox; return what they used: ``cpu_seconds`` together, ``peak_rss_mb`` of the largest."""
        self._end(self._sandbox)
        return {
            "cpu_seconds": round(sum(e.cpu_seconds for e in self._exits), 4),
            "peak_rss_mb": round(max((e.peak_rss_mb for e in self._exits), default=0.0), 1),
        }

    # -- steps

    def _start(self) -> None:
        self._sandbox = self._spawn()
        self.confinement = dict(getattr(self._sandbox, "confinement", None) or {})

    def _end(self, sandbox: Any) -> None:
        if sandbox is not None and sandbox not in self._ended:
            self._ended.append(sandbox)
            self._exits.append(sandbox.kill())

    def _replayed(self) -> BranchLike:
        """Return a view into a fresh sandbox in which the notebook's cells have run again."""
        fresh = self._spawn()
        try:
            if self._replay(fresh) is not None:
                raise SandboxDied("exit", "the notebook did not run a second time")
            return cast(BranchLike, _Replayed(fresh.direct(), lambda: self._end(fresh)))
        except BaseException:
            self._end(fresh)
            raise

    def _run_cell(self, index: int, seconds: float) -> None:
        result = self._attempt(self._sandbox, index, seconds)
        cell = self.executed["cells"][index]
        cell["outputs"], cell["execution_count"] = result.outputs, result.execution_count
        self._keep(index, result.status, result.ename, result.line, result.seconds)
        streams = (output for output in result.outputs if output.get("output_type") == "stream")
        if sum(len("".join(output["text"]).encode("utf-8", "replace")) for output in streams) >= self._most_text:
            self._say("output-truncated", _TRUNCATED.format(self._cell_name(index)), index)
        if result.status in _ENDED:
            ending = "files" if result.reason == "scratch" else result.status
            self._tell_ending(index, ending, cut_short=seconds < self._limits.cell_seconds)
        elif self._sandbox.alive:
            self._kept.append(index)

    def _attempt(self, sandbox: Any, index: int, seconds: float) -> CellResult:
        result: CellResult = sandbox.run_cell(self._sources[index], index=index, timeout=seconds)
        if result.reason == "protocol":
            self._say("forged-frame", FORGED, index, str(sandbox.broken))
        return result

    def _rebuild(self) -> None:
        """Start again and run the cells that went through before; one that ends the process now is left out too."""
        while self.restarts <= MOST_RESTARTS:
            self.restarts += 1
            self._end(self._sandbox)
            self._start()
            ended = self._replay(self._sandbox)
            if ended is None:
                return
            self._leave_out(*ended)

    def _replay(self, sandbox: Any) -> tuple[int, str] | None:
        """Run the kept cells in a sandbox just started; return the one that ended it, and how."""
        for index in self._kept:
            seconds = max(0.1, min(self._limits.cell_seconds, self._deadline - self._clock()))
            status = self._attempt(sandbox, index, seconds).status
            if status in _ENDED:
                return index, status
            if self._ended_idle(sandbox):
                return index, "died"
        return None

    @staticmethod
    def _ended_idle(sandbox: Any) -> bool:
        """Whether the process ended after its cell had answered; InfrastructureError if somebody outside ended it."""
        if sandbox.alive:
            return False
        with contextlib.suppress(SandboxDied, SandboxTimeout, ProtocolError):
            sandbox.defined([])
        return True

    def _leave_out(self, index: int, status: str) -> None:
        """Take note that a cell which had run ends the process after all."""
        if index in self._kept:
            self._kept.remove(index)
        self._keep(index, status)
        self._tell_ending(index, status, cut_short=False)

    def _keep(self, index: int, status: str, ename: str = "", line: int = 0, seconds: float = 0.0) -> None:
        self._runs[index] = CellRun(index, self.grade_ids[index], status, ename, line, seconds)

    def _tell_ending(self, index: int, status: str, *, cut_short: bool) -> None:
        if status == "timeout" and cut_short:
            self._tell_stop("notebook-timeout", index)
            return
        code, text = _ENDED[status]
        self._say(code, text.format(self._cell_name(index), self._limits.cell_seconds), index)

    def _tell_stop(self, code: str, index: int) -> None:
        if all(verdict.code != code for verdict in self.verdicts):
            self._say(code, _STOPS[code].format(self._limits.notebook_seconds), index)

    def _tell_first_error(self) -> None:
        run = next((r for r in self.cells if r.status == "error" and r.grade_id in self._solutions), None)
        if run is None:
            return
        line = f" {run.line}번째 줄에서" if run.line > 0 else ""
        name = exception_name(run.ename)
        self._say("cell-error", _ERROR.format(self._cell_name(run.index), line, name), run.index)

    def _say(self, code: str, message: str, index: int, detail: str = "") -> None:
        self.verdicts.append(Verdict(code, message, cell=self.grade_ids[index] or str(index), detail=detail))

    def _cell_name(self, index: int) -> str:
        return f"`{self.grade_ids[index]}` 셀" if self.grade_ids[index] else f"{index + 1}번째 셀"


class _Replayed:
    """A branch that is a sandbox of its own: closing it ends that sandbox."""

    def __init__(self, branch: Any, end: Callable[[], None]) -> None:
        self._branch = branch
        self._end = end

    def __getattr__(self, name: str) -> Any:
        return getattr(self._branch, name)

    def close(self) -> None:
        """End the sandbox."""
        self._branch.close()
        self._end()
