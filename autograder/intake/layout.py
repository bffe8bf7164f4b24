"""Owns which files of a source belong to which student; reads none of them.

Understood, in a folder or a zip: nbgrader's ``STUDENT/ASSIGNMENT/FILE`` and one student's ``ASSIGNMENT/FILE``; a copy
of its exchange's ``inbound``, ``STUDENT+ASSIGNMENT+TIME+RANDOM/FILE``, of which each student's latest whole one counts;
what Moodle, Blackboard and Canvas write, as files and as folders (see `labels`); notebooks named after their students
side by side; a folder or an archive of files for each student; any of these within more folders or archives, as
archive tools and section folders add (see `nesting`). Files it has no place for are left alone, except ones a student
plainly meant to submit.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from autograder.intake.entries import Entry, is_notebook
from autograder.intake.labels import Label, Meant, account_of, names_nobody, own_name, person, read_label, stem, whose
from autograder.intake.names import Lookup
from autograder.intake.nesting import INBOUND, Top, older_versions, spread, work_in
from autograder.intake.pattern import NamePattern

__all__ = ["Candidate", "candidates"]

_WHOLE = "submission_secret.txt"
"""What ``nbgrader submit`` writes last."""
_MEANT = (".zip", ".7z", ".rar", ".py", ".html", ".htm", ".ipynb.txt", ".ipynb.json", ".hwp", ".docx")
_PLACES = {"src", "source", "code", "notebook", "notebooks", "work", "코드", "소스", "노트북"}
"""What students call a folder within their own."""
_TYPED = {"onlinetext", "comments", "typed"}
"""Kinds of what a student typed into a system's page, or what stands there about it: no file that was handed in."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What one student handed in.

    Args:
        whose: the student.
        files: the files directly in the student's folder, or the ones named after the student.
        own_name: the notebook must have the assignment's name (it stands in the student's folder).
        collected: it stands where nbgrader put it, on this disk; then its ``timestamp.txt`` is nbgrader's.
        account: what the system that wrote the names tells students of one name apart by; or empty.
        attempt: Blackboard's time; or empty.
        older: how many older attempts there are, which do not count.
    """

    whose: Meant
    files: tuple[Entry, ...]
    own_name: bool
    collected: bool = False
    account: str = ""
    attempt: str = ""
    older: int = 0

    @property
    def name(self) -> str:
        """The student's name, as the source writes it."""
        return self.whose.name


