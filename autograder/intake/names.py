"""Owns what a student may be called: any name found in a source becomes one safe, stable id.

Refuses nothing: a name with characters that would break a path, a spreadsheet, a log line or nbgrader's exchange
(which splits on ``+``) is rewritten, and the digest of the original is appended so that two different names stay
different.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Callable

__all__ = ["Lookup", "file_student", "readable", "student_id"]

Lookup = Callable[[str], str | None]
"""Maps a name as found (NFC) to the student's id in the class, or None if nobody is called so."""

_LONGEST = 48
"""Characters; one takes up to 4 bytes and file systems allow 255 bytes, with room for what others append."""

_COPY = re.compile(r" \(\d{1,3}\)$")
_LMS = re.compile(r"^(?P<name>.+?)(?:_late)?(?:_\d+){2}_.*$", re.IGNORECASE | re.DOTALL)
_BETWEEN = re.compile(r"(?:_late|_\d+|_assignsubmission|_file)*[_ -]$", re.IGNORECASE)


def student_id(name: str) -> tuple[str, bool]:
    """Return the id for a name, and whether it had to be rewritten.

    NFC is applied silently: macOS writes names in NFD and nothing is lost. Letters, digits, combining marks and
    ``-_.@`` inside stay; anything else becomes ``_`` and six hex digits of the name's sha256 are appended.
    """
    composed = unicodedata.normalize("NFC", name)
    kept = "".join(c if _allowed(c) else "_" for c in composed)
    if kept == composed and 0 < len(kept) <= _LONGEST and kept[0] not in "-.@" and kept[-1] != ".":
        return kept, False
    digest = hashlib.sha256(composed.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{kept[: _LONGEST - 7].strip('_-.@') or 'student'}-{digest}", True


def file_student(stem: str, notebook: str, roster: Lookup | None = None) -> str:
    """Return the student's name in the stem of ``STUDENT.ipynb`` or ``STUDENT_SOMETHING.ipynb``.

    In order: the longest prefix up to an underscore that the roster knows; what stands before the notebook's own name;
    what stands before the two numbers a learning-management system inserts (``name_12345_67890_file``). Without any of
    these the whole stem is the name, because a name may hold an underscore itself. A browser's `` (1)`` is dropped.
    """
    stem = _COPY.sub("", unicodedata.normalize("NFC", stem))
    if roster is not None:
        parts = stem.split("_")
        for count in range(len(parts), 0, -1):
            prefix = "_".join(parts[:count])
            if prefix and roster(prefix) is not None:
                return prefix
    own = unicodedata.normalize("NFC", notebook)
    if stem.casefold().endswith(own.casefold()):
        before = stem[: len(stem) - len(own)]
        joint = _BETWEEN.search(before)
        if joint and joint.start() > 0:
            return before[: joint.start()]
    matched = _LMS.match(stem)
    return matched["name"] if matched else stem


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


def _allowed(character: str) -> bool:
    return character in "-_.@" or unicodedata.category(character)[0] in "LNM"
