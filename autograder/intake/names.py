"""Owns what a student may be called: any name found in a source becomes one safe, stable id.

Refuses nothing: a name with characters that would break a path, a spreadsheet, a log line or nbgrader's exchange
(which splits on ``+``), or that nobody could see, is rewritten, and the digest of the original is appended so that two
different names stay different.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Callable

from autograder.plain import IGNORABLE

__all__ = ["Lookup", "readable", "student_id", "visible"]

Lookup = Callable[[str], str | None]
"""Maps a name as found (NFC) to the student's id in the class, or None if nobody is called so."""

_LONGEST = 48
"""Characters; one takes up to 4 bytes and file systems allow 255 bytes, with room for what others append."""

_MARKS_PER_BASE = 2
"""Combining marks kept on one letter. Vietnamese and polytonic Greek need one or two beside their NFC letter; more is
a stack that runs into the lines above and below."""


def student_id(name: str) -> tuple[str, bool]:
    """Return the id for a name, and whether it had to be rewritten.

    NFC is applied silently: macOS writes names in NFD and nothing is lost. Letters, digits, combining marks (two on a
    letter) and ``-_.@`` inside stay; what cannot be seen is dropped and anything else becomes ``_``; then six hex
    digits of the name's sha256 are appended.
    """
    composed = unicodedata.normalize("NFC", name)
    kept = _capped("".join(c if _allowed(c) else "_" for c in visible(composed)))
    if kept == composed and 0 < len(kept) <= _LONGEST and kept[0] not in "-.@" and kept[-1] != ".":
        return kept, False
    digest = hashlib.sha256(composed.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    cut = kept[: _LONGEST - 7]
    # A mark whose letter is stripped goes with it, or the id would change when it is made an id again.
    start = next((i for i, c in enumerate(cut) if c not in "_-.@" and not _is_mark(c)), len(cut))
    return f"{cut[start:].strip('_-.@') or 'student'}-{digest}", True


def visible(text: str) -> str:
    """Return the text, NFC, without the characters that are not shown at all (default-ignorable ones)."""
    return unicodedata.normalize("NFC", "".join(c for c in text if not _is_ignorable(ord(c))))


def readable(name: str, raw: bytes | None = None) -> str:
    """Return a file name as people wrote it: one stored as CP949 bytes (Windows' zip tools) is decoded as that.

    Args:
        name: the name as the file system or archive gives it, possibly with surrogate escapes.
        raw: its bytes, where the archive did not say that they are UTF-8.
    """
    if raw is None:
        if not any("\udc80" <= c <= "\udcff" for c in name):
            return name
        raw = os.fsencode(name)
    for encoding in ("utf-8", "cp949"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _capped(text: str) -> str:
    """Return the text with at most `_MARKS_PER_BASE` combining marks in a row, and none before the first letter."""
    kept: list[str] = []
    marks = _MARKS_PER_BASE
    for c in text:
        marks = marks + 1 if _is_mark(c) else 0
        if marks <= _MARKS_PER_BASE:
            kept.append(c)
    return "".join(kept)


def _allowed(character: str) -> bool:
    return character in "-_.@" or unicodedata.category(character)[0] in "LNM"


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"


def _is_ignorable(code: int) -> bool:
    return any(first <= code <= last for first, last in IGNORABLE)