def candidates(
    entries: tuple[Entry, ...],
    assignment: str,
    notebook: str,
    root: str,
    *,
    packed: bool,
    roster: Lookup | None = None,
    pattern: NamePattern | None = None,
    collected: bool = False,
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
        pattern: where the student's name stands; then nothing else is tried.
        collected: the source is the folder of one student's submission in nbgrader's tree.
    """
    plan = _Plan(assignment, notebook, root, roster)
    if plan.is_one_students(entries) and pattern is None:
        files = work_in(list(entries), notebook)
        who = plan.account(root, certain=_is_stamped(entries)) if collected else plan.whose(root)
        return [Candidate(who, files, own_name=True, collected=collected)]
    if pattern is not None:
        return plan.by_pattern(entries, pattern)
    tops = spread(entries, assignment, notebook, packed=packed, roster=roster)
    found = plan.at_the_root([top.file for top in tops if top.file is not None], collected=collected)
    labelled: dict[tuple[str, str, str], list[tuple[Label, Top]]] = {}
    rest: list[Top] = []
    arrived: list[Top] = []
    for top in tops:
        label = read_label(top.name)
        if label.system:
            key = label.system, label.name, label.account
            labelled.setdefault(key, []).append((label, top))
        elif top.file is None and INBOUND.fullmatch(_nfc(top.name)):
            arrived.append(top)
        else:
            rest.append(top)
    for parts in labelled.values():
        found += plan.of_system(parts)
    found += plan.latest_arrived(arrived)
    nested = any(
        _nfc(e.parts[1]) == assignment or e.name == "timestamp.txt"
        for top in rest
        for e in top.entries
        if len(e.parts) == 3
    )
    found += plan.beside([top.file for top in rest if top.file is not None])
    for top in rest:
        if top.file is None:
            found += plan.within(top, nested=nested)
    return sorted(found, key=lambda candidate: candidate.files[0].path if candidate.files else (candidate.name,))


@dataclass(frozen=True, slots=True)
class _Plan:
    assignment: str
    notebook: str
    root: str
    roster: Lookup | None

    @property
    def own(self) -> str:
        return self.notebook.removesuffix(".ipynb")

    def whose(self, label: str) -> Meant:
        return whose(read_label(label), self.own, self.roster)

    def account(self, name: str, *, certain: bool) -> Meant:
        return account_of(name, self.own, self.roster, certain=certain)

    def is_one_students(self, entries: tuple[Entry, ...]) -> bool:
        """Return whether the source is named after a student, and the one folder or file with work in it after nobody.

        A number in the source's name alone says little: it may be a course's, a date's or a system's.
        """
        if person(self.root, self.own, self.roster) is None:
            return False
        filled = {e.parts[0] for e in entries if is_notebook(e) or e.inside is not None}
        if len(filled) != 1 or self.assignment in map(_nfc, filled):
            return False
        if not all(names_nobody(stem(n), self.own) or stem(n).casefold() in _PLACES for n in filled):
            return False
        return sum(is_notebook(e) for e in work_in(list(entries), self.notebook)) == 1

    def at_the_root(self, files: list[Entry], *, collected: bool) -> list[Candidate]:
        """Return the one student whose notebook, named as the assignment has it, stands at the top of the source."""
        found = []
        for above in dict.fromkeys(e.above for e in files):
            own = [e for e in files if e.above == above and self._has_own_name(e)]
            stamp = [e for e in files if e.above == above and e.name == "timestamp.txt"]
            if own:
                who = self.account(self.root, certain=bool(stamp)) if collected else self.whose(self.root)
                found.append(Candidate(who, (*own, *stamp), own_name=True, collected=collected))
        return found

    def beside(self, files: list[Entry]) -> list[Candidate]:
        """Return what files at the top stand for: a student each notebook, with what else has the student's name."""
        found: list[Candidate] = []
        others: dict[Meant, list[Entry]] = {}
        for file in files:
            if is_notebook(file) and not self._has_own_name(file):
                found.append(Candidate(self.whose(file.name), (file,), own_name=False))
            elif file.name.casefold().endswith(_MEANT):
                others.setdefault(self.whose(file.name.split(".")[0]), []).append(file)
        known = {candidate.whose for candidate in found}
        return found + [Candidate(who, tuple(own), own_name=False) for who, own in others.items() if who not in known]

    def within(self, top: Top, *, nested: bool) -> list[Candidate]:
        """Return what a folder or archive at the top stands for: usually one student."""
        inside = [e.below(1) for e in top.entries if len(e.parts) > 1]
        if _nfc(top.name) == self.assignment:
            notebooks = [e for e in inside if len(e.parts) == 1 and is_notebook(e)]
            if len(notebooks) > 1 and not any(self._has_own_name(e) for e in notebooks):
                return self.beside(notebooks)
            return [self._in_folder(self.account(self.root, certain=_is_stamped(inside)), inside, collected=True)]
        # What the folder is called decides; only where a roster does not know it, what the notebooks are called.
        rest = " ".join(stem(e.name) for e in inside if is_notebook(e)) if self.roster else ""
        who = whose(replace(read_label(top.name), rest=rest), self.own, self.roster)
        handed_in = [e.below(1) for e in inside if len(e.parts) > 1 and _nfc(e.parts[0]) == self.assignment]
        if handed_in or any(e.folder and _nfc(e.parts[-1]) == self.assignment for e in inside if len(e.parts) == 1):
            if self.roster is None and not read_label(top.name).system:
                who = self.account(top.name, certain=_is_stamped(handed_in))
            return [self._in_folder(who, handed_in, collected=True)]
        if nested and _is_of_others(inside):
            return []  # nbgrader's tree: this student handed in other assignments only
        return [self._in_folder(who, inside, collected=False)]

    def of_system(self, parts: list[tuple[Label, Top]]) -> list[Candidate]:
        """Return what one account of a learning-management system handed in: its newest attempt."""
        attempts: dict[str, list[Entry]] = {}
        typed: dict[str, list[Entry]] = {}
        folder = False
        for label, top in parts:
            if label.kind == "feedback":
                continue
            is_typed = label.kind in _TYPED or top.name.casefold().endswith(".txt")
            if top.file is None:
                inside = [self._renamed(e.below(1)) for e in top.entries if len(e.parts) > 1]
                files = work_in(inside, self.notebook)
                is_typed = is_typed or (label.system == "blackboard" and all(e.name.endswith(".txt") for e in files))
                folder = folder or not is_typed
            else:
                files = (replace(top.file, called=self._called(label.rest)),) if label.rest else (top.file,)
            (typed if is_typed else attempts).setdefault(label.attempt, []).extend(files)

        if not attempts and not typed:
            return []
        given = {attempt for attempt, files in attempts.items() if files}
        newest = max(given or typed or attempts)
        files = tuple(attempts[newest] if newest in given else typed.get(newest, ()))
        label = parts[0][0]
        # Several files of one account: the student's own names for them are looked at together.
        joint = replace(label, rest=" ".join(dict.fromkeys(part.rest for part, _ in parts if part.rest)))
        return [
            Candidate(
                whose(joint, self.own, self.roster),
                _opened(files, self.notebook),
                own_name=folder,
                account=f"{label.system}:{label.account}",
                attempt=newest,
                older=max(0, len(given) - 1),
            )
        ]

    def latest_arrived(self, arrived: Iterable[Top]) -> list[Candidate]:
        """Return each student's latest submission of an inbound folder, an unfinished one only if there is no other."""
        chosen: dict[str, tuple[tuple[bool, str, str, tuple[str, ...]], Candidate]] = {}
        for top in arrived:
            match = INBOUND.fullmatch(_nfc(top.name))
            if match is None or match["assignment"] != self.assignment:
                continue
            files = tuple(e for e in top.entries if len(e.parts) == 2 and not e.folder)
            rank = (any(e.name == _WHOLE for e in files), match["time"], top.name, top.entries[0].path)
            student = match["student"]
            if student not in chosen or rank > chosen[student][0]:
                who = whose(Label(student), self.own, self.roster) if self.roster else Meant(student)
                chosen[student] = (rank, Candidate(who, files, own_name=True, collected=not _packed(files)))
        return [candidate for _, candidate in chosen.values()]

    def by_pattern(self, entries: tuple[Entry, ...], pattern: NamePattern) -> list[Candidate]:
        """Return what the students that a pattern finds handed in; a notebook it finds nobody for is staff's."""
        files: dict[str, list[Entry]] = {}
        stray: list[Entry] = []
        waiting = [e for e in entries if not e.folder]
        while waiting:
            entry = waiting.pop(0)
            student = pattern.student(entry.path)
            if student:
                files.setdefault(student, []).append(entry)
            elif entry.inside is not None:
                waiting = [*(e for e in entry.within() if not e.folder), *waiting]
            elif is_notebook(entry):
                stray.append(entry)
        found = []
        for student, own in files.items():
            who = whose(Label(student), self.own, self.roster) if self.roster else Meant(student)
            named = all(student not in e.name for e in own)
            found.append(Candidate(who, _opened(tuple(own), self.notebook), own_name=named))
        lost = [Meant("/".join(e.path), trouble="student-unclear") for e in stray]
        return found + [Candidate(who, (e,), own_name=False) for who, e in zip(lost, stray, strict=True)]

    def _in_folder(self, who: Meant, inside: list[Entry], *, collected: bool) -> Candidate:
        files = work_in(inside, self.notebook)
        return Candidate(
            who,
            files,
            own_name=True,
            collected=collected and not _packed(inside),
            older=older_versions(inside, tuple(e for e in files if is_notebook(e))),
        )

    def _has_own_name(self, entry: Entry) -> bool:
        return is_notebook(entry) and own_name(stem(entry.name), self.own)

    def _renamed(self, entry: Entry) -> Entry:
        """Return an entry of a system's folder under its own name, where the system wrote the student's before it."""
        rest = "" if entry.folder or len(entry.parts) > 1 else read_label(entry.parts[0]).rest
        return replace(entry, called=self._called(rest)) if rest else entry

    def _called(self, rest: str) -> str:
        """Return a file's own name without what a system or browser added to it."""
        return self.notebook if rest.casefold().endswith(".ipynb") and own_name(stem(rest), self.own) else rest


def _opened(files: tuple[Entry, ...], notebook: str) -> tuple[Entry, ...]:
    """Return the files, and what is in the archives among them if there is no notebook otherwise."""
    if any(is_notebook(e) for e in files):
        return files
    inner: list[Entry] = []
    for file in files:
        inside = [e.below(len(file.parts)) for e in file.within()]
        inner += work_in(inside, notebook)
    return (*(e for e in files if not inner or e.inside is None), *inner)


def _is_stamped(inside: Iterable[Entry]) -> bool:
    """Return whether nbgrader's collect wrote a time into a folder on this disk."""
    return any(e.parts == ("timestamp.txt",) and not e.packed for e in inside)


def _packed(entries: Iterable[Entry]) -> bool:
    return any(e.packed for e in entries)


def _is_of_others(inside: list[Entry]) -> bool:
    """Return whether everything in a student's folder is what nbgrader collected of other assignments."""
    folders = {e.parts[0] for e in inside if e.folder or len(e.parts) > 1}
    collected = {e.parts[0] for e in inside if len(e.parts) == 2 and e.name in ("timestamp.txt", f"{e.parts[0]}.ipynb")}
    loose = any(len(e.parts) == 1 and (is_notebook(e) or e.inside is not None) for e in inside)
    return not loose and folders <= collected


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
