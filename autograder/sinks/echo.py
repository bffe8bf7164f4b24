"""Lines on standard output and standard error: of programs without a rich console, JSON, CSV, a program's last words.

A line is a template of ours and its values. The values are cleaned, each to one line, so that none can pass for a line
of ours, colour it or move the cursor. Imports nothing heavy: the fork server uses it.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import traceback
import warnings
from types import TracebackType
from typing import Any, TextIO

from autograder.plain import escaped, one_line, short_lines, visible

__all__ = ["flush", "guard_process", "print_traceback", "quoted_lines", "say", "say_csv", "say_json", "traceback_lines"]

_MOST_LINES = 200
"""Lines kept of a traceback: the first and the last half of them."""

_PREFIX = "  | "
"""Before each line that an exception or a detail had a say in: none begins as a line of ours does."""


def say(template: str, /, *, error: bool = False, limit: int = 2000, **values: object) -> None:
    """Print one line.

    Args:
        template: a constant of ours, as `str.format` takes it; it may have several lines.
        error: print on standard error.
        limit: most characters of each value.
        values: text is cleaned to one line; numbers keep the format that the template gives them.

    Example:
        >>> say("{student}: {points:g} points", student="kim\\nlee: 100", points=3.0)
        kim\\nlee: 100: 3 points
    """
    clean = {
        name: value if isinstance(value, (int, float)) else one_line(value, limit) for name, value in values.items()
    }
    _write(template.format(**clean) + "\n", sys.stderr if error else sys.stdout)


def say_json(data: Any) -> None:
    """Print what ``--json`` promises; what would steer a terminal stands as JSON's own escapes, of the same value."""
    _write(escaped(json.dumps(data, ensure_ascii=False, indent=1)) + "\n", sys.stdout)


def say_csv(text: str) -> None:
    """Print a file of `autograder.sinks.sheet` byte for byte, line ends and byte order mark included."""
    sys.stdout.flush()
    binary = getattr(sys.stdout, "buffer", None)
    if binary is None:
        sys.stdout.write(text)
        return
    binary.write(text.encode("utf-8"))
    binary.flush()


def flush() -> None:
    """Let out what has been printed, before a process ends without Python's own end."""
    if sys.stdout is not None:
        sys.stdout.flush()


def print_traceback() -> None:
    """Print the exception that is being handled on standard error, cleaned and quoted."""
    _write("\n".join(traceback_lines(sys.exception())) + "\n", sys.stderr)


def traceback_lines(error: BaseException | None) -> list[str]:
    """Return an exception with its traceback as lines, cleaned, cut and quoted; what kind it is leads them."""
    if error is None:
        return []
    try:
        text = "".join(traceback.format_exception(error))
    except Exception as trouble:  # an exception of student code whose own methods raise
        text = f"{type(error).__name__}, which cannot be printed: {type(trouble).__name__}"
    return quoted_lines(text)


def quoted_lines(text: str) -> list[str]:
    """Return text as lines that are cleaned, cut, few enough, and each led by a mark."""
    lines = short_lines(text.rstrip("\n"))
    if len(lines) > _MOST_LINES:
        half = _MOST_LINES // 2
        lines = [*lines[:half], f"… ({len(lines) - 2 * half} lines)", *lines[-half:]]
    return [_PREFIX + line for line in lines]


def guard_process() -> None:
    """Clean what Python itself prints in this process; for a program's entry, may be called again.

    That is uncaught exceptions, of threads too, warnings, and the last resort of logs without a handler.
    """
    sys.excepthook = _uncaught
    sys.unraisablehook = lambda found: _tell_uncaught("Exception ignored", found.exc_value)
    threading.excepthook = _uncaught_in_a_thread
    warnings.showwarning = _warn
    if logging.lastResort is not None:
        from autograder.sinks.log import PlainFormatter

        logging.lastResort.setFormatter(PlainFormatter("%(message)s"))


def _uncaught(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    _tell_uncaught("Uncaught exception", error)


def _uncaught_in_a_thread(found: threading.ExceptHookArgs) -> None:
    if found.exc_type is not SystemExit:
        name = one_line(found.thread.name if found.thread else "?", 100)
        _tell_uncaught(f"Uncaught exception in thread {name}", found.exc_value)


def _tell_uncaught(what: str, error: BaseException | None) -> None:
    _write("\n".join([f"{what}:", *traceback_lines(error)]) + "\n", sys.stderr)


def _warn(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    del line
    text = f"{one_line(filename)}:{lineno}: {category.__name__}: {one_line(message, 2000)}\n"
    _write(text, sys.stderr if file is None else file)


def _write(text: str, stream: TextIO | None) -> None:
    """Write text, once more cleaned as a whole, in whatever encoding the stream has; no stream is no trouble."""
    if stream is None:
        return
    safe = visible(text)
    try:
        stream.write(safe)
    except UnicodeEncodeError:
        stream.write(safe.encode("ascii", "backslashreplace").decode())
    stream.flush()
