"""What the end of a test means: outcome, the Korean sentence for the student, the detail for staff. Pure functions.

The rule: a message never holds an expected value, a hidden input or a word the student's code chose, and how many
different ones there are is counted (`told`). What is nobody's fault but ours is `Outcome.ERROR` and says so.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from autograder.cells import numbered
from autograder.errors import ConfinementError, InfrastructureError, ProtocolError
from autograder.judge.expectations import ExpectationFailed
from autograder.judge.told import Finding, Kind, stop_sentence
from autograder.korean import particle, with_particle
from autograder.model import CellRun, Limits, Outcome, Question
from autograder.sandbox import SandboxDied, SandboxTimeout, StudentError
from autograder.sandbox.outcomes import BUILTIN_EXCEPTIONS, CUSTOM_EXCEPTION

__all__ = ["BudgetSpent", "Judgement", "NameMissing", "Scene", "carried_message", "exception_name", "judgement_of"]

OURS = "채점 프로그램의 문제로 이 테스트를 판정하지 못했습니다. 조교가 직접 확인하며, 점수에 불이익은 없습니다."
DEFERRED = "GPU가 있는 채점 서버에서만 실행하는 테스트입니다. 점수에는 영향이 없습니다."

_OUT_OF_MEMORY = re.compile(r"allocate memory|out of memory|bad_alloc")
_STOPPED = ("timeout", "died", "memory", "skipped")


class NameMissing(Exception):  # noqa: N818
    """A test needs a function of the student's that is not defined; the test is blocked."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class BudgetSpent(Exception):  # noqa: N818
    """What the question's calls may use is used up; the call was not made.

    Args:
        limit: the clock, ``"cpu"`` or ``"asleep"``.
        seconds: what it allows a question.
    """

    def __init__(self, limit: str, seconds: float) -> None:
        super().__init__(f"{limit}: {seconds:g} s")
        self.limit = limit
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Judgement:
    """How one attempt at a test is judged."""

    outcome: Outcome
    message: str = ""
    detail: str = ""
    limit: str = ""
    """The clock that ran out: ``"cpu"``, ``"asleep"`` or ""."""
    place: str = ""
    """Where in the suite's own files the test ended, ``"test_q1.py:12"``, or ""."""
    finding: Finding | None = None
    """What kept the test from passing, where something of the student's did."""


@dataclass(frozen=True)
class Scene:
    """The notebook a message may point into.

    Args:
        cells: how its code cells ran.
        questions: the assignment's questions, to find the cell a name belongs to.
        grade_ids: grade_id of each cell by index, "" where it has none.
        names_in: names that the cell with this index defines.
        functions_in: those that are functions or classes by its text.
        frame: indices of the locked cells.
        numbers: number of each cell for people, by index; index + 1 where it is not in here.
    """

    cells: Sequence[CellRun]
    questions: Sequence[Question]
    grade_ids: Mapping[int, str]
    names_in: Callable[[int], frozenset[str]] = lambda _index: frozenset()
    functions_in: Callable[[int], frozenset[str]] = lambda _index: frozenset()
    frame: frozenset[int] = frozenset()
    numbers: Mapping[int, int] = field(default_factory=dict)

    def cell_name(self, index: int | None) -> str:
        """Return the Korean name of a cell, or "" for None or an unknown index."""
        if index is None or index not in self.grade_ids:
            return ""
        number = self.numbers.get(index, index + 1)
        return f"`{self.grade_ids[index]}` 셀" if self.grade_ids[index] else numbered(number)

    def stopped_with(self, name: str) -> str:
        """Return the Korean name of a cell that was stopped, or not run, and would have defined this name, or ""."""
        stopped = (run.index for run in self.cells if run.status in _STOPPED)
        return next((self.cell_name(index) for index in stopped if name in self.names_in(index)), "")

    def renames(self, index: int) -> bool:
        """Return whether a cell defines a function of a name that neither a question nor a locked cell has."""
        known = {name for question in self.questions for name in question.names}
        for own in self.frame:
            known |= self.names_in(own)
        return any(name not in known and not name.startswith("_") for name in self.functions_in(index))

    def answers_earlier_release(self, name: str, index: int) -> bool:
        """Return whether a cell defines what an earlier release asked for where this function is asked for now."""
        former = {old for question in self.questions if name in question.names for old in question.formerly}
        return not former.isdisjoint(self.functions_in(index))

    def run_of(self, grade_id: str) -> CellRun | None:
        """Return how the cell with this grade_id ran, if it is in the notebook."""
        return next((run for run in self.cells if run.grade_id == grade_id), None)


