"""`python -m tests.grading.refusing CALL[:ARG=VALUE]=ERRNO... -- COMMAND...`: runs a command that some calls refuse.

A machine that refuses system calls, made the way containers make it: a seccomp filter around the command, which answers
with an errno. ``prctl:0=38=EPERM`` refuses one option only, by an argument's number and its low 32 bits;
``seccomp:1&8=EPERM`` every call in which a bit of an argument is set.
"""

from __future__ import annotations

import errno
import os
import platform
import re
import sys

from autograder.sandbox.confinement import privileges, seccomp
from autograder.sandbox.confinement.policy import ALLOW
from autograder.sandbox.confinement.seccomp import Filter
from autograder.sandbox.confinement.syscalls import numbers

__all__ = ["refuse"]

_ERRNO = 0x00050000
_LOAD, _RETURN, _EQUAL, _SET = 0x20, 0x06, 0x15, 0x45  # classic BPF: LD+W+ABS, RET+K, JEQ+K, JSET+K
_NR, _ARGS = 0, 16
_RULE = re.compile(r"(?P<call>\w+)(:(?P<arg>\d)(?P<how>[=&])(?P<value>0x[0-9a-f]+|\d+))?=(?P<errno>E\w+)")

Instruction = tuple[int, int, int, int]


def refuse(rules: list[str]) -> None:
    """Put this process and all it starts under a filter that refuses these calls, for good."""
    program: list[Instruction] = []
    for rule in rules:
        program += _instructions(rule)
    program.append((_RETURN, 0, 0, ALLOW))
    privileges.forbid_gains()
    seccomp.load(Filter(tuple(program), notifies=False))


def _instructions(rule: str) -> list[Instruction]:
    found = _RULE.fullmatch(rule)
    assert found is not None, rule
    answer = (_RETURN, 0, 0, _ERRNO | int(getattr(errno, found["errno"])))
    number = numbers(platform.machine())[found["call"]]
    if found["arg"] is None:
        return [(_LOAD, 0, 0, _NR), (_EQUAL, 0, 1, number), answer]
    jump = _EQUAL if found["how"] == "=" else _SET
    argument = (_LOAD, 0, 0, _ARGS + 8 * int(found["arg"]))
    return [(_LOAD, 0, 0, _NR), (_EQUAL, 0, 3, number), argument, (jump, 0, 1, int(found["value"], 0)), answer]


def main() -> None:
    """Refuse what the arguments name, then become the command."""
    at = sys.argv.index("--")
    refuse(sys.argv[1:at])
    os.execvp(sys.argv[at + 1], sys.argv[at + 1 :])


if __name__ == "__main__":
    main()
