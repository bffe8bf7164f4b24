"""Owns what lies within what: which folders and archives only hold students' work together, and where in a student's
own folder the work is.

A folder that holds a class must never be taken for a student, nor a student's folder for a class: what the names say
(a system's form, a student number, a member of the roster, the assignment's name) decides before what the shape says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.intake.entries import Entry, is_notebook
from autograder.intake.labels import names_nobody, own_name, person, read_label, stem, uncopied
from autograder.intake.names import Lookup

__all__ = ["INBOUND", "Top", "older_versions", "spread", "work_in"]

INBOUND = re.compile(
    r"(?P<student>.+)\+(?P<assignment>[^+]+)\+(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?)(?: \S+)?(?:\+[^+]*)?",
    re.ASCII,
)
"""A folder of nbgrader's exchange."""

_WRAPPERS = {"inbound", "submitted", "submissions", "submitted files", "제출", "제출된 파일"}
_STAMP = "timestamp.txt"
_MANY = 3
"""So many notebooks beside one another are a class, not one student's."""
_DEEPEST = 5
_VERSION = re.compile(r"(?:version|버전|v)[ _]?(\d{1,3})", re.IGNORECASE)
"""A folder that Teams makes for each time a student handed in."""


@dataclass(frozen=True, slots=True)
class Top:
    """What stands at the top, once folders around a class are taken away.

    Args:
        name: its own.
        entries: it and what is below it; their paths begin with it.
        packed: it is an archive.
    """

    name: str
    entries: tuple[Entry, ...]
    packed: bool = False

    @property
    def file(self) -> Entry | None:
        """It, if it is a file and no archive that was looked into."""
        first = self.entries[0]
        return first if len(self.entries) == 1 and len(first.parts) == 1 and not first.folder else None


def spread(
    entries: Iterable[Entry], assignment: str, notebook: str, *, packed: bool, roster: Lookup | None
) -> list[Top]:
    """Return what stands at the top of a source, in its order, with folders and archives around students taken away."""
    return _Nest(assignment, notebook, packed, roster).spread(list(entries), 0)


def work_in(inside: list[Entry], notebook: str, depth: int = 0) -> tuple[Entry, ...]:
    """Return a student's files: those directly in the folder, and where the notebook is not among them, the notebooks
    further down, or else those in the archives.

    Args:
        inside: what the folder holds; paths begin below it.
        notebook: the notebook's name.
        depth: of archives around it.
    """
    direct = tuple(e for e in inside if len(e.parts) == 1 and not e.folder)
    if any(e.name == notebook for e in direct):
        return direct
    deeper = [e for e in _last_version(inside) if len(e.parts) > 1 and is_notebook(e)]
    right = [e for e in deeper if e.name == notebook]
    if not right and any(is_notebook(e) for e in direct):
        return direct
    if deeper:
        found = _shallowest(right or deeper)
        places = {e.parts[:-1] for e in found}
        return (*direct, *found, *(e for e in inside if e.name == _STAMP and e.parts[:-1] in places))

    archives = [e for e in _last_version(inside) if e.inside is not None] if depth < _DEEPEST else []
    inner = [x for e in archives for x in work_in([i.below(len(e.parts)) for i in e.within()], notebook, depth + 1)]
    notebooks = [e for e in inner if is_notebook(e)]
    if not notebooks:
        return direct
    found = [e for e in notebooks if e.name == notebook] or notebooks
    return (*(e for e in direct if e not in archives), *found, *(e for e in inner if e.name == _STAMP))