def judgement_of(error: BaseException | None, scene: Scene, *, limits: Limits, last_call: str = "") -> Judgement:
    """Return the judgement of a test that ended with `error` (None: it passed).

    Raises:
        InfrastructureError, ConfinementError: passed on, because they are about the machine and not about the test.
    """
    if error is None:
        return Judgement(Outcome.PASSED)
    if isinstance(error, InfrastructureError | ConfinementError):
        raise error
    return replace(_judgement_of(error, scene, limits, last_call), place=_place(error))


def _judgement_of(error: BaseException, scene: Scene, limits: Limits, last_call: str) -> Judgement:
    if isinstance(error, NameMissing):
        return Judgement(Outcome.BLOCKED, _missing_message(error.name, scene), f"{error.name} is not defined")
    if _from_reference(error):
        return Judgement(Outcome.ERROR, OURS, _traceback(error, last_call))
    finding = _finding(error, limits)
    if finding is None:
        return Judgement(Outcome.ERROR, OURS, _traceback(error, last_call))
    limit = error.limit if isinstance(error, SandboxTimeout | BudgetSpent) else ""
    detail = _failure_detail(error, scene, last_call)
    return Judgement(Outcome.FAILED, finding.message, detail, limit, finding=finding)


def carried_message(names: Sequence[str]) -> str:
    """Return the note on a test that passed with correct earlier functions."""
    listed = ", ".join(f"`{name}`" for name in names)
    return f"앞 문항의 함수({listed})를 올바른 것으로 바꾸어 채점했습니다."


def exception_name(ename: str) -> str:
    """Return an exception's name as a student may see it: a built-in one, or that it is one of their own."""
    return ename if ename in BUILTIN_EXCEPTIONS else CUSTOM_EXCEPTION


def _finding(error: BaseException, limits: Limits) -> Finding | None:
    """Return what kept a test from passing, None where nothing of the student's did."""
    match error:
        case ExpectationFailed():
            return Finding(Kind.FORM if error.form else Kind.VALUE, error.message, error.hint)
        case AssertionError() | pytest.fail.Exception():
            return Finding(Kind.VALUE, "기대한 결과와 다릅니다. 문제의 설명을 다시 확인해 보세요.")
        case StudentError():
            kind = Kind.MEMORY if _is_memory(error) else Kind.ERROR
        case SandboxDied():
            kind = {"memory": Kind.MEMORY, "cpu": Kind.TIME}.get(error.reason, Kind.ENDED)
        case SandboxTimeout() | BudgetSpent():
            kind = Kind.TIME
        case ProtocolError():
            kind = Kind.ENDED
        case _:
            return None
    spent = stop_sentence(kind, limits, spent=True) if isinstance(error, BudgetSpent) else ""
    return Finding(kind, stop_sentence(kind, limits), spent=spent)


def _is_memory(error: StudentError) -> bool:
    return error.etype == "MemoryError" or bool(_OUT_OF_MEMORY.search(error.detail))


