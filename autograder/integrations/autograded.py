"""The ``autograded/STUDENT/ASSIGNMENT`` folder of a record: what formgrader opens and ``generate_feedback`` reads.

Everything a student wrote is sanitised: formgrader renders it in the grader's session.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.grading.folders import shared_folder
from autograder.grading.records import write_atomically
from autograder.integrations.release_cells import Released
from autograder.model import Assignment, GradeRecord
from autograder.report.sanitize import clean_text, neutral_markdown, sanitize_notebook

__all__ = ["GRADED_BY", "Written", "utc", "write_autograded", "written"]

GRADED_BY = "autograder"
"""Key of the notebook's metadata that says which record it was written from."""


@dataclass(frozen=True, slots=True)
class Written:
    """What an autograded folder was written from: the work's digest, "" if unknown, and its time, None if unknown."""

    digest: str
    moment: dt.datetime | None


_SECRET = re.compile(r"[0-9a-f]{128}")


def write_autograded(
    record: GradeRecord,
    assignment: Assignment,
    released: Released,
    folder: Path,
    given: Path,
    secret: bytes | None,
) -> bool:
    """Write the notebook, ``timestamp.txt`` and ``submission_secret.txt``; returns whether anything changed.

    Args:
        record: whose submission it is.
        assignment: the record's assignment.
        released: the cells students received.
        folder: the folder to write.
        given: the submission's own folder, where its secret may lie.
        secret: course secret; makes the secret of a submission that came without one reproducible, else it is random.
    """
    moment = utc(record.received_at)
    notebook = _autograded(record, assignment, released)
    files = {
        # First, so that a folder with the row's time is known to be as the row was written.
        # Without it nbgrader's release_feedback stops for the whole class; an empty one means that no time is known.
        "timestamp.txt": f"{moment:%Y-%m-%d %H:%M:%S.%f} UTC" if moment else "",
        assignment.notebook: json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        "submission_secret.txt": _submission_secret(record, folder, given, secret),
    }
    changed = False
    shared_folder(folder)
    for name, text in files.items():
        if _read(folder / name) != text:
            write_atomically(folder / name, text)
            changed = True
    return changed


def written(folder: Path, assignment: Assignment) -> Written | None:
    """Return what a folder was written from, None if there is no autograded notebook of ours in it."""
    try:
        graded_by = json.loads(_read(folder / assignment.notebook) or "")["metadata"][GRADED_BY]
        return Written(str(graded_by["digest"]), utc((_read(folder / "timestamp.txt") or "").removesuffix(" UTC")))
    except (ValueError, KeyError, TypeError):
        return None


def utc(stamp: str) -> dt.datetime | None:
    """Return an ISO 8601 time as nbgrader keeps times: UTC without an offset; None if there is none."""
    try:
        moment = dt.datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _autograded(record: GradeRecord, assignment: Assignment, released: Released) -> dict[str, Any]:
    """Return the notebook formgrader shows: sanitised, the released cells' metadata, each graded cell once."""
    fatal = next((v for v in record.verdicts if v.fatal), None)
    if record.executed is not None:
        notebook = sanitize_notebook(record.executed)
        notebook["cells"] = released.adopt(notebook["cells"])
        whose = "아래는 학생이 제출한 노트북이며, 끝까지 실행되지 않았습니다."
    else:
        notebook = released.copy()
        whose = "아래는 학생의 것이 아니라 배포한 노트북입니다. 제출한 파일을 직접 확인하세요."
    if fatal or record.executed is None:
        reason = neutral_markdown(fatal.message, 500) if fatal else "실행된 노트북이 없습니다."
        note = f"**자동 채점하지 못한 제출물입니다.** {reason}\n\n{whose}"
        notebook["cells"].insert(0, {"cell_type": "markdown", "id": "note", "metadata": {}, "source": note})
    notebook["metadata"][GRADED_BY] = {
        "digest": clean_text(record.digest, 64),
        "suite_hash": clean_text(record.suite_hash, 64),
        "grader_version": clean_text(record.grader_version, 40),
    }
    return notebook


def _submission_secret(record: GradeRecord, folder: Path, given: Path, secret: bytes | None) -> str:
    """Return 128 hex digits: the submission's own, else the one written before, else a new one."""
    for path in (given / "submission_secret.txt", folder / "submission_secret.txt"):
        found = (_read(path) or "").strip()
        if _SECRET.fullmatch(found):
            return found
    if secret is None:
        return secrets.token_hex(64)
    what = "\0".join(("submission-secret", record.assignment, record.student, record.digest))
    return hmac.new(secret, what.encode("utf-8"), hashlib.sha512).hexdigest()


def _read(path: Path) -> str | None:
    """Return a file's text without following a link, None if there is none that can be read."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return None
