"""Owns the way from bytes to a JSON object: size, encoding, depth and the few non-standard things JSON files hold.

Refuses (with a fatal verdict, never an exception) what is too large, too deep, too complex or not a JSON object.
Reads no meaning: what a notebook is stands in `notebook`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from autograder.intake.conflicts import has_conflict
from autograder.intake.findings import Findings
from autograder.intake.stored import TooComplex, without_outputs

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_RAW_BYTES", "read_document"]

MAX_RAW_BYTES = 128 * 2**20
"""Largest notebook file as it was saved: a training loop that printed all night has 90 MB. Reading one of this size
takes 4 s and 260 MB at most (measured: 90 MB in 0.5 to 2 CPU seconds and 90 to 180 MB)."""

MAX_BYTES = 20 * 2**20
"""Most of it without stored outputs and widget state: text, code and attached pictures are a few MB."""

_STRIP_FROM = 2**20
"""Bytes from which stored outputs are left out before parsing; smaller ones cost nothing, and are read to be named."""

MAX_DEPTH = 64
"""Deepest nesting. A notebook needs 7; widget state and Plotly figures in outputs reach about 20."""

_MAX_NODES = 500_000
"""Most objects, arrays and keys: 20 MB of ``[],`` would otherwise become 500 MB of Python lists."""

_MAX_ITEMS = 2_000_000
"""Most commas; 15 MB of printed lines have 800,000."""

_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
"""A string, or one that never ends: else each of its quotes would be tried as a start, in quadratic time."""

_LONG_INTEGER = re.compile(r"\d{19}")
_BRACKET = re.compile(r"[\[\]{}]")


def read_document(data: bytes, findings: Findings) -> dict[str, Any] | None:
    """Return the JSON object in `data`, or None after adding a fatal verdict."""
    kept = _worth_parsing(data, findings)
    if kept is None:
        return None
    text, note = _decode(kept, findings)
    if not text.strip("\x00 \t\r\n"):
        findings.add("notebook-empty")
        return None
    document = _parse(text, findings)
    if document is not None and note is not None:
        note()
    return document


def _worth_parsing(data: bytes, findings: Findings) -> bytes | None:
    """Return the file without what never counts, or None after a fatal verdict: it is too large all the same."""
    kept, code = data, ""
    if _STRIP_FROM < len(data) <= MAX_RAW_BYTES:
        try:
            kept = without_outputs(data, json.detect_encoding(data))
        except TooComplex:
            code = "json-too-complex"
        except UnicodeDecodeError:
            pass  # not JSON in any reading, which is told below
    code = code or ("too-large" if len(kept) > MAX_BYTES else "")
    # a conflict that lies in stored outputs is gone from `kept`, and with it that there are two versions of the work
    if (code or kept is not data) and _has_conflict(data):
        code = "merge-conflict"
    if code:
        stated = f"{len(data)} bytes, {len(kept)} without stored outputs"
        findings.add(code, limit=MAX_RAW_BYTES >> 20, kept=MAX_BYTES >> 20, detail=stated)
    return None if code else kept


def _has_conflict(data: bytes) -> bool:
    return b"<<<<<<<" in data and has_conflict(data.decode("latin-1"))


def _decode(data: bytes, findings: Findings) -> tuple[str, Callable[[], None] | None]:
    """Return the text, and what adds the verdict its encoding deserves, once it turns out to be JSON."""
    encoding = json.detect_encoding(data)
    if encoding.startswith(("utf-16", "utf-32")):
        try:
            text = data.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            return "?", None  # not JSON in any reading
        return text, partial(findings.add, "encoding-utf16", encoding=encoding[:6].upper())
    bom = encoding == "utf-8-sig"
    data = data[3:] if bom else data
    try:
        return data.decode("utf-8"), partial(findings.add, "encoding-bom") if bom else None
    except UnicodeDecodeError:
        pass
    repaired = data.decode("utf-8", "replace")
    lost = repaired.count("\ufffd")
    # Korean in UTF-8 leaves many intact characters beside a broken one; Korean in CP949 leaves next to none.
    intact = len(repaired) - len(repaired.encode("ascii", "ignore")) - lost
    if lost > intact:
        try:
            return data.decode("cp949"), partial(findings.add, "encoding-cp949")
        except UnicodeDecodeError:
            pass
    return repaired, partial(findings.add, "encoding-repaired", count=lost)


def _parse(text: str, findings: Findings) -> dict[str, Any] | None:
    """Return the object, or None after a fatal verdict. What could recurse or grow is measured before it is parsed."""
    structure = _STRING.sub("", text)
    refusal = _refusal(structure)
    if refusal:
        findings.add(refusal)
        return None
    odd: set[str] = set()

    def constant(_name: str) -> None:
        odd.add("json-constant")

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        built = dict(pairs)
        if len(built) != len(pairs):
            odd.add("json-duplicate-key")
        return built

    integer = _short_integer if _LONG_INTEGER.search(structure) else int
    try:
        document = json.loads(text, parse_constant=constant, parse_int=integer, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        code = "merge-conflict" if has_conflict(text) else _not_json(text, error)
        findings.add(code, detail=f"{error.msg} at line {error.lineno} column {error.colno}")
        return None
    except (ValueError, RecursionError) as error:
        findings.add("notebook-not-json", detail=type(error).__name__)
        return None
    if not isinstance(document, dict):
        findings.add("not-a-notebook", detail=f"top level is {type(document).__name__}")
        return None
    for code in sorted(odd):
        findings.add(code)
    return document


def _refusal(structure: str) -> str | None:
    """Return the code of a refusal if text without its strings nests too deeply or holds too much; linear."""
    nodes = sum(structure.count(mark) for mark in "[{:")
    if nodes > _MAX_NODES or structure.count(",") > _MAX_ITEMS:
        return "json-too-complex"
    depth = 0
    for match in _BRACKET.finditer(structure):
        depth += 1 if match[0] in "[{" else -1
        if depth > MAX_DEPTH:
            return "json-too-deep"
    return None


def _short_integer(digits: str) -> int:
    """Read an integer; no notebook means a long one, and Python refuses those of 4,300 digits."""
    return int(digits) if len(digits) < 19 else 0


def _not_json(text: str, error: json.JSONDecodeError) -> str:
    if text.lstrip()[:1] == "<":
        return "notebook-is-html"
    ended = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
    return "notebook-truncated" if ended and text.lstrip()[:1] == "{" else "notebook-not-json"
