"""Owns the way from a path to submissions: opens it, finds each student's notebook, and never lets one stop the
others.

Refuses only a path that does not exist or is of no known kind. Students whose names are one name after normalisation
are all held back for a person unless what they handed in is the same work.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zipfile import is_zipfile

from autograder.errors import IntakeError
from autograder.intake.document import MAX_BYTES
from autograder.intake.entries import (
    MAX_ENTRIES,
    UNREADABLE,
    Entry,
    EntryError,
    Listing,
    open_folder,
    open_zip,
    read_file,
)
from autograder.intake.findings import Findings, verdict
from autograder.intake.layout import Candidate, candidates, is_notebook
from autograder.intake.names import Lookup, file_student, student_id
from autograder.intake.notebook import notebook_digest, read_notebook
from autograder.model import Assignment, Submission, Verdict

__all__ = ["parse_timestamp", "read_source"]

_TIMESTAMP = re.compile(
    r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(\.\d{1,6})?\d*\s*(Z|UTC|GMT|KST|[+-]\d{2}:?\d{2})?\Z", re.ASCII
)
_TIMESTAMP_BYTES = 256


def read_source(
    path: Path, assignment: Assignment, *, students: Lookup | None = None, only: Collection[str] | None = None
) -> Iterator[Submission]:
    """Yield a submission for each student found, sorted as their names stand in the source.

    Args:
        path: nbgrader's ``submitted`` folder, one student's folder in it, a folder of notebooks, a zip of any of these,
            or one notebook. An archive is read where it is, never extracted.
        assignment: whose notebook to look for.
        students: maps a name as found (NFC) to a student's id; where it returns None the submission gets a fatal
            verdict. Without it every name is accepted.
        only: ids of the students whose work is wanted; nobody else's file is opened. None for everybody.

    Yields:
        Submissions with canonical notebooks, in bounded memory; every problem is a verdict. What belongs to no student
        (a name that points out of an archive) is a submission under the archive's own file name.

    Raises:
        IntakeError: ``source-missing``, ``source-unknown`` (neither folder, zip nor .ipynb), ``source-unreadable``;
            raised by the call itself, before the first submission is asked for.
    """
    path = path.absolute()
    reader = _Reader(path, assignment, students, only)
    try:
        if path.is_dir():
            return reader.listed(open_folder(path), path.name)
        if not path.exists():
            raise IntakeError("source-missing", "제출물 경로를 찾을 수 없습니다. 경로를 확인하세요.", detail=str(path))
        if path.is_file() and path.suffix.casefold() == ".ipynb":
            return reader.single()
        if path.is_file() and (path.suffix.casefold() == ".zip" or is_zipfile(path)):
            return reader.listed(open_zip(path), path.stem)
    except OSError as error:
        raise IntakeError(
            "source-unreadable", "제출물 경로를 읽을 수 없습니다. 권한을 확인하세요.", detail=str(error)
        ) from error
    raise IntakeError(
        "source-unknown", "제출물 경로는 폴더, zip 파일, .ipynb 파일 가운데 하나여야 합니다.", detail=str(path)
    )


def parse_timestamp(text: str) -> str | None:
    """Return nbgrader's ``timestamp.txt`` as ISO 8601 with offset, or None if it is not one.

    nbgrader writes ``2026-01-01 10:00:00.000000 UTC``; a time without a zone is UTC, as nbgrader reads it.
    """
    match = _TIMESTAMP.match(text.strip())
    if match is None:
        return None
    day, clock, fraction, zone = match.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}{(fraction or '').ljust(7, '0') if fraction else ''}")
        return moment.replace(tzinfo=_zone(zone)).isoformat()
    except ValueError:
        return None


class _Reader:
    def __init__(self, path: Path, assignment: Assignment, roster: Lookup | None, only: Collection[str] | None) -> None:
        self.path = path
        self.assignment = assignment
        self.roster = roster
        self.only = only

    def single(self) -> Iterator[Submission]:
        """Yield the submission of one notebook file, named after the student or standing in the student's folder."""
        own = self.assignment.notebook.removesuffix(".ipynb")
        name = file_student(self.path.stem, own, self.roster)
        if name.casefold() == own.casefold():
            folder = self.path.parent
            name = (folder.parent if folder.name == self.assignment.id else folder).name
        entry = Entry((self.path.name,), False, lambda limit: read_file(self.path, limit, follow=True))
        if self.only is None or self._identify(name, Findings()) in self.only:
            yield self._submission(Candidate(name, (entry,), own_name=False), str(self.path))

    def listed(self, opened: AbstractContextManager[Listing], root: str) -> Iterator[Submission]:
        """Yield the submissions of a folder or an archive."""
        packed = not self.path.is_dir()
        if root == self.assignment.id and not packed:
            root = self.path.parent.name
        with opened as listing:
            if listing.refused and self.only is None:
                yield self._refused(listing)
            found = candidates(
                listing.entries,
                self.assignment.id,
                self.assignment.notebook,
                root,
                packed=packed,
                roster=self.roster,
            )
            groups: dict[str, list[Candidate]] = {}
            for candidate in found:
                groups.setdefault(self._identify(candidate.name, Findings()), []).append(candidate)
            for student, group in groups.items():
                if self.only is None or student in self.only:
                    yield from self._group(group)

    def _group(self, group: list[Candidate]) -> Iterator[Submission]:
        """Yield the submissions under one student's name; several are for a person, unless they are the same work."""
        read = [self._submission(candidate, self._source(candidate)) for candidate in group]
        same = len({s.digest for s in read}) == 1
        for rank, submission in enumerate(read):
            if len(read) == 1 or (same and rank == 0):
                yield submission
            else:
                others = ", ".join(s.source for s in read if s is not submission)
                found = verdict("student-repeated" if same else "student-collision", detail=others)
                yield replace(submission, verdicts=(*submission.verdicts, found))

    def _submission(self, candidate: Candidate, source: str) -> Submission:
        findings = Findings()
        student = self._identify(candidate.name, findings)
        received = self._received(candidate, findings)
        chosen = self._choose(candidate, findings)
        data = b""
        if chosen is not None:
            try:
                data = chosen.read(MAX_BYTES + 1)
            except EntryError as error:
                findings.add(error.code, detail=error.detail)
                chosen = None
        notebook, found = (None, ()) if chosen is None else _read(data)
        digest = notebook_digest(notebook) if notebook is not None else _unread_digest(data, candidate, chosen is None)
        return Submission(
            student=student,
            assignment=self.assignment.id,
            digest=digest,
            notebook=notebook,
            source=_storable(source if chosen is None or len(candidate.files) == 1 else f"{source}/{chosen.name}"),
            received_at=received,
            verdicts=(*findings.verdicts, *found),
        )

    def _identify(self, name: str, findings: Findings) -> str:
        student, rewritten = student_id(name)
        if self.roster is not None:
            known = self.roster(unicodedata.normalize("NFC", name))
            if known is None:
                findings.add("student-unknown", name=student)
            else:
                student, rewritten = student_id(known)
        if rewritten:
            findings.add("student-name", name=student, detail=repr(name))
        return student

    def _choose(self, candidate: Candidate, findings: Findings) -> Entry | None:
        """Return the notebook to grade among the student's files, or None after a fatal verdict."""
        expected = self.assignment.notebook
        notebooks = [entry for entry in candidate.files if is_notebook(entry)]
        right = [entry for entry in notebooks if entry.name == expected]
        if not notebooks:
            others = [e.name for e in candidate.files if e.name not in ("timestamp.txt", "submission_secret.txt")]
            if others and not candidate.own_name:
                findings.add("file-type", name=others[0], expected=expected)
            else:
                findings.add("notebook-missing", expected=expected, detail=", ".join(others))
            return None
        if len(notebooks) > 1 and len(right) != 1:
            findings.add("notebook-ambiguous", expected=expected, detail=", ".join(e.name for e in notebooks))
            return None
        if len(notebooks) > 1:
            names = ", ".join(e.name for e in notebooks if e is not right[0])
            findings.add("notebook-extra", expected=expected, count=len(notebooks) - 1, detail=names)
            return right[0]
        if candidate.own_name and not right and notebooks[0].name != UNREADABLE:
            findings.add("notebook-renamed", expected=expected, name=notebooks[0].name)
        return notebooks[0]

    def _received(self, candidate: Candidate, findings: Findings) -> str:
        stamp = next((e for e in candidate.files if e.name == "timestamp.txt"), None)
        if stamp is None:
            return ""
        try:
            text = stamp.read(_TIMESTAMP_BYTES).decode("utf-8-sig", "replace")
        except EntryError as error:
            findings.add("timestamp-invalid", detail=f"{error.code}: {error.detail}")
            return ""
        moment = parse_timestamp(text)
        if moment is None:
            findings.add("timestamp-invalid", detail=repr(text[:80]))
        return moment or ""

    def _source(self, candidate: Candidate) -> str:
        inside = "/".join(candidate.files[0].parts) if candidate.files else candidate.name
        if len(candidate.files) > 1:
            inside = inside.rpartition("/")[0]
        joint = "/" if self.path.is_dir() else "!"
        return f"{self.path if joint == '/' else self.path.name}{joint}{inside}".rstrip("/")

    def _refused(self, listing: Listing) -> Submission:
        """Return the submission that stands for what belongs to no student."""
        findings = Findings()
        for code in dict.fromkeys(code for code, _ in listing.refused):
            stated = ", ".join(repr(name) for other, name in listing.refused if other == code)
            findings.add(code, detail=stated, limit=MAX_ENTRIES)
        names = "\n".join(name for _, name in listing.refused)
        return Submission(
            student=student_id(self.path.name)[0],
            assignment=self.assignment.id,
            digest=hashlib.sha256(f"refused\n{names}".encode("utf-8", "surrogatepass")).hexdigest(),
            notebook=None,
            source=_storable(str(self.path)),
            verdicts=findings.verdicts,
        )


def _read(data: bytes) -> tuple[dict[str, Any] | None, tuple[Verdict, ...]]:
    """Read a notebook; a fault of ours costs this submission a verdict, never the batch its rest."""
    try:
        return read_notebook(data)
    except Exception as error:  # read_notebook promises not to raise; this keeps the promise of read_source if it does
        return None, (verdict("intake-error", detail=f"{type(error).__name__}: {error}"),)


def _unread_digest(data: bytes, candidate: Candidate, missing: bool) -> str:
    """Return an identity for work that could not be read: its bytes, or the names of what was there instead."""
    names = "\n".join("/".join(entry.parts) for entry in candidate.files) or candidate.name
    content = b"missing\n" + names.encode("utf-8", "surrogatepass") if missing else b"unread\n" + data
    return hashlib.sha256(content).hexdigest()


def _zone(stated: str | None) -> timezone:
    if stated is None or stated in ("Z", "UTC", "GMT"):
        return UTC
    if stated == "KST":
        return timezone(timedelta(hours=9))
    offset = timedelta(hours=int(stated[1:3]), minutes=int(stated[-2:]))
    return timezone(-offset if stated[0] == "-" else offset)


def _storable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