def _failure_detail(error: BaseException, scene: Scene, last_call: str) -> str:
    frames = _frames(error)
    lines = [f"{_place(error)}: {frames[-1].line}"] if frames else []
    if isinstance(error, ExpectationFailed):
        lines.append(error.detail)
    elif isinstance(error, StudentError):
        cell = scene.cell_name(error.cell) or "no cell"
        lines.append(f"student's code raised {error.etype} ({cell}, line {error.line}): {error.detail}")
    elif isinstance(error, SandboxDied):
        lines.append(f"sandbox died: {error.reason}")
    elif isinstance(error, SandboxTimeout):
        lines.append(f"no {error.limit} seconds left of {error.seconds:g}: {error.meter}")
    elif isinstance(error, ProtocolError):
        lines.append(f"broken frame: {error.detail or error.code}")
    else:
        lines.append(f"{type(error).__name__}: {error}")
    if last_call:
        lines.append(f"last call: {last_call}")
    return "\n".join(line for line in lines if line)[:4000]


def _missing_message(name: str, scene: Scene) -> str:
    grade_id = next((q.solution_cell for q in scene.questions if name in q.names), "")
    run = scene.run_of(grade_id) if grade_id else None
    missing = f"`{name}` 함수가 정의되어 있지 않아 채점하지 못했습니다."
    if (stopped := scene.stopped_with(name)) and stopped != f"`{grade_id}` 셀":
        return f"{missing} {stopped}의 실행이 중단되었습니다. 그 셀의 안내를 먼저 보세요."
    if not grade_id:
        return missing
    cell = f"`{grade_id}` 셀"
    ran = with_particle(cell, "을/를")
    if run is None:
        return f"{missing} 노트북에 {with_particle(cell, '이/가')} 없습니다. 배포된 노트북에서 다시 가져오세요."
    if run.status == "error":
        line = f" {run.line}번째 줄에서" if run.line > 0 else ""
        return f"{missing} {ran} 실행할 때{line} {exception_name(run.ename)} 예외가 발생했습니다."
    reason = {
        "timeout": f"{cell}의 실행이 시간 제한으로 중단되었습니다.",
        "died": f"{ran} 실행하는 중 파이썬이 종료되었습니다.",
        "memory": f"{ran} 실행하는 중 메모리 한도를 넘었습니다.",
        "skipped": f"앞의 문제 때문에 {ran} 실행하지 못했습니다.",
    }
    return f"{missing} {reason.get(run.status) or _undefined(name, cell, scene, run.index)}"


def _undefined(name: str, cell: str, scene: Scene, index: int) -> str:
    """Return why a cell that ran to its end has not left this function behind."""
    if name in scene.names_in(index):
        return f"{cell}에서 만들었지만 함수가 아니거나, 뒤의 셀에서 지우거나 다른 값으로 바꾸었습니다."
    if scene.answers_earlier_release(name, index):
        return f"{cell}에는 이전 판의 문제에 대한 답이 있습니다. 과제 노트북을 새로 받아 바뀐 문제를 풀어 주세요."
    if scene.renames(index):
        return f"{cell}에는 다른 이름의 함수가 있습니다. 함수 이름을 `{name}`{particle(name, '으로/로')} 되돌려 주세요."
    return f"{cell}에 이 함수의 정의가 없습니다."


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    """Frames of the suite's own files, outermost first."""
    summary = traceback.extract_tb(error.__traceback__)
    return [f for f in summary if _is_suite_file(f.filename)]


def _is_suite_file(filename: str) -> bool:
    path = Path(filename)
    return path.name == "reference.py" or (path.name.startswith("test_") and path.suffix == ".py")


def _from_reference(error: BaseException) -> bool:
    frames = _frames(error)
    return bool(frames) and Path(frames[-1].filename).name == "reference.py"


def _place(error: BaseException) -> str:
    """Return the innermost file and line of the suite that an exception passed through, or ""."""
    frames = _frames(error)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""


def _traceback(error: BaseException, last_call: str) -> str:
    """The traceback from the first frame of the suite on, innermost parts kept."""
    tb: Any = error.__traceback__
    start = tb
    while start is not None and not _is_suite_file(start.tb_frame.f_code.co_filename):
        start = start.tb_next
    text = "".join(traceback.format_exception(type(error), error, start or tb))
    return (text[-6000:] + (f"last call: {last_call}" if last_call else "")).strip()
