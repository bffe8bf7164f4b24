"""What a cell may show: kinds, sizes and counts, as one table for who makes outputs and for who checks them.

A sandbox's own code (`shell.outputs`) makes nothing beyond it, whatever a notebook displays; the trusted side
(`replies`) refuses everything beyond it. So what is refused, no cell has made: only somebody who replied in our place.
"""

from __future__ import annotations

import binascii
import json
from collections.abc import Mapping
from typing import Any

__all__ = [
    "KINDS",
    "MOST_COUNT",
    "MOST_DEPTH",
    "MOST_ERROR_TEXT",
    "MOST_EXECUTION_COUNT",
    "MOST_NAME",
    "MOST_NOTES",
    "MOST_OUTPUTS",
    "MOST_RICH",
    "MOST_RICH_BYTES",
    "MOST_STREAMS",
    "MOST_TRACEBACK_LINES",
    "NOTE_BYTES",
    "is_json",
    "plain_bundle",
    "plain_metadata",
    "text_of",
]

KINDS = (
    "text/plain",
    "text/html",
    "text/markdown",
    "text/latex",
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/svg+xml",
    "application/json",
)
"""MIME types that are kept: those that somebody is shown. Widgets, scripts and all others are dropped."""
MOST_STREAMS = 400
"""Pieces of stdout and stderr; what comes in turn after that is joined to the last piece of its stream."""
MOST_RICH = 500
"""Displays, results and errors."""
MOST_NOTES = 2
"""Notes of ours, that something was left out."""
MOST_OUTPUTS = MOST_STREAMS + MOST_RICH + MOST_NOTES
MOST_RICH_BYTES = 12 << 20
"""Of all displays, results and errors of a cell, as JSON in UTF-8."""
NOTE_BYTES = 4096
"""Of the notes, beyond what streams may have."""
MOST_DEPTH = 32
"""Nesting of JSON; what is deeper is shown as text."""
MOST_TRACEBACK_LINES = 100
MOST_ERROR_TEXT = 20_000
"""Characters of an error's message, and of one frame of its traceback."""
MOST_NAME = 200
"""Characters of an exception's name."""
MOST_COUNT = 1 << 53
"""Integers in JSON that are told exactly by everybody who reads it."""
MOST_EXECUTION_COUNT = 1_000_000


def text_of(value: object) -> str:
    """Return the value as exactly `str`, lone surrogates replaced; an object that cannot say what it is has no text."""
    try:
        text = str.__str__(value) if isinstance(value, str) else str.__str__(str(value))
    except KeyboardInterrupt:
        raise
    except BaseException:
        return ""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def is_json(kind: str) -> bool:
    """Return whether content of this MIME type is JSON, and no text."""
    return kind == "application/json"


def plain_bundle(bundle: Any) -> dict[str, Any]:
    """Return of a MIME bundle what is kept: texts, images in base64, JSON; an odd one may be empty."""
    if not isinstance(bundle, Mapping):
        return {}
    kept: dict[str, Any] = {}
    for kind in KINDS:
        try:
            content = bundle.get(kind)
        except Exception:  # a mapping of the notebook's own
            content = None
        if content is None:
            continue
        if is_json(kind):
            kept[kind] = _plain(content)
        elif isinstance(content, bytes | bytearray):
            kept[kind] = binascii.b2a_base64(bytes(content), newline=False).decode()
        elif isinstance(content, list | tuple) and all(isinstance(line, str) for line in content):
            kept[kind] = "".join(map(text_of, content))
        else:
            kept[kind] = text_of(content)
    return kept


def plain_metadata(metadata: Any) -> dict[str, Any]:
    """Return of a bundle's metadata what is kept: JSON of the kinds that are kept, and of plain switches."""
    found = _plain(metadata) if isinstance(metadata, Mapping) else {}
    return found if type(found) is dict else {}


def _plain(value: Any) -> Any:
    """Return JSON that is no deeper than it may be, without NaN, or the value's text."""
    try:
        plain = json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        return text_of(value)
    try:
        return _clean(plain, MOST_DEPTH - 1)
    except (_TooDeepError, RecursionError):
        return text_of(value)


class _TooDeepError(Exception):
    pass


def _clean(value: Any, depth: int) -> Any:
    """Return JSON with proper text throughout; whole numbers that no reader of JSON can hold become text."""
    if depth == 0:
        raise _TooDeepError
    if isinstance(value, dict):
        return {text_of(key): _clean(inner, depth - 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [_clean(inner, depth - 1) for inner in value]
    if isinstance(value, str):
        return text_of(value)
    if type(value) is int and abs(value) > MOST_COUNT:
        return text_of(value)
    return value
