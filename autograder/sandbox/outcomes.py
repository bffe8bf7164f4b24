"""What can come out of a sandbox: results, and the exceptions for everything that can go wrong in one.

Owns these words. None of them carries a student's text to students: `detail` is for staff.
"""

from __future__ import annotations

import builtins
from dataclasses import dataclass, field
from typing import Any, ClassVar

from autograder.errors import GraderError

__all__ = [
    "BUILTIN_EXCEPTIONS",
    "CUSTOM_EXCEPTION",
    "OUT_OF_MEMORY",
    "Allowance",
    "Ask",
    "Bound",
    "BranchUnavailable",
    "CellResult",
    "Exit",
    "Meter",
    "SandboxDied",
    "SandboxTimeout",
    "StudentError",
    "Watched",
]

BUILTIN_EXCEPTIONS = frozenset(
    name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)
)
"""The only exception names that are shown to students."""

OUT_OF_MEMORY = 76
"""How a process of a sandbox ends that has no memory left to say so; student code that ends so is told the same."""
CUSTOM_EXCEPTION = "사용자 정의"


@dataclass(frozen=True, slots=True)
class Meter:
    """Where the seconds of one request went, by the trusted side's look at the sandbox's processes.

    Args:
        cpu: CPU seconds of all their threads.
        starved: wall-clock seconds in which one of them could not go on for want of the machine.
        asleep: wall-clock seconds in which all of them waited for something else.
    """

    cpu: float = 0.0
    starved: float = 0.0
    asleep: float = 0.0

    def __add__(self, other: Meter) -> Meter:
        return Meter(self.cpu + other.cpu, self.starved + other.starved, self.asleep + other.asleep)

    def most(self, other: Meter) -> Meter:
        """Return, clock by clock, the greater of the two."""
        return Meter(max(self.cpu, other.cpu), max(self.starved, other.starved), max(self.asleep, other.asleep))

    def __str__(self) -> str:
        return f"used {self.cpu:.2f} CPU-s, starved {self.starved:.1f} s, asleep {self.asleep:.1f} s"


@dataclass(frozen=True, slots=True)
class Allowance:
    """How far each clock of a `Meter` may go before a request is given up."""

    cpu: float
    asleep: float
    starved: float


@dataclass(frozen=True, slots=True)
class CellResult:
    """How one cell ran.

    Args:
        outputs: nbformat 4 outputs, checked and rebuilt by the trusted side.
        status: ``"ok"``, ``"error"``, ``"timeout"``, ``"died"``, ``"memory"`` or ``"skipped"``.
        ename: exception type name where status is "error".
        line: 1-based line of the cell at which it stopped, or 0.
        seconds: wall-clock seconds by the judge's clock.
        execution_count: IPython's number, or None.
        reason: for "died" and "memory": see `SandboxDied`.
        limit: for "timeout": the clock whose allowance was used up, ``"cpu"`` or ``"asleep"``.
        meter: where its seconds went.
    """

    outputs: list[dict[str, Any]] = field(default_factory=list)
    status: str = "ok"
    ename: str = ""
    line: int = 0
    seconds: float = 0.0
    execution_count: int | None = None
    reason: str = ""
    limit: str = ""
    meter: Meter = field(default_factory=Meter)


@dataclass(frozen=True, slots=True)
class Watched:
    """What a sandbox is to remember of the names that a cell binds.

    Args:
        names: those that questions ask for.
        answers: labels of the answers in the cell: everything is remembered as it is after it.
        stubs: name, first and last line of each function in it that does nothing yet.
    """

    names: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    stubs: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Bound:
    """What a notebook's names were bound to, as its sandbox claims; names and labels are those that were asked for.

    Args:
        written: names with a definition that is no stub, and the index of the last one's cell.
        overwritten: names that a later cell replaced by a value or deleted, and the cell's index; put back since.
        shadowed: builtins and modules that a cell replaced by a value, and the cell's index.
        changed: labels of answers that read something that is another thing now than when their cell had run.
    """

    written: tuple[tuple[str, int], ...] = ()
    overwritten: tuple[tuple[str, int], ...] = ()
    shadowed: tuple[tuple[str, int], ...] = ()
    changed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Exit:
    """How a sandbox ended.

    Args:
        reason: ``"killed"`` if it was alive until then, else as in `SandboxDied`, or ``"timeout"``.
        cpu_seconds: of all its processes that were waited for.
        peak_rss_mb: highest memory of one of its processes beyond what the fork server holds, in MB of 2**20 bytes.
        meter: where the seconds of all requests went.
    """

    reason: str
    cpu_seconds: float
    peak_rss_mb: float
    meter: Meter = field(default_factory=Meter)