@dataclass(frozen=True, slots=True)
class _Nest:
    assignment: str
    notebook: str
    packed: bool
    roster: Lookup | None

    def spread(self, entries: list[Entry], depth: int) -> list[Top]:
        groups: dict[str, list[Entry]] = {}
        for entry in entries:
            groups.setdefault(entry.parts[0], []).append(entry)
        tops: list[Top] = []
        for name, group in groups.items():
            top = self._top(name, group)
            if depth < _DEEPEST and top.file is None and self._holds_several(top, alone=len(groups) == 1):
                tops += self.spread([e.below(1) for e in top.entries if len(e.parts) > 1], depth + 1)
            else:
                tops.append(top)
        return tops

    def _top(self, name: str, group: list[Entry]) -> Top:
        """Return a top with an archive's content, unless a system wrote its name and a notebook may stand beside it."""
        first = group[0]
        if len(group) == 1 and len(first.parts) == 1 and first.inside is not None and not read_label(name).system:
            return Top(name, first.within() or (first,), packed=True)
        return Top(name, tuple(group))

    def _holds_several(self, top: Top, *, alone: bool) -> bool:
        """Return whether a folder or archive holds students' work and is not itself a student's."""
        own = self.notebook.removesuffix(".ipynb")
        name = uncopied(stem(top.name))
        if name.casefold() in _WRAPPERS:
            return True
        system = read_label(top.name).system
        if system in ("moodle", "blackboard") or INBOUND.fullmatch(_nfc(top.name)):
            return False

        inner = [e.below(1) for e in top.entries if len(e.parts) > 1]
        labels = list(dict.fromkeys(e.parts[0] for e in inner))
        written = {_account(label) for label in labels} - {None}
        people = {who: label for label in labels if (who := self._person(label))}
        if system or self._person(top.name):
            # A course's number looks like a student's; Canvas's form may be anybody's. What is inside decides.
            others = people.keys() - {self._person(top.name)}
            return len(written) > 1 or len(others) >= _MANY
        if written or [uncopied(stem(label)) for label in labels] == [name]:
            return True

        notebooks = [e for e in inner if len(e.parts) == 1 and is_notebook(e)]
        if any(own_name(stem(e.name), own) for e in notebooks):
            return False
        filled = {e.parts[0] for e in inner if _may_be_work(e) and not (len(e.parts) == 1 and is_notebook(e))}
        if names_nobody(name, own):
            return bool(people) or self._holds_work_of_others(top, inner, notebooks, filled, alone=alone)
        if not notebooks and ((alone and people) or self._names_people(inner)):
            return True
        if len(people) >= _MANY or (len(people) > 1 and (alone or filled.issuperset(people.values()))):
            return True
        return alone and self._looks_like_a_class(top, inner, notebooks, filled)

    def _holds_work_of_others(
        self, top: Top, inner: list[Entry], notebooks: list[Entry], filled: set[str], *, alone: bool
    ) -> bool:
        """Return whether a folder whose name says nothing of a person holds works that say nothing certain either."""
        own = self.notebook.removesuffix(".ipynb")
        is_assignment = _nfc(top.name) == self.assignment
        if notebooks:
            named = [e for e in notebooks if not names_nobody(stem(e.name), own)]
            return not is_assignment and not filled and (len(notebooks) > 1 or bool(named))
        if any(self._person(e.parts[1]) for e in inner if len(e.parts) > 1):
            return not is_assignment
        if len(filled) > 1:
            return True
        return alone and not is_assignment and any(names_nobody(stem(label), own) for label in filled)

    def _names_people(self, inner: list[Entry], depth: int = 0) -> bool:
        """Return whether the one folder or archive in another holds what is certainly several people's."""
        filled = [e for e in inner if _may_be_work(e)]
        names = {e.parts[0] for e in filled}
        if len(names) != 1 or depth > _DEEPEST:
            return False
        inside = [e.below(1) for f in filled for e in (f.within() if len(f.parts) == 1 else (f,)) if len(e.parts) > 1]
        labels = {e.parts[0] for e in inside}
        if len({_account(label) for label in labels} - {None}) > 1:
            return True
        return len({self._person(label) for label in labels} - {None}) > 1 or self._names_people(inside, depth + 1)

    def _looks_like_a_class(self, top: Top, inner: list[Entry], notebooks: list[Entry], filled: set[str]) -> bool:
        """Return whether the one thing that everything stands in has a class's shape."""
        folders = {_nfc(e.parts[0]) for e in inner if e.folder or len(e.parts) > 1}
        if self.assignment in folders:
            return False
        if any(len(e.parts) > 2 and _nfc(e.parts[1]) == self.assignment for e in inner):
            return True
        if _nfc(top.name) == self.assignment:
            return False
        if any(len(e.parts) == 2 and e.name == f"{_nfc(e.parts[0])}.ipynb" for e in inner):
            return False  # nbgrader's folder of one student: an assignment each
        if (self.packed or top.packed) and len(notebooks) >= _MANY:
            return True
        return not notebooks and len(filled) > 1

    def _person(self, label: str) -> str | None:
        return person(label, self.notebook.removesuffix(".ipynb"), self.roster)


def _account(label: str) -> tuple[str, str] | None:
    """Return what a system wrote a label for; None if none did."""
    if match := INBOUND.fullmatch(_nfc(label)):
        return "nbgrader", match["student"]
    read = read_label(label)
    return (read.system, f"{read.name}/{read.account}") if read.system else None


def _may_be_work(entry: Entry) -> bool:
    return is_notebook(entry) or entry.inside is not None


def _last_version(inside: list[Entry]) -> list[Entry]:
    """Return the entries without those below a folder ``Version N`` that is not the newest beside its like."""
    newest: dict[tuple[str, ...], int] = {}
    for entry in inside:
        for at, part in enumerate(entry.parts[:-1]):
            if match := _VERSION.fullmatch(part):
                newest[entry.parts[:at]] = max(newest.get(entry.parts[:at], 0), int(match[1]))
    return [
        entry
        for entry in inside
        if all(
            int(match[1]) == newest[entry.parts[:at]]
            for at, part in enumerate(entry.parts[:-1])
            if (match := _VERSION.fullmatch(part))
        )
    ]


def older_versions(inside: list[Entry], files: tuple[Entry, ...]) -> int:
    """Return how many folders ``Version N`` stand beside the newest one, which `files` are from."""
    taken = len(inside[0].above) if inside else 0
    places = {file.path[taken:][:at] for file in files for at, part in _versions(file.path[taken:])}
    older = {e.parts[: at + 1] for e in inside for at, _ in _versions(e.parts) if e.parts[:at] in places}
    return max(0, len(older) - len(places))


def _versions(parts: tuple[str, ...]) -> list[tuple[int, str]]:
    return [(at, part) for at, part in enumerate(parts[:-1]) if _VERSION.fullmatch(part)]


def _shallowest(found: list[Entry]) -> list[Entry]:
    least = min(len(e.parts) for e in found)
    return [e for e in found if len(e.parts) == least]


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
