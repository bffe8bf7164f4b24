"""What the end of a test means: outcome, the Korean sentence for the student, the detail for staff. Pure functions.

The rule: a message never holds an expected value, a hidden input or a word the student's code chose. Of an exception
only the name of a built-in type, the cell and the line are shown. What is nobody's fault but ours is `Outcome.ERROR`
and says so.
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
from autograder.korean import particle, with_particle
from autograder.model import CellRun, Limits, Outcome, Question
from autograder.sandbox import SandboxDied, SandboxTimeout, StudentError
from autograder.sandbox.outcomes import BUILTIN_EXCEPTIONS, CUSTOM_EXCEPTION

__all__ = ["BudgetSpent", "Judgement", "NameMissing", "Scene", "carried_message", "exception_name", "judgement_of"]

OURS = "채점 프로그램의 문제로 이 테스트를 판정하지 못했습니다. 조교가 직접 확인하며, 점수에 불이익은 없습니다."
DEFERRED = "GPU가 있는 채점 서버에서만 실행하는 테스트입니다. 점수에는 영향이 없습니다."

_MEMORY = "메모리 한도를 넘었습니다. 필요 이상으로 큰 텐서나 리스트를 만들지 않는지 확인해 보세요."
_ANYTHING = "같은 입력으로 직접 호출해 보세요."
_SUSPECTS = {
    "NotImplementedError": "아직 작성하지 않은 부분이 남아 있는지 확인해 보세요.",
    "NameError": "변수나 함수 이름을 잘못 쓰지 않았는지, 필요한 셀을 빠뜨리지 않았는지 확인해 보세요.",
    "UnboundLocalError": "값을 넣기 전에 변수를 쓰지 않았는지 확인해 보세요.",
    "TypeError": "인자의 개수와 자료형이 문제의 설명과 같은지 확인해 보세요.",
    "IndexError": "리스트나 텐서의 인덱스 범위를 확인해 보세요.",
    "KeyError": "딕셔너리의 키를 확인해 보세요.",
    "AttributeError": "값의 종류와 속성 이름을 확인해 보세요.",
    "ZeroDivisionError": "0으로 나누는 경우가 없는지 확인해 보세요.",
    "MemoryError": _MEMORY,
    "RecursionError": "함수가 자기 자신을 끝없이 부르지 않는지 확인해 보세요.",
}
_TORCH_SAYS = (
    (r"allocate memory|out of memory|bad_alloc", _MEMORY),
    (r"same device|device type|device-side|CUDA error", "텐서들이 같은 장치(device)에 있는지 확인해 보세요."),
    (
        r"does not require grad|grad can be|backward through the graph|leaf [Vv]ariable|inplace operation",
        "기울기를 구하는 텐서와 그래프(requires_grad, backward, 제자리 연산)를 확인해 보세요.",
    ),
    (
        r"dtype|not implemented for '\w+'|scalar type|result type|data type",
        "텐서의 자료형(dtype)이 연산에 맞는지 확인해 보세요.",
    ),
    (
        r"\bsizes?\b|\bshapes?\b|dimension|\bdim\b|broadcast|must match|cannot be multiplied|out of range",
        "텐서의 모양(shape)이 연산에 맞는지 확인해 보세요.",
    ),
)
"""What a RuntimeError is about, by words of torch's own messages. The text is a claim of the sandbox: it decides which
of these sentences is said, and none of it is shown."""
_STOPPED = ("timeout", "died", "memory", "skipped")
_NAME = re.compile(r"name '(\w+)'")
_LONG = "끝나지 않거나 지나치게 오래 걸리는 계산이 있는지 확인해 보세요."
_WAITING = "sleep이나 락, 큐를 기다리는 곳이 있는지 확인해 보세요."
_UNREADABLE = (
    "돌려준 값을 읽을 수 없습니다. 텐서, 숫자, 리스트, 딕셔너리처럼 설명에 나온 종류의 값만 돌려주는지 확인해 보세요."
)


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
        self.told = False
        """Whether the student has been told so already for this question."""


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
    message = _failure_message(error, scene, limits)
    if message is None:
        return Judgement(Outcome.ERROR, OURS, _traceback(error, last_call))
    limit = error.limit if isinstance(error, SandboxTimeout | BudgetSpent) else ""
    return Judgement(Outcome.FAILED, message, _failure_detail(error, scene, last_call), limit)


def carried_message(names: Sequence[str]) -> str:
    """Return the note on a test that passed with correct earlier functions."""
    listed = ", ".join(f"`{name}`" for name in names)
    return f"앞 문항의 함수({listed})를 올바른 것으로 바꾸어 채점했습니다."


def exception_name(ename: str) -> str:
    """Return an exception's name as a student may see it: a built-in one, or that it is one of their own."""
    return ename if ename in BUILTIN_EXCEPTIONS else CUSTOM_EXCEPTION


