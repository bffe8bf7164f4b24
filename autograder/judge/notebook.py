"""Runs a submission's notebook in a sandbox and keeps what came of it: cells, outputs, verdicts, and the template.

Every code cell is run, whatever became of the ones before it (as ``nbconvert --allow-errors`` does), so that a stop in
one cell costs only what depends on it. Setup and answers have CPU seconds of their own, which no other cell can use up.

A cell at its limit is interrupted, as a person would do it, and what it had defined stays. Where the process ends, a
copy from before goes on in its place, and of the cells after the copy, which together take a moment only, those that
went through are run again. A cell under which the process ended without a limit is tried a second time, without what
earlier cells had left running: a forgotten timer or thread must not cost the cell that happens to run when it goes off.
Afterwards the sandbox is the template that questions take their branches from. Before the first branch each name that
a question asks for is bound to the last thing the student made of it that can be called (see `bindings`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from autograder.cells import cell_key, cell_number, numbered
from autograder.errors import InfrastructureError, ProtocolError
from autograder.judge.answers import Answers
from autograder.judge.branch_link import BranchLike
from autograder.judge.budget import Patience
from autograder.judge.cell_messages import ENDINGS, ERROR, REBUILT, SPENT, STOPPED, TRUNCATED
from autograder.judge.cell_text import functions_in, names_in
from autograder.judge.left_out import LeftOut, NameMissed
from autograder.judge.outcomes import exception_name
from autograder.judge.output_room import OutputRoom
from autograder.judge.stand_ins import Helper
from autograder.korean import fill
from autograder.model import CellRun, Limits, Question, Verdict
from autograder.sandbox import (
    Allowance,
    BranchUnavailable,
    CellResult,
    Exit,
    Meter,
    SandboxDied,
)

__all__ = ["MOST_REBUILDS", "MOST_RESTARTS", "NotebookRun"]

FORGED = "실행 환경이 약속된 형식과 다른 응답을 보냈습니다. 조교가 확인합니다."

MOST_RESTARTS = 30
"""How often the process may be put back while cells run; each time costs the grader some 20 ms."""
MOST_REBUILDS = 2
"""How often it may be put back while questions are graded."""
_CHECKPOINT_SECONDS = 0.3
"""CPU seconds of cells after which a copy is kept (10 ms): what is run again after a loss takes no longer than this."""

_LEAST_SECONDS = 0.05
"""CPU seconds below which no cell is started any more."""

_ENDED = ("timeout", "died", "memory")
_T = TypeVar("_T")


@dataclass(slots=True)
class _Purse:
    """CPU seconds that cells of one kind share."""

    name: str
    seconds: float
    left: float


class NotebookRun:
    """One notebook and the sandboxes it needed. Close it to end them.

    Args:
        notebook: nbformat 4 JSON; not changed.
        spawn: starts a fresh sandbox for this submission.
        questions: the assignment's, to tell which cells are solutions.
        limits: CPU seconds for a cell, for answers and for other cells.
        patience: with a busy machine, for the whole submission.
        asked: names the suite's tests have asked for so far, to be asked for together; added to.
        left_out: cells that are not run.
        spawn_helper: starts a sandbox for what is computed for the student's code outside of it, and calls what it is
            given while it waits.

    Attributes:
        executed: the notebook with the outputs of this run.
        cells: how each code cell ran, in order.
        verdicts: what there is to tell about it.
        grade_ids: grade_id of each cell by index, "" where it has none.
        numbers: number of each cell for people, by index.
        frame: indices of locked cells, whose text is the course's.
    """

    def __init__(
        self,
        notebook: dict[str, Any],
        spawn: Callable[[], Any],
        questions: Sequence[Question],
        limits: Limits,
        asked: set[str] | None = None,
        patience: Patience | None = None,
        left_out: LeftOut | None = None,
        spawn_helper: Callable[[Callable[[], None]], Any] | None = None,
    ) -> None:
        self._spawn_helper = spawn_helper
        self._left_out = left_out or LeftOut()
        self.executed = {**notebook, "cells": [dict(cell) for cell in notebook["cells"]]}  # outputs are replaced whole
        self.verdicts: list[Verdict] = []
        self.grade_ids: dict[int, str] = {}
        self.numbers: dict[int, int] = {}
        self.frame: set[int] = set()
        self.restarts = self.rebuilds = 0
        self.confinement: dict[str, Any] = {}
        self._spawn = spawn
        self._solutions = {q.solution_cell for q in questions if not q.manual}
        self._limits = limits
        self._for_answers = _Purse("answers", limits.answers_seconds, limits.answers_seconds)
        self._for_others = _Purse("others", limits.notebook_seconds, limits.notebook_seconds)
        self._most_text = limits.output_kb * 1024
        self._room = OutputRoom()
        self._sources: dict[int, str] = {}
        self._runs: dict[int, CellRun] = {}
        self._kept: list[int] = []
        self._since_copy: list[int] = []
        self._gathered = 0.0
        self._sandbox: Any = None
        self._defined: dict[str, bool] = {}
        self._asked = set() if asked is None else asked
        self._patience = patience or Patience()
        self._ended: list[Any] = []
        self._exits: list[Exit] = []
        for index, cell in enumerate(self.executed["cells"]):
            marks = cell.get("metadata", {}).get("nbgrader", {})
            self.grade_ids[index] = str(marks.get("grade_id", ""))
            self.numbers[index] = cell_number(cell, index)
            if marks.get("locked") and not marks.get("solution"):
                self.frame.add(index)
            if cell["cell_type"] == "code":
                source = cell["source"]
                self._sources[index] = source if isinstance(source, str) else "".join(source)
                cell["outputs"], cell["execution_count"] = [], None
        self.answers = Answers(self.executed["cells"], questions, self.grade_ids, self._sources)

    @property
    def cells(self) -> list[CellRun]:
        """How each code cell ran."""
        return [self._runs[index] for index in sorted(self._runs)]

    def run(self) -> None:
        """Run every cell; raises InfrastructureError, ConfinementError."""
        self._start()
        for index, source in self._sources.items():
            purse = self._purse_of(index)
            if index in self._left_out.cells:
                self._keep(index, CellResult(status="later"))
            elif not source.strip():
                self._keep(index, CellResult())
            elif purse.left <= 0.0 or self.restarts >= MOST_RESTARTS:
                self._tell_stop(index, purse)
                self._keep(index, CellResult(status="skipped"))
            else:
                self._run_cell(index, purse)
        self._settle()
        self._tell_first_error()
        for code, message, index in self.answers.told(self._cell_name):
            self._say(code, message, index)

    def begin_question(self) -> None:
        """Give the next question's branches the folder as the notebook left it."""
        self._sandbox.begin_question()

    def branch(self) -> BranchLike:
        """Return a branch of the notebook's state; where the machine has none, a fresh run of the notebook."""
        try:
            return self._lasting(self._new_branch)
        except BranchUnavailable:
            return self._replayed()

    def helper(self, look: Callable[[], None]) -> Helper:
        """Return a sandbox without a notebook; see `Template`."""
        assert self._spawn_helper is not None
        fresh = self._spawn_helper(look)
        return cast(Helper, _Replayed(fresh.direct(), lambda: self._end(fresh)))

    def miss(self, ename: str, text: str) -> None:
        """Take note of an exception in a call; raises NameMissed if a cell left out would have bound its name."""
        if self._left_out.is_missed(ename, text):
            raise NameMissed(text)

    def is_defined(self, name: str) -> bool:
        """Return whether the notebook defines a function of this name; raises SandboxDied where nobody can tell."""
        if name not in self._defined:
            self._asked.add(name)
            try:
                found = self._lasting(lambda: self._sandbox.defined(sorted(self._asked)))
                self._defined.update({each: each in found for each in self._asked})
            except ProtocolError as error:
                self._defined[name] = False
                self.verdicts.append(Verdict("forged-frame", FORGED, detail=error.detail or error.code))
        if not self._defined[name]:
            self._left_out.look_for(name)
        return self._defined[name]

    def names_in(self, index: int) -> frozenset[str]:
        """Return the names that a cell's text defines at its top level, as far as its lines tell."""
        return names_in(self._sources.get(index, ""))

    def tell_better(self, labels: Sequence[str]) -> None:
        """Take note that these answers are worth more with everything as it was when their cells had run."""
        if labels:
            self.verdicts.append(self.answers.better_of_two(labels, self._cell_name))

    def lines_in(self, index: int) -> int:
        """Return how many lines the cell with this index has."""
        return len(self._sources.get(index, "").splitlines())

    def functions_in(self, index: int) -> frozenset[str]:
        """Return the names that a cell's text defines as functions or classes at its top level, as lines tell."""
        return functions_in(self._sources.get(index, ""))

    def close(self) -> dict[str, float]:
        """End every sandbox; return what they used.

        ``cpu_seconds``, ``starved_seconds`` and ``asleep_seconds`` together, ``peak_rss_mb`` of the largest.
        """
        self._end(self._sandbox)
        meter = sum((exit.meter for exit in self._exits), Meter())
        return {
            "cpu_seconds": round(sum(exit.cpu_seconds for exit in self._exits), 4),
            "starved_seconds": round(meter.starved, 2),
            "asleep_seconds": round(meter.asleep, 2),
            "peak_rss_mb": round(max((exit.peak_rss_mb for exit in self._exits), default=0.0), 1),
        }

    # -- steps

    def _start(self) -> None:
        self._sandbox = self._spawn()
        self.confinement = dict(getattr(self._sandbox, "confinement", None) or {})

    def _end(self, sandbox: Any) -> None:
        if sandbox is not None and sandbox not in self._ended:
            self._ended.append(sandbox)
            self._exits.append(sandbox.kill())

    def _new_branch(self) -> BranchLike:
        return cast(BranchLike, self._sandbox.branch())

    def _replayed(self) -> BranchLike:
        """Return a view into a fresh sandbox in which the notebook's cells have run again."""
        fresh = self._spawn()
        try:
            if self._replay(fresh, self._kept) is not None:
                raise SandboxDied("exit", "the notebook did not run a second time")
            self._put_back(fresh)
            return cast(BranchLike, _Replayed(fresh.direct(), lambda: self._end(fresh)))
        except BaseException:
            self._end(fresh)
            raise

    def _purse_of(self, index: int) -> _Purse:
        marks = self.executed["cells"][index].get("metadata", {}).get("nbgrader", {})
        setup = marks.get("locked") and not marks.get("grade")
        answer = marks.get("solution") or self.answers.is_in(index)
        if self._for_others.left <= 0.0:  # an answer written again further down must not be left out for that
            answer = answer or self.answers.defines(index)
        return self._for_answers if setup or answer else self._for_others

    def _allowance(self, seconds: float) -> Allowance:
        limits = self._limits
        starved = self._patience.at_most(limits.starved_factor * limits.cell_seconds)
        return Allowance(seconds, limits.asleep_seconds, starved)

    def _run_cell(self, index: int, purse: _Purse) -> None:
        result = self._attempt(self._sandbox, index, purse)
        if self._ended_without_limit(result) and self._recover():
            again = self._attempt(self._sandbox, index, purse)
            result = again if again.status != "skipped" else result
        if result.status not in _ENDED and self._ended_idle(self._sandbox):
            result = replace(result, status="died")
        cell = self.executed["cells"][index]
        cell["outputs"], cut = self._room.take(result.outputs)
        cell["execution_count"] = result.execution_count
        if result.status == "error":
            told = [str(output.get("evalue")) for output in result.outputs if output.get("output_type") == "error"]
            self.miss(result.ename, told[-1] if told else "")
        if result.limit == "cpu" and purse.left <= 0.0:
            result = replace(result, limit="notebook")
        self._keep(index, result)
        streams = (output for output in result.outputs if output.get("output_type") == "stream")
        written = sum(len("".join(output["text"]).encode("utf-8", "replace")) for output in streams)
        if cut or written >= self._most_text:
            self._say("output-truncated", TRUNCATED.format(self._cell_name(index)), index)
        if result.status in _ENDED:
            self._tell_ending(index, "files" if result.reason == "scratch" else result.status, result.limit, purse)
        if not self._sandbox.alive:
            self._recover()
        elif result.status in _ENDED:
            self._checkpoint()  # what it had defined stays, and it is never run again
        else:
            self._went_through(index, result)

    def _went_through(self, index: int, result: CellResult) -> None:
        """Take note of a cell that is to be run again after a loss; keep a copy once that would take a moment."""
        self._kept.append(index)
        self._since_copy.append(index)
        self._gathered += result.meter.cpu
        if self._gathered > _CHECKPOINT_SECONDS:
            self._checkpoint()

    def _checkpoint(self) -> None:
        self._sandbox.checkpoint()
        self._since_copy, self._gathered = [], 0.0

    def _attempt(self, sandbox: Any, index: int, purse: _Purse | None) -> CellResult:
        """Run a cell at its purse's cost, or at nobody's."""
        limits = self._limits
        seconds = limits.question_seconds if self._is_check(index) else limits.cell_seconds
        if purse is not None:
            seconds = min(seconds, purse.left)
        result: CellResult = sandbox.run_cell(
            self._sources[index], index=index, allowance=self._allowance(seconds), watched=self.answers.watched(index)
        )
        self._patience.charge(result.meter)
        if purse is not None:
            purse.left = 0.0 if purse.left - result.meter.cpu < _LEAST_SECONDS else purse.left - result.meter.cpu
        if result.reason == "protocol":
            self._say("forged-frame", FORGED, index, str(sandbox.broken))
        return result

    def _put_back(self, sandbox: Any) -> None:
        """Bind what later cells took away; a sandbox that answers something else is a person's to look at."""
        try:
            self.answers.put_back(sandbox)
        except ProtocolError as error:
            self.verdicts.append(Verdict("forged-frame", FORGED, detail=error.detail or error.code))

    def _is_check(self, index: int) -> bool:
        marks = self.executed["cells"][index].get("metadata", {}).get("nbgrader", {})
        return bool(marks.get("grade") and not marks.get("solution"))

    def _ended_without_limit(self, result: CellResult) -> bool:
        """Whether the process ended during a cell, or right after it, and no limit of the cell's own was met."""
        if result.status == "timeout" or result.reason in ("protocol", "scratch", "cpu"):
            return False
        return result.status in ("died", "memory") or self._ended_idle(self._sandbox)

    @staticmethod
    def _ended_idle(sandbox: Any) -> bool:
        """Whether the process ended after its cell had answered; InfrastructureError if somebody outside ended it."""
        if sandbox.alive:
            return False
        with contextlib.suppress(SandboxDied, ProtocolError):
            sandbox.defined([])
        return True

    def _recover(self) -> bool:
        """Put the process back to before the cell that ended it, without threads and timers; False if it cannot be."""
        while self.restarts < MOST_RESTARTS:
            self.restarts += 1
            if self._sandbox.rewind():
                again = self._since_copy
                self._sandbox.checkpoint()  # another one, as this one has become the process
            else:
                self._end(self._sandbox)
                self._start()
                again = self._kept
                self._since_copy = list(self._kept)
            ended = self._replay(self._sandbox, again)
            if ended is not None:
                self._leave_out(ended)
                continue
            try:
                self._sandbox.calm()
                return True
            except BranchUnavailable:
                return True
            except (SandboxDied, ProtocolError):
                continue
        return False

    def _replay(self, sandbox: Any, cells: Sequence[int]) -> int | None:
        """Run cells again that had gone through; return the one that ended the process this time."""
        for index in list(cells):
            if self._attempt(sandbox, index, None).status in _ENDED or self._ended_idle(sandbox):
                return index
        return None

    def _leave_out(self, index: int) -> None:
        """Take note that a cell which had run ends the process after all."""
        for cells in (self._kept, self._since_copy):
            if index in cells:
                cells.remove(index)
        self._keep(index, CellResult(status="died"))
        self._tell_ending(index, "died", "", self._purse_of(index))

    def _settle(self) -> None:
        """Make the sandbox the template; what cannot be had is found out by the first question."""
        for _ in range(MOST_REBUILDS + 1):
            try:
                with contextlib.suppress(BranchUnavailable):
                    self._sandbox.settle()  # first: what goes on by itself must not meet what is done next
                self._put_back(self._sandbox)
                return
            except (SandboxDied, ProtocolError):
                if not self._recover():
                    return

    def _lasting(self, ask: Callable[[], _T]) -> _T:
        """Ask the template something; where it has ended, put it back, tell why, and ask again.

        Raises:
            SandboxDied: it ended too often.
            InfrastructureError: it falls silent each time (``sandbox-silent``): a fork that did not come up is ours.
        """
        while True:
            try:
                return ask()
            except SandboxDied as died:
                if self.rebuilds >= MOST_REBUILDS:
                    if died.reason == "silent":
                        message = "실행 환경이 응답하지 않습니다. 다시 시도합니다."
                        raise InfrastructureError("sandbox-silent", message, detail=died.detail) from died
                    raise
                self.rebuilds += 1
                how = REBUILT.get(died.reason, "스스로")
                text = f"노트북의 프로세스가 {how} 끝나 다시 만들었습니다. 점수에는 영향이 없습니다."
                if all(verdict.code != "notebook-rebuilt" for verdict in self.verdicts):
                    self.verdicts.append(Verdict("notebook-rebuilt", text, detail=died.detail))
                self._recover()
                self._settle()
                self._sandbox.begin_question()

    def _keep(self, index: int, result: CellResult) -> None:
        self._runs[index] = CellRun(
            index=index,
            grade_id=self.grade_ids[index],
            status=result.status,
            ename=result.ename,
            line=result.line,
            seconds=result.seconds,
            cpu_seconds=round(result.meter.cpu, 4),
            limit=result.limit,
            number=self.numbers[index],
        )

    def _tell_ending(self, index: int, status: str, limit: str, purse: _Purse) -> None:
        if limit == "notebook":
            self._tell_stop(index, purse)
            return
        code, text = ENDINGS[status, limit if status == "timeout" else ""]
        seconds = self._limits.question_seconds if self._is_check(index) else self._limits.cell_seconds
        self._say(code, fill(text, self._cell_name(index), seconds, self._limits.asleep_seconds), index)

    def _tell_stop(self, index: int, purse: _Purse) -> None:
        """Tell once why cells are left out."""
        code, message = "notebook-stopped", STOPPED
        if purse.left <= 0.0:
            code, message = "notebook-timeout", SPENT[purse.name].format(purse.seconds)
        if all(verdict.message != message for verdict in self.verdicts):
            self._say(code, message, index)

    def _tell_first_error(self) -> None:
        answers = (r for r in self.cells if r.grade_id in self._solutions and self.answers.is_begun(r.grade_id))
        run = next((r for r in answers if r.status == "error"), None)
        if run is None:
            return
        line = f" {run.line}번째 줄에서" if run.line > 0 else ""
        name = exception_name(run.ename)
        self._say("cell-error", fill(ERROR, self._cell_name(run.index), line, name), run.index)

    def _say(self, code: str, message: str, index: int, detail: str = "") -> None:
        key = cell_key(self.grade_ids[index], self.numbers[index])
        self.verdicts.append(Verdict(code, message, cell=key, detail=detail))

    def _cell_name(self, index: int) -> str:
        return f"`{self.grade_ids[index]}` 셀" if self.grade_ids[index] else numbered(self.numbers[index])


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
