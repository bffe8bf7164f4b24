"""The grader's exceptions: one base, a stable English code, a Korean sentence for people.

Every exception that the package raises on purpose derives from `GraderError`. `code` is what a script or a
search engine matches on and never changes once released; `message` is Korean, says what happened and what to
do next, and may be reworded at any time.
"""

from __future__ import annotations

from collections.abc import Callable

__all__ = [
    "AssignmentError",
    "ConfinementError",
    "GraderError",
    "InfrastructureError",
    "IntakeError",
    "LedgerError",
    "ProtocolError",
]


class GraderError(Exception):
    """Base of everything the grader raises on purpose.

    Args:
        code: stable, lower-case, hyphenated English identifier, for example ``"notebook-not-json"``.
        message: Korean text for people: what happened, where, what to do next.
        detail: English text for staff and logs; may hold paths and values, never shown to students.
    """

    def __init__(self, code: str, message: str, *, detail: str = "") -> None:
        super().__init__(f"[{code}] {message}" + (f" ({detail})" if detail else ""))
        self.code = code
        self.message = message
        self.detail = detail

    def __reduce__(self) -> tuple[Callable[..., GraderError], tuple[type[GraderError], str, str, str]]:
        """Pickle by what it was made of: errors of workers travel between processes."""
        return _rebuilt, (type(self), self.code, self.message, self.detail)


def _rebuilt(kind: type[GraderError], code: str, message: str, detail: str) -> GraderError:
    return kind(code, message, detail=detail)


class AssignmentError(GraderError):
    """An assignment's own files (assignment.toml, suite, master notebook) are missing or inconsistent."""


class IntakeError(GraderError):
    """A source cannot be read at all (no such path, not a notebook, folder or zip)."""


class ConfinementError(GraderError):
    """This machine cannot confine student code, or setting confinement up failed: grading refuses."""


class ProtocolError(GraderError):
    """A frame from the sandbox broke the wire format or its limits; the sandbox is ended."""


class InfrastructureError(GraderError):
    """The grader's own machinery failed (worker died, disk full): retried, then a person, never a zero."""


class LedgerError(GraderError):
    """The ledger refuses an operation: a lease was lost to another worker, or the schema is a newer one."""
