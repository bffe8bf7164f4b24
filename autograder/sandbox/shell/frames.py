"""Keeps the grader's own frames out of what a student reads: tracebacks, stacks, places of warnings.

A cell is run by this package, and some functions of libraries are wrapped by it. Neither is the student's business, and
a traceback that leads into it tells them nothing. Owns which files are ours and each way in which Python prints a
stack. Runs inside the sandbox; a student who walks the frames by hand finds them, and nothing in them.
"""

from __future__ import annotations

import sys
import traceback
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

__all__ = ["hiding", "is_ours", "without_ours"]

_PACKAGE = Path(__file__).resolve().parents[2]
_FRAMES, _WARNING = "_extract_from_extended_frame_gen", "_formatwarnmsg_impl"
"""Names of Python 3.11 to 3.13 that are no promise: where one is gone, what it prints is left as it is."""
_OURS = tuple(f"{folder}/" for folder in (_PACKAGE, _PACKAGE.with_name("course")))


def is_ours(filename: str) -> bool:
    """Whether code of this file is the grader's, or the course package's."""
    return filename.startswith(_OURS)


def without_ours(entry: TracebackType | None) -> list[TracebackType]:
    """Return the entries of a traceback that are not ours, in their order; they are not linked anew."""
    entries = []
    while entry is not None:
        if not is_ours(entry.tb_frame.f_code.co_filename):
            entries.append(entry)
        entry = entry.tb_next
    return entries


def hiding() -> tuple[tuple[Any, str, Any], ...]:
    """Return (owner, name, value) of what is replaced in a sandbox so that Python prints none of our frames."""
    import threading

    found: list[tuple[Any, str, Any]] = [
        (threading, "excepthook", _tell_of_thread),
        (threading, "__excepthook__", _tell_of_thread),
    ]
    summary = traceback.StackSummary
    extract = getattr(summary, _FRAMES, None)
    if extract is not None:
        extract = extract.__func__

        def from_frames(cls: Any, frames: Iterable[tuple[Any, Any]], /, **options: Any) -> Any:
            return extract(cls, _foreign(frames), **options)

        found.append((summary, _FRAMES, classmethod(from_frames)))
    place = getattr(warnings, _WARNING, None)
    if place is not None:

        def format_warning(message: Any) -> str:
            if not is_ours(str(message.filename)):
                return str(place(message))
            return f"{message.category.__name__}: {message.message}\n"

        found.append((warnings, _WARNING, format_warning))
    return tuple(found)


def _foreign(frames: Iterable[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    return (pair for pair in frames if not is_ours(pair[0].f_code.co_filename))


def _tell_of_thread(args: Any) -> None:
    """As `threading.excepthook`, which prints a traceback past the module that can be asked to leave frames out."""
    if args.exc_type is SystemExit or sys.stderr is None:
        return
    name = args.thread.name if args.thread is not None else "?"
    text = traceback.format_exception(args.exc_type, args.exc_value, args.exc_traceback)
    sys.stderr.write(f"Exception in thread {name}:\n{''.join(text)}")
