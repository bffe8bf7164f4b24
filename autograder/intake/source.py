"""Owns the way from a path to submissions: opens it, finds each student's notebook, and never lets one stop the
others.

Refuses only a path that does not exist or is of no known kind. Students whose names are one name after normalisation
are all held back for a person unless what they handed in is the same work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import is_zipfile

from autograder.errors import IntakeError
from autograder.intake.archives import Shelf, open_zip
from autograder.intake.choice import Found, answered, choose
from autograder.intake.document import MAX_RAW_BYTES
from autograder.intake.entries import (
    MAX_ENTRIES,
    UNREADABLE,
    Entry,
    EntryError,
    Listing,
    is_notebook,
    open_folder,
    read_file,
)
from autograder.intake.findings import Findings, verdict
from autograder.intake.labels import Meant, account_of, names_nobody, read_label, stem, whose
from autograder.intake.layout import Candidate, candidates
from autograder.intake.names import Lookup, student_id
from autograder.intake.notebook import notebook_digest, read_notebook
from autograder.intake.pattern import NamePattern, name_pattern
from autograder.intake.received import received
from autograder.model import Assignment, Submission, Verdict

__all__ = ["read_source"]


def read_source(
    path: Path,
    assignment: Assignment,
    *,
    students: Lookup | None = None,
    only: Collection[str] | None = None,
    pattern: str | None = None,
) -> Iterator[Submission]:
    """Yield a submission for each student found, sorted as their names stand in the source.

    Args:
        path: nbgrader's ``submitted`` folder, one student's folder in it, what a learning-management system gave, a
            folder of notebooks, a zip of any of these, or one notebook. An archive is read where it is, never
            extracted.
        assignment: whose notebook to look for.
        students: maps a name as found (NFC) to a student's id. The whole name is asked for, then its pieces; where
            they mean nobody, or two students, the submission gets a fatal verdict. Without it every name is accepted,
            and a student number in it is the id.
        only: ids of the students whose work is wanted; nobody else's notebook is read. None for everybody.
        pattern: where the student's name stands in the paths, if they are in no form known here; see `pattern`.

    Yields:
        Submissions with canonical notebooks, in bounded memory; every problem is a verdict. What belongs to no student
        (a name that points out of an archive) is a submission under the archive's own file name.

    Raises:
        IntakeError: ``pattern-invalid``, ``source-missing``, ``source-unknown`` (neither folder, zip nor .ipynb),
            ``source-unreadable``; raised by the call itself, before the first submission is asked for.
    """
    path = path.absolute()
    reader = _Reader(path, assignment, students, only, name_pattern(pattern) if pattern is not None else None)
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


_MOST_NOTEBOOKS = 8
"""Of so many notebooks of one student each is read to see which was written; of more, a person chooses."""


class _Reader:
    def __init__(
        self,
        path: Path,
        assignment: Assignment,
        roster: Lookup | None,
        only: Collection[str] | None,
        pattern: NamePattern | None,
    ) -> None:
        self.path = path
        self.assignment = assignment
        self.roster = roster
        self.only = only
        self.pattern = pattern
        self.now = datetime.now(UTC)

    def single(self) -> Iterator[Submission]:
        """Yield the submission of one notebook file, named after the student or standing in the student's folder."""
        own = self.assignment.notebook.removesuffix(".ipynb")
        folder = self.path.parent
        in_tree = folder.name == self.assignment.id
        label = self.path.name
        if names_nobody(stem(label), own):
            label = (folder.parent if in_tree else folder).name
        stamp = folder / "timestamp.txt"
        if in_tree and label == folder.parent.name:
            who = account_of(label, own, self.roster, certain=stamp.is_file())
        else:
            who = whose(read_label(label), own, self.roster)
        if self.pattern is not None:
            name = self.pattern.student((self.path.name,))
            who = Meant(name or label, trouble="" if name else "student-unclear")
        files = [
            Entry((self.path.name,), False, lambda limit: read_file(self.path, limit, follow=True), self._changed())
        ]
        if in_tree and stamp.is_file():
            files.append(Entry((stamp.name,), False, lambda limit: read_file(stamp, limit)))
        if self.only is None or self._identify(who, Findings()) in self.only:
            yield self._submission(Candidate(who, tuple(files), own_name=False, collected=in_tree), str(self.path))

    def listed(self, opened: AbstractContextManager[Listing], root: str) -> Iterator[Submission]:
        """Yield the submissions of a folder or an archive."""
        packed = not self.path.is_dir()
        collected = root == self.assignment.id and not packed
        if collected:
            root = self.path.parent.name
        with opened as listing:
            if listing.refused and self.only is None:
                yield self._refused(listing)
            shelf = Shelf(len(listing.entries))
            found = candidates(
                listing.entries if packed else tuple(shelf.closed(entry) for entry in listing.entries),
                self.assignment.id,
                self.assignment.notebook,
                root,
                packed=packed,
                roster=self.roster,
                pattern=self.pattern,
                collected=collected,
            )
            groups: dict[str, list[Candidate]] = {}
            for candidate in found:
                groups.setdefault(self._identify(candidate.whose, Findings()), []).append(candidate)
            for student, group in groups.items():
                if self.only is None or student in self.only:
                    yield from self._group(group)

    def _group(self, group: list[Candidate]) -> Iterator[Submission]:
        """Yield the submissions under one student's name; several are for a person, unless they are the same work."""
        read = [self._submission(candidate, self._source(candidate)) for candidate in group]
        written = [s for s in read if answered(s.notebook, self.assignment)] if len(read) > 1 else read
        if len(read) > len(written) == 1 and all(s.notebook is not None for s in read):
            name = written[0].source.rpartition("/")[2]
            found = verdict("notebook-written", expected=self.assignment.notebook, name=name)
            read = [replace(written[0], verdicts=(*written[0].verdicts, found))]
        # Two accounts of one name are two people, however alike what they handed in is.
        same = len({s.digest for s in read}) == 1 and len({candidate.account for candidate in group}) == 1
        for rank, submission in enumerate(read):
            if len(read) == 1 or (same and rank == 0):
                yield submission
            else:
                others = ", ".join(s.source for s in read if s is not submission)
                found = verdict("student-repeated" if same else "student-collision", detail=others)
                yield replace(submission, verdicts=(*submission.verdicts, found))

    def _submission(self, candidate: Candidate, source: str) -> Submission:
        findings = Findings()
        student = self._identify(candidate.whose, findings)
        if candidate.older:
            findings.add("attempt-older", count=candidate.older)
        chosen = self._choose(candidate, findings)
        moment = received(
            candidate.files, chosen, candidate.attempt, findings, collected=candidate.collected, now=self.now
        )
        data = b""
        if chosen is not None:
            try:
                data = chosen.read(MAX_RAW_BYTES + 1)
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
            source=_storable(
                source if chosen is None or source == str(self.path) else self._place("/".join(chosen.path))
            ),
            received_at=moment,
            verdicts=(*findings.verdicts, *found),
        )

    def _identify(self, who: Meant, findings: Findings) -> str:
        student, rewritten = student_id(who.name if who.member is None else who.member)
        if who.trouble:
            findings.add(who.trouble, name=student, detail=repr(who.name))
            if self.roster is not None and self.roster(student) == student:
                # A stranger called like a member's id must not hold that member's work back.
                student = student_id(f"?{who.name}")[0]
        if rewritten:
            findings.add("student-name", name=student, detail=repr(who.name))
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
        if len(notebooks) > 1:
            return self._choose_written(notebooks, findings)
        if candidate.own_name and not right and notebooks[0].name != UNREADABLE:
            findings.add("notebook-renamed", expected=expected, name=notebooks[0].name)
        return notebooks[0]

    def _choose_written(self, notebooks: list[Entry], findings: Findings) -> Entry | None:
        """Return which of several notebooks is the answer, or None after a fatal verdict."""
        expected = self.assignment.notebook
        names = ", ".join(entry.name for entry in notebooks)
        if len(notebooks) > _MOST_NOTEBOOKS:
            findings.add("notebook-ambiguous", expected=expected, detail=names)
            return None
        choice = choose([self._found(entry) for entry in notebooks], expected)
        if choice.place is None:
            findings.add(choice.code, expected=expected, detail=names)
            return None
        chosen = notebooks[choice.place]
        fields: dict[str, Any] = {"name": chosen.name} if choice.code == "notebook-written" else {}
        if choice.code == "notebook-extra":
            fields["count"] = len(notebooks) - 1
        findings.add(choice.code, expected=expected, detail=names, **fields)
        return chosen

    def _found(self, entry: Entry) -> Found:
        try:
            notebook, _ = _read(entry.read(MAX_RAW_BYTES + 1))
        except EntryError:
            notebook = None
        digest = "" if notebook is None else notebook_digest(notebook)
        return Found(entry.name, answered(notebook, self.assignment), digest)

    def _changed(self) -> float | None:
        try:
            return self.path.stat().st_mtime
        except OSError:
            return None

    def _source(self, candidate: Candidate) -> str:
        inside = "/".join(candidate.files[0].path) if candidate.files else candidate.name
        if len(candidate.files) > 1:
            inside = inside.rpartition("/")[0]
        return self._place(inside)

    def _place(self, inside: str) -> str:
        """Return how a path in the source is told: below a folder, or in an archive."""
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
    digest = hashlib.sha256(b"missing\n" if missing else b"unread\n")
    digest.update(names.encode("utf-8", "surrogatepass") if missing else data)
    return digest.hexdigest()


def _storable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
