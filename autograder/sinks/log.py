"""Logs: every record of ours is one line, and the lines of a traceback are quoted below it.

`logger` gives a logger whose records are cleaned as they are made, whoever handles them: nbgrader's commands and a
teacher's Jupyter server have handlers of their own. `start_log` gives a process of ours its handler, whose formatter
cleans what other libraries log too (a request's path, asyncio's tracebacks). `clean_log` is for a logger that is
somebody else's and handles what is ours: nbgrader's, Dask's.

A message that is filled with values is one line: the line ends in it are escapes. One that comes as it is may be a
traceback, and its further lines are quoted as such. So no name and no exception's text makes a line that looks like the
log's own.
"""

from __future__ import annotations

import copy
import logging
import sys

from autograder.plain import one_line
from autograder.sinks.echo import quoted_lines, traceback_lines

__all__ = ["PlainFilter", "PlainFormatter", "clean_log", "logger", "start_log"]

_MOST_CHARACTERS = 4000
"""Of a message: an error of the judge's, with its detail, is shorter."""
_DONE = "autograder_plain"
"""Attribute of a record that has been cleaned."""


class PlainFilter(logging.Filter):
    """Cleans each record that passes: message, traceback and stack. Lets everything pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean a record in place."""
        _clean(record)
        return True


class PlainFormatter(logging.Formatter):
    """Formats a cleaned copy of each record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line, and the lines of its traceback."""
        clean = copy.copy(record)
        _clean(clean)
        return super().format(clean)


def logger(name: str) -> logging.Logger:
    """Return the logger of a module of ours."""
    return clean_log(logging.getLogger(name))


def clean_log(found: logging.Logger | logging.LoggerAdapter[logging.Logger]) -> logging.Logger:
    """Have a logger's own records, and what its handlers get from others, cleaned; may be called again."""
    inner = found.logger if isinstance(found, logging.LoggerAdapter) else found
    for place in (inner, *inner.handlers):
        if not any(isinstance(one, PlainFilter) for one in place.filters):
            place.addFilter(PlainFilter())
    return inner


def start_log(level: int = logging.INFO) -> None:
    """Give this process the one handler of its log, on standard error; Python's warnings go there too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlainFormatter("%(asctime)s %(levelname).1s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.captureWarnings(True)


def _clean(record: logging.LogRecord) -> None:
    if getattr(record, _DONE, False):
        return
    record.msg, record.args = _message(record), None
    setattr(record, _DONE, True)
    if record.exc_info:
        record.exc_text = "\n".join(traceback_lines(record.exc_info[1]))
    elif record.exc_text:
        record.exc_text = "\n".join(quoted_lines(record.exc_text))
    if record.stack_info:
        record.stack_info = "\n".join(quoted_lines(record.stack_info))


def _message(record: logging.LogRecord) -> str:
    try:
        text = record.getMessage()
    except Exception:  # the arguments do not fit the message, or a value of student code cannot be printed
        return f"{one_line(record.msg, 200)} (with arguments that do not fit it)"
    first, _, rest = (text, "", "") if record.args else text.partition("\n")
    lines = [one_line(first, _MOST_CHARACTERS), *(quoted_lines(rest) if rest else [])]
    return "\n".join(lines)
