"""Owns which files of a source belong to which student; reads none of them.

Understood, in a folder or a zip: nbgrader's ``STUDENT/ASSIGNMENT/FILE`` and one student's ``ASSIGNMENT/FILE``; a copy
of its exchange's ``inbound``, ``STUDENT+ASSIGNMENT+TIME+RANDOM/FILE``, of which each student's latest whole one counts;
notebooks ``STUDENT.ipynb`` or ``STUDENT_SOMETHING.ipynb`` side by side; a folder of files for each student; any of
these within one more folder, as archive tools add. Files it has no place for are left alone, except ones a student
plainly meant to submit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.intake.entries import Entry
from autograder.intake.names import Lookup, file_student

__all__ = ["Candidate", "candidates", "is_notebook"]

_WRAPPERS = {"inbound", "submitted", "submissions", "제출"}
_INBOUND = re.compile(
    r"(?P<student>.+)\+(?P<assignment>[^+]+)\+(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?)(?: \S+)?(?:\+[^+]*)?",
    re.ASCII,
)
_WHOLE = "submission_secret.txt"
"""What ``nbgrader submit`` writes last."""
_MEANT = (".zip", ".7z", ".rar", ".py", ".html", ".htm", ".ipynb.txt", ".ipynb.json", ".hwp", ".docx")
_MANY = 3
"""So many notebooks beside one another are a class, not one student's."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What one student handed in.

    Args:
        name: as the source writes it.
        files: the files directly in the student's folder, or the one file named after the student.
        own_name: the notebook must have the assignment's name (it stands in the student's folder).
    """

    name: str
    files: tuple[Entry, ...]
    own_name: bool


def candidates(
    entries: tuple[Entry, ...], assignment: str, notebook: str, root: str, *, packed: bool, roster: Lookup | None = None
) -> list[Candidate]:
    """Return who handed in what, in the order of the entries.

    Args:
        entries: of the source, sorted.
        assignment: the assignment's id.
        notebook: file name of the notebook.
        root: what the source is called (folder's name, or an archive's without its suffix): the student, if the source
            is one student's.
        packed: it is an archive.
        roster: who is in the class.
    """
    plan = _Plan(assignment, notebook, root, roster)
    entries = plan.unwrapped(entries, packed=packed)
    found: list[Candidate] = []
    for entry in entries:
        if len(entry.parts) == 1 and not entry.folder:
            found += plan.beside(entry, entries)
    folders: Iterable[str] = dict.fromkeys(e.parts[0] for e in entries if e.folder or len(e.parts) > 1)
    arrived = {folder: match for folder in folders if (match := _INBOUND.fullmatch(folder))}
    found += _latest_arrived(assignment, arrived, entries)
    folders = [folder for folder in folders if folder not in arrived]
    nested = any(_nfc(e.parts[1]) == assignment or e.name == "timestamp.txt" for e in entries if len(e.parts) == 3)
    for folder in folders:
        found += plan.within(folder, [e for e in entries if e.parts[0] == folder and len(e.parts) > 1], nested=nested)
    return found


def _latest_arrived(assignment: str, arrived: dict[str, re.Match[str]], entries: tuple[Entry, ...]) -> list[Candidate]:
    """Return each student's latest submission of an inbound folder, an unfinished one only if there is no other."""
    chosen: dict[str, tuple[tuple[bool, str, str], Candidate]] = {}
    for folder, match in arrived.items():
        if _nfc(match["assignment"]) != assignment:
            continue
        files = tuple(e for e in entries if e.parts[0] == folder and len(e.parts) == 2 and not e.folder)
        rank = (any(e.name == _WHOLE for e in files), match["time"], folder)
        student = match["student"]
        if student not in chosen or rank > chosen[student][0]:
            chosen[student] = (rank, Candidate(student, files, own_name=True))
    return [candidate for _, candidate in chosen.values()]


@dataclass(frozen=True, slots=True)
class _Plan:
    assignment: str
    notebook: str
    root: str
    roster: Lookup | None

    def unwrapped(self, entries: tuple[Entry, ...], *, packed: bool) -> tuple[Entry, ...]:
        """Return the entries without the one folder that everything stands in, if that is not a student's."""
        tops = {e.parts[0] for e in entries}
        if len(tops) != 1 or any(len(e.parts) == 1 and not e.folder for e in entries):
            return entries
        top = _nfc(next(iter(tops)))
        inner = tuple(Entry(e.parts[1:], e.folder, e.read) for e in entries if len(e.parts) > 1)
        folders = {_nfc(e.parts[0]) for e in inner if e.folder or len(e.parts) > 1}
        notebooks = [e for e in inner if len(e.parts) == 1 and is_notebook(e)]
        named = any(e.name == self.notebook for e in notebooks)
        many = len(notebooks) >= _MANY and not named
        of_class = (
            packed and top != self.assignment and self.assignment not in folders and not notebooks and len(folders) > 1
        )
        deeper = packed and any(len(e.parts) > 2 and _nfc(e.parts[1]) == self.assignment for e in inner)
        return inner if top.casefold() in _WRAPPERS or (many and packed) or of_class or deeper else entries

    def beside(self, entry: Entry, entries: tuple[Entry, ...]) -> list[Candidate]:
        """Return what a file at the top stands for."""
        if is_notebook(entry):
            stem = entry.name[: -len(".ipynb")]
            own = self.notebook.removesuffix(".ipynb")
            if stem.casefold() == own.casefold():
                stamp = [e for e in entries if e.parts == ("timestamp.txt",)]
                return [Candidate(self.root, (entry, *stamp), own_name=True)]
            return [Candidate(file_student(stem, own, self.roster), (entry,), own_name=False)]
        if entry.name.casefold().endswith(_MEANT):
            return [Candidate(entry.name.split(".")[0], (entry,), own_name=False)]
        return []

    def within(self, folder: str, entries: list[Entry], *, nested: bool) -> list[Candidate]:
        """Return what a folder at the top stands for: usually one student."""
        files = [e for e in entries if len(e.parts) == 2 and not e.folder]
        if _nfc(folder) == self.assignment:
            notebooks = [e for e in files if is_notebook(e)]
            if len(notebooks) > 1 and not any(e.name == self.notebook for e in notebooks):
                return [c for e in notebooks for c in self.beside(Entry(e.parts[1:], False, e.read), ())]
            return [Candidate(self.root, tuple(files), own_name=True)]
        handed_in = [e for e in entries if len(e.parts) > 2 and _nfc(e.parts[1]) == self.assignment]
        if handed_in or any(e.folder and len(e.parts) == 2 and _nfc(e.parts[1]) == self.assignment for e in entries):
            files = [e for e in handed_in if len(e.parts) == 3 and not e.folder]
        elif not any(is_notebook(e) for e in files):
            if nested:
                return []  # nbgrader's tree: this student handed in other assignments only
            deeper = [e for e in entries if len(e.parts) > 2 and e.name == self.notebook and not e.folder]
            files = deeper or files
        return [Candidate(folder, tuple(files), own_name=True)]


def is_notebook(entry: Entry) -> bool:
    """Return whether the entry is a file with a notebook's suffix."""
    return not entry.folder and entry.name.casefold().endswith(".ipynb")


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
