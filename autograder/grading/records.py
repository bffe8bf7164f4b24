"""Record files: one JSON file for each graded submission, written atomically, readable without the ledger.

A file appears whole or not at all: it is written beside its place, synced, and renamed over it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.errors import IntakeError
from autograder.grading.folders import private_folder
from autograder.model import GradeRecord

__all__ = ["file_stem", "json_text", "read_record", "tells_the_same", "write_atomically", "write_record"]

_UMASK = os.umask(0o022)
os.umask(_UMASK)
_FILE_MODE = 0o644


def file_stem(student: str, assignment: str) -> str:
    """Return a file name for a student's result, without suffix: readable, portable, different for different students.

    Letters, digits (of any script), ``-``, ``_`` and ``.`` stay; anything else becomes ``_`` and a short hash is added.
    """
    plain = re.sub(r"[^\w.-]", "_", student, flags=re.UNICODE).lstrip(".")[:80]
    if plain != student:
        plain = f"{plain or '_'}~{hashlib.sha256(student.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
    return f"{plain}--{assignment}"


def write_record(folder: Path, record: GradeRecord) -> Path:
    """Write a record into `folder` and return its path."""
    path = folder / f"{file_stem(record.student, record.assignment)}.json"
    write_atomically(path, json_text(record.to_dict()))
    return path


def read_record(path: Path) -> GradeRecord:
    """Read a record; raises IntakeError (``record-unreadable``) if it is none or of another schema."""
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        return GradeRecord.from_dict(data)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IntakeError(
            "record-unreadable",
            f"채점 기록 파일을 읽을 수 없습니다: {path.name}",
            detail=f"{type(error).__name__}: {error}",
        ) from error


def tells_the_same(path: Path, record: GradeRecord) -> bool:
    """Say whether a record file is about this work, as it was received last; much cheaper than reading it whole."""
    try:
        lines = set(path.read_text(encoding="utf-8").replace(",\n", "\n").splitlines())
    except (OSError, UnicodeDecodeError):
        return False
    said = {"digest": record.digest, "source": record.source, "received_at": record.received_at}
    return all(f"{_json(name)}: {_json(value)}" in lines for name, value in said.items())


def json_text(data: Mapping[str, Any]) -> str:
    """Return a JSON object as text with a line for each member, and for each item where a member is a list.

    `json.dumps` with an indent takes ten times as long: it leaves the encoder written in C.
    """
    return "{\n" + ",\n".join(f"{_json(str(name))}: {_member(value)}" for name, value in data.items()) + "\n}\n"


def _member(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return _json(value)
    return "[\n " + ",\n ".join(map(_json, value)) + "\n]"


_json = json.JSONEncoder(ensure_ascii=False).encode


def write_atomically(path: Path, text: str) -> None:
    """Write UTF-8 text to `path` so that a reader sees the old content or the new, never a part.

    A folder that has to be made for it is its owner's alone (see `folders`); nobody but the owner may write the file.
    """
    private_folder(path.parent)
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n", errors="replace") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(_FILE_MODE & ~_UMASK)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