def _failure_message(error: BaseException, scene: Scene, limits: Limits) -> str | None:
    match error:
        case ExpectationFailed():
            return error.message
        case StudentError():
            name = exception_name(error.etype)
            if name in ("NameError", "UnboundLocalError") and (stopped := _from_stopped(error, scene)):
                return stopped
            cell = scene.cell_name(error.cell)
            where = f"{cell}의 {error.line}번째 줄에서 " if cell and error.line > 0 else "함수를 실행하는 중 "
            return f"{where}{name} 예외가 발생했습니다. {_suspect(name, error.detail)}"
        case SandboxDied():
            return error.message
        case SandboxTimeout():
            return _timeout_message(error, limits)
        case BudgetSpent(told=True):
            return "같은 까닭으로 실행하지 못했습니다."
        case BudgetSpent():
            return f"{_spent_message(error.limit, error.seconds)} 그래서 이 문항의 나머지 테스트를 실행하지 못했습니다."
        case ProtocolError():
            return _UNREADABLE
        case AssertionError() | pytest.fail.Exception():
            return "기대한 결과와 다릅니다. 문제의 설명을 다시 확인해 보세요."
    return None


def _suspect(name: str, detail: str) -> str:
    """Return what to look at after an exception; after a RuntimeError only what torch itself named."""
    if name == "RuntimeError":
        return next((said for words, said in _TORCH_SAYS if re.search(words, detail)), _ANYTHING)
    return _SUSPECTS.get(name, _ANYTHING)


def _timeout_message(error: SandboxTimeout, limits: Limits) -> str:
    if error.limit == "cpu":
        if error.seconds < limits.call_seconds:
            return f"{_spent_message('cpu', limits.question_seconds)} {_LONG}"
        given = f"함수를 한 번 부르는 데 주어진 계산 시간 {limits.call_seconds:g}초를"
        return f"{given} 모두 써서 중단했습니다. {_LONG}"
    if error.seconds < limits.asleep_seconds:
        return f"{_spent_message('asleep', limits.question_asleep_seconds)} {_WAITING}"
    return f"함수가 계산하지 않고 {limits.asleep_seconds:g}초 동안 기다리다 끝나지 않아 중단했습니다. {_WAITING}"


def _spent_message(limit: str, seconds: float) -> str:
    if limit == "cpu":
        return f"이 문항에 주어진 계산 시간 {seconds:g}초를 모두 썼습니다."
    return f"이 문항의 함수들이 계산하지 않고 기다리기만 한 시간이 모두 {seconds:g}초를 넘었습니다."


def _from_stopped(error: StudentError, scene: Scene) -> str:
    """Return what to say of a name that is missing only because its cell was stopped, or "".

    The name is the sandbox's claim: it decides which of these sentences is said, and is not said itself.
    """
    found = _NAME.search(error.detail)
    cell = scene.stopped_with(found.group(1)) if found else ""
    if not cell:
        return ""
    if sum(run.status in _STOPPED for run in scene.cells) > 1:
        cell = "앞의 셀"  # which one is the student's code to choose: it would tell what a hidden input was
    return f"{cell}의 실행이 중단되어, 그 셀에서 만드는 이름을 쓸 수 없었습니다. 그 셀의 안내를 먼저 보세요."


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
