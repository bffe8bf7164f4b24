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
    "BranchUnavailable",
    "CellResult",
    "Exit",
    "SandboxDied",
    "SandboxTimeout",
    "StudentError",
]

BUILTIN_EXCEPTIONS = frozenset(
    name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)
)
"""The only exception names that are shown to students."""

CUSTOM_EXCEPTION = "사용자 정의"


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
    """

    outputs: list[dict[str, Any]] = field(default_factory=list)
    status: str = "ok"
    ename: str = ""
    line: int = 0
    seconds: float = 0.0
    execution_count: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Exit:
    """How a sandbox ended.

    Args:
        reason: ``"killed"`` if it was alive until then, else as in `SandboxDied`, or ``"timeout"``.
        cpu_seconds: of all its processes that were waited for.
        peak_rss_mb: highest memory of one of its processes beyond what the fork server holds, in MB of 2**20 bytes.
    """

    reason: str
    cpu_seconds: float
    peak_rss_mb: float


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
            (a limit).
    """

    _MESSAGES: ClassVar = {
        "exit": "코드가 실행 환경을 스스로 종료했습니다. exit()나 os._exit()를 부르는 곳이 있는지 확인해 보세요.",
        "signal": "실행 환경이 비정상적으로 종료되었습니다. 메모리를 직접 다루는 코드가 있는지 확인해 보세요.",
        "memory": "메모리 한도를 넘어 실행이 중단되었습니다. 큰 배열을 한꺼번에 만드는 곳이 있는지 확인해 보세요.",
        "cpu": "계산 시간 한도를 넘어 실행이 중단되었습니다. 반복이 끝나는지 확인해 보세요.",
        "scratch": "임시 파일의 한도를 넘어 실행이 중단되었습니다. 파일을 너무 많이 만드는 곳이 있는지 확인해 보세요.",
    }

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__("sandbox-died", self._MESSAGES[reason], detail=detail or reason)
        self.reason = reason


class SandboxTimeout(GraderError):  # noqa: N818  an outcome's name, as tests and messages use it
    """A call did not return in time; its branch is gone."""

    def __init__(self, seconds: float) -> None:
        message = f"{seconds:g}초 안에 끝나지 않아 실행이 중단되었습니다. 반복이 끝나는지 확인해 보세요."
        super().__init__("sandbox-timeout", message)
        self.seconds = seconds


class BranchUnavailable(GraderError):  # noqa: N818  an outcome's name, as tests and messages use it
    """This sandbox cannot be forked (no SECCOMP_RET_USER_NOTIF, or CUDA): run the notebook again in a fresh one."""

    def __init__(self) -> None:
        super().__init__("branch-unavailable", "이 컴퓨터에서는 실행 상태를 복제할 수 없어 노트북을 다시 실행합니다.")
