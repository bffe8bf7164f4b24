"""Which code grades: the folder this process imported the package from, and the hash of the code there that decides.

A record names the code that graded it, so three processes must run the same: the coordinator that writes the record,
the fork server, and each judge. All three ask this module, each of its own files, and the coordinator refuses another
answer. It imports nothing but `errors`, since the fork server, which must know nothing of a judge, imports it too: the
judge's files are read here and never run.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from autograder.errors import InfrastructureError

__all__ = ["LOADED", "PACKAGE", "check_unchanged", "code_hash", "grader_differs", "stated"]

PACKAGE = Path(__file__).parent
"""The folder of the package that this process imported."""

_PACKAGES = ("judge", "sandbox", "intake", "grading", "sinks")
_MODULES = tuple(
    f"{name}.py"
    for name in (
        *("assignment_file", "catalog", "cells", "code_hash", "corpus", "course_file", "errors", "findings", "korean"),
        *("marks", "model", "plain", "toml_lines"),
    )
)
"""What decides scores and what students are told of them: five packages, and the modules that these import."""


def code_hash(package: Path = PACKAGE) -> str:
    """Return 12 hex digits over the names and bytes of the grading code as it lies in `package` now.

    A file that cannot be read, while an update replaces it for example, counts as one of other content.
    """
    digest = hashlib.sha256()
    found = [path for part in _PACKAGES for path in (package / part).rglob("*.py") if not path.name.startswith(".")]
    for path in sorted([*found, *(package / name for name in _MODULES)]):
        try:
            content = path.read_bytes()
        except OSError:
            content = b"\0unreadable"
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + content + b"\0")
    return digest.hexdigest()[:12]


LOADED = code_hash()
"""The hash when this process imported this module, which is before it imports the rest: what it runs. A fork has its
parent's."""


def stated() -> str:
    """Return what this process says of its code: `LOADED`; with a mark behind it, if the files have changed since.

    A process that says it after its imports has so imported what `LOADED` names, and nothing newer.
    """
    now = code_hash()
    return LOADED if now == LOADED else f"{LOADED}, then {now}"


def grader_differs(other: str) -> InfrastructureError:
    """Return the refusal of a process, or of files, whose code is another than this process's: ``grader-differs``."""
    return InfrastructureError(
        "grader-differs",
        f"'{PACKAGE}' 폴더의 채점기 코드가 이 프로그램이 시작할 때와 다릅니다. 다른 코드로 채점하지 않도록 멈췄습니다. "
        "서비스나 Jupyter 서버라면 그 서비스를 다시 시작하고, 명령이라면 같은 명령을 다시 실행하세요.",
        detail=f"{PACKAGE}: this process runs {LOADED}; found {other}",
    )


def check_unchanged() -> None:
    """Raise InfrastructureError (``grader-differs``) if the files are no longer what this process runs; takes 4 ms."""
    if (now := code_hash()) != LOADED:
        raise grader_differs(now)