@dataclass(frozen=True, slots=True)
class Ask:
    """What a process asks for in the middle of a call, as it claims.

    Args:
        name: of the function.
        data: what to call it with, see `autograder.sandbox.shell.answers`.
        size: bytes of the frame.
        seconds: CPU seconds that reading it took the trusted side.
    """

    name: str
    data: Any
    size: int = 0
    seconds: float = 0.0


class StudentError(GraderError):
    """Student code raised.

    Args:
        etype: builtin exception name, or `CUSTOM_EXCEPTION`.
        line: 1-based line of the cell, 0 if unknown.
        cell: index of the cell the failing line is in, None if it is in none.
        detail: type and text of the exception, for staff only.
    """

    def __init__(self, etype: str, line: int = 0, cell: int | None = None, detail: str = "") -> None:
        super().__init__("student-error", f"코드를 실행하는 중에 {etype} 오류가 발생했습니다.", detail=detail)
        self.etype = etype
        self.line = line
        self.cell = cell


class SandboxDied(GraderError):  # noqa: N818  an outcome's name, as tests and messages use it
    """The process ended while it was being asked something.

    Args:
        reason: ``"exit"`` (it ended itself), ``"signal"`` (a crash), ``"memory"``, ``"cpu"`` or ``"scratch"``
            (a limit), or ``"silent"`` (it no longer answers).
    """

    _MESSAGES: ClassVar = {
        "exit": "코드가 실행 환경을 스스로 종료했습니다. exit()나 os._exit()를 부르는 곳이 있는지 확인해 보세요.",
        "signal": "실행 환경이 비정상적으로 종료되었습니다. 메모리를 직접 다루는 코드가 있는지 확인해 보세요.",
        "memory": "메모리 한도를 넘어 실행이 중단되었습니다. 큰 배열을 한꺼번에 만드는 곳이 있는지 확인해 보세요.",
        "cpu": "계산 시간 한도를 넘어 실행이 중단되었습니다. 지나치게 오래 걸리는 계산이 있는지 확인해 보세요.",
        "scratch": "임시 파일의 한도를 넘어 실행이 중단되었습니다. 파일을 너무 많이 만드는 곳이 있는지 확인해 보세요.",
        "silent": "노트북을 실행한 프로세스가 응답하지 않습니다. 스레드나 시그널을 다루는 코드가 있는지 확인해 보세요.",
    }

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__("sandbox-died", self._MESSAGES[reason], detail=detail or reason)
        self.reason = reason


class SandboxTimeout(GraderError, TimeoutError):  # noqa: N818  an outcome's name, as tests and messages use it
    """A call used up what it may; its branch is gone. Never the machine's doing: that is ``machine-busy``.

    Args:
        limit: the clock that ran out, ``"cpu"`` or ``"asleep"``.
        seconds: what it allowed.
        meter: where the call's seconds went.
    """

    def __init__(self, limit: str, seconds: float, meter: Meter | None = None) -> None:
        what = (
            f"주어진 계산 시간 {seconds:g}초를 모두 써서" if limit == "cpu" else f"{seconds:g}초를 기다려도 끝나지 않아"
        )
        super().__init__("sandbox-timeout", f"{what} 실행을 중단했습니다.", detail=str(meter or Meter()))
        self.limit = limit
        self.seconds = seconds
        self.meter = meter or Meter()


class BranchUnavailable(GraderError):  # noqa: N818  an outcome's name, as tests and messages use it
    """This sandbox cannot be forked (no SECCOMP_RET_USER_NOTIF, or CUDA): run the notebook again in a fresh one."""

    def __init__(self) -> None:
        super().__init__("branch-unavailable", "이 컴퓨터에서는 실행 상태를 복제할 수 없어 노트북을 다시 실행합니다.")
