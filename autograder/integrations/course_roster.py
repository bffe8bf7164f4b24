"""The one roster of a course: ``roster.csv`` in the course folder, made by ``course roster`` from what a person has.

Owns that file and who the class is by it. It is a table as people keep one, so it may be edited in a spreadsheet too;
only its owner can read it. Decided here:

- The file a person gives says who is in the class. What it has no column or no value for stays as it was.
- Who is in it no longer is told, and is known as before: registrars' lists come late and change. Only with ``--remove``
  are they taken out of the class and, by the service, of the hub's group. Their grades stay where they are.
- Students entered in the gradebook by a person (formgrader) belong to the class beside it.
- Doing it again with the same file changes nothing.
"""

from __future__ import annotations

import json
import os
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.errors import GraderError, IntakeError
from autograder.intake.likeness import same_name
from autograder.intake.roster import LEFT, REMOVED, ROSTER_COLUMNS, Member, Roster, read_roster
from autograder.integrations.gradebook_roster import (
    Entry,
    StudentRow,
    enter,
    entries,
    gradebook_roster,
    student_rows,
)
from autograder.korean import particle
from autograder.report.sanitize import clean_text
from autograder.sinks.sheet import Sheet

__all__ = [
    "GROUP_STATE",
    "ROSTER_FILE",
    "RosterChanges",
    "class_roster",
    "course_roster",
    "enter_roster",
    "group_lines",
    "roster_stamp",
    "sections",
]

ROSTER_FILE = "roster.csv"
GROUP_STATE = "hub-group.json"
"""In the result folder: what the service last did with the hub's group."""

_FIELDS = ("number", "name", "email", "section")
_WORDS = {field: names[0] for field, names in ROSTER_COLUMNS.items()}
_SHOWN = 40
"""So many students or changes are listed one by one."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One field of one student; `field` is one of `Member`'s."""

    account: str
    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RosterChanges:
    """What entering a roster changes, or would change.

    Args:
        course: the roster as it is kept from then on.
        added: who is in no roster of the course yet.
        changed: fields that differ, old and new.
        moved: pairs of accounts, old and new, that have one student number.
        left: who is in the file no longer.
        removed: who is taken out of the class now, of the former members.
        beside: accounts that a person entered in the gradebook and the file does not have.
        entries: how many rows of the gradebook are written.
        same: whether there is nothing to write at all.
        written: whether it was done.
    """

    course: Roster
    added: tuple[Member, ...]
    changed: tuple[Changed, ...]
    moved: tuple[tuple[str, str], ...]
    left: tuple[Member, ...]
    removed: tuple[Member, ...]
    beside: tuple[str, ...]
    entries: int
    same: bool
    written: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "members": len(self.course),
            "sections": dict(_section_sizes(self.course)),
            "added": [_as_dict(member) for member in self.added],
            "changed": [{"account": c.account, "field": c.field, "old": c.old, "new": c.new} for c in self.changed],
            "moved": [{"old": old, "new": new} for old, new in self.moved],
            "left": [_as_dict(member) for member in self.left],
            "removed": [_as_dict(member) for member in self.removed],
            "only_in_gradebook": list(self.beside),
            "notices": list(self.notices()),
            "gradebook_rows": self.entries,
            "same": self.same,
            "written": self.written,
        }

    def lines(self) -> Iterator[str]:
        """Yield what a person reads of it, line by line."""
        sizes = ", ".join(f"{_section_word(name)} {count}명" for name, count in _section_sizes(self.course))
        yield f"명단 {len(self.course)}명" + (f" ({sizes})" if any(m.section for m in self.course) else "")
        if self.added:
            yield f"추가 {len(self.added)}명: {_listed(map(_called, self.added))}"
        if self.changed:
            yield f"바뀌는 값 {len(self.changed)}개:"
            for change in self.changed[:_SHOWN]:
                yield f"  {change.account} {_WORDS[change.field]}: {change.old or '(없음)'} → {change.new}"
            if len(self.changed) > _SHOWN:
                yield f"  그 밖에 {len(self.changed) - _SHOWN}개"
        for old, new in self.moved:
            yield f"계정이 바뀐 학생: {old} → {new} (학번이 같습니다). 옛 계정의 점수는 성적부에 그대로 남습니다."
        if self.removed:
            yield f"수업에서 뺌 {len(self.removed)}명: {_listed(map(_called, self.removed))} (점수는 성적부에 남습니다)"
        if self.left:
            yield (
                f"명단에서 빠진 학생 {len(self.left)}명: {_listed(map(_called, self.left))}. "
                "알리기만 하며, 수업에서 빼려면 --remove를 쓰세요."
            )
        if self.beside:
            yield f"성적부에만 있는 학생 {len(self.beside)}명: {_listed(self.beside)}. 그대로 두었습니다."
        yield from self.notices()
        if self.same:
            yield "달라진 것이 없습니다."
        elif self.written:
            rows = f"성적부의 학생 {self.entries}명과 " if self.entries else ""
            yield f"{rows}과목 폴더의 {ROSTER_FILE} 파일에 썼습니다."
        else:
            yield "아무것도 쓰지 않았습니다(--dry-run)."

    def notices(self) -> Iterator[str]:
        """Yield what is right and still deserves a look: equal names, accounts that the hub may write differently."""
        names: dict[str, list[str]] = {}
        for member in self.course:
            if member.name:
                names.setdefault(same_name(member.name), []).append(member.account)
        shared = [f"{' = '.join(accounts)}" for accounts in names.values() if len(accounts) > 1]
        if shared:
            yield f"이름이 같은 학생: {_listed(shared)}. 이름만 적힌 제출물은 누구의 것인지 물어봅니다."
        if capitals := [m.account for m in self.course if m.account != m.account.lower()]:
            yield (
                f"대문자가 있는 계정 {len(capitals)}개: {_listed(capitals)}. "
                "JupyterHub은 계정을 보통 소문자로 바꿉니다. 학생이 로그인하는 그대로 적었는지 확인하세요."
            )


def course_roster(root: Path | None) -> Roster | None:
    """Return the roster of a course folder, None where it has none; raises IntakeError (see `read_roster`)."""
    path = None if root is None else root / ROSTER_FILE
    return read_roster(path) if path is not None and path.is_file() else None


def roster_stamp(root: Path) -> tuple[int, int] | None:
    """Return what changes when the course's roster does; None where there is none."""
    try:
        found = (root / ROSTER_FILE).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def sections(root: Path | None) -> dict[str, str]:
    """Return each member's section by account, of those that have one; nothing where the roster cannot be read."""
    try:
        return {member.account: member.section for member in course_roster(root) or () if member.section}
    except IntakeError:
        return {}


def class_roster(root: Path | None, db_url: str) -> Roster | None:
    """Return who is in the class: the course's roster with who left it and was not removed, and the gradebook's people.

    Without ``roster.csv`` it is the students that somebody entered in the gradebook; None where there are none either.

    Raises:
        GraderError: the roster (see `read_roster`) or the gradebook (``gradebook-unavailable``) cannot be read.
    """
    known, beside = course_roster(root), gradebook_roster(db_url)
    if known is None:
        return beside
    numbers = {same_name(member.number) for member in known if member.number}
    # A number that is a member's by now: the same person under an older account, whose name means the member.
    left = [Member(m.account) if same_name(m.number) in numbers else m for m in known.left]
    gone = {member.account for member in known.removed}
    others = [m for m in beside or () if m.account not in gone and known(m.account) is None]
    taken = numbers | {same_name(m.number) for m in left if m.number}
    others = [replace(m, number="") if same_name(m.number) in taken else m for m in others]
    have = {m.account for m in left}
    return Roster((*known.members, *left, *(m for m in others if m.account not in have)), known.source)


def enter_roster(file: Path, root: Path, db_url: str, *, remove: bool = False, write: bool = True) -> RosterChanges:
    """Make a file the course's roster: into the gradebook, and as ``roster.csv`` into the course folder.

    Args:
        file: as `read_roster` reads it.
        root: the course folder.
        db_url: SQLAlchemy URL of its gradebook.
        remove: take out who is in the file no longer.
        write: do it; else only tell.

    Raises:
        GraderError: the file or the present roster cannot be read (see `read_roster`), the gradebook cannot be read or
            written (``gradebook-unavailable``), the course folder cannot be written (``roster-unwritable``).
    """
    given, present = read_roster(file), course_roster(root) or Roster()
    rows = student_rows(db_url)
    before = {m.account: m for m in (*present.removed, *present.left, *present.members)}
    kept = _merged(given, before, present, remove=remove)

    todo = entries(kept, rows, earlier={account: member.number for account, member in before.items()})
    changes = _plan(kept, present, before, rows, todo)
    if write and not changes.same:
        enter(todo, db_url)
        _write(root / ROSTER_FILE, _text(kept))
    return replace(changes, written=write)


def _merged(given: Roster, before: Mapping[str, Member], present: Roster, *, remove: bool) -> Roster:
    """Return the roster to keep: the file's members, what it does not say from before, and who left."""
    taken = Counter(same_name(name) for m in given for name in {m.account, m.number} if name)
    members = []
    for member in given:
        was = before.get(member.account, Member(member.account))
        old = {field: getattr(was, field) for field in _FIELDS}
        if taken[same_name(old["number"])] > (old["number"] == member.account):  # somebody else's by now
            old["number"] = ""
        members.append(Member(member.account, **{f: _tidy(getattr(member, f)) or old[f] for f in _FIELDS}))
    former = {m.account: m for m in (*given.left, *given.removed)} | dict(before)
    gone = [m for account, m in former.items() if not given.has(account)]
    out = {m.account for m in (*present.removed, *given.removed)}
    removed = [m for m in gone if remove or m.account in out]
    left = [m for m in gone if m not in removed]
    return Roster(tuple(members), given.source, tuple(left), tuple(removed))


def _plan(
    kept: Roster, present: Roster, before: Mapping[str, Member], rows: Mapping[str, StudentRow], todo: Iterable[Entry]
) -> RosterChanges:
    written = list(todo)
    changed = {(e.account, field): values for e in written if not e.new for field, values in e.changes.items()}
    for member in kept:
        was = before.get(member.account)
        for field in _FIELDS if was is not None else ():
            old, new = getattr(was, field), getattr(member, field)
            if old != new:
                changed.setdefault((member.account, field), (old, new))
    by_number = {m.number: m.account for m in kept if m.number}
    former = [m for m in before.values() if not kept.has(m.account)]
    by_row = [Member(r.account, r.number) for r in rows.values() if r.number and not kept.has(r.account)]
    moved = {m.account: by_number[m.number] for m in (*former, *by_row) if m.number in by_number}
    out = {m.account for m in present.removed}
    gone = {m.account for m in (*kept.left, *kept.removed)}
    return RosterChanges(
        course=kept,
        added=tuple(m for m in kept if not present.has(m.account)),
        changed=tuple(Changed(account, field, *values) for (account, field), values in changed.items()),
        moved=tuple(sorted(moved.items())),
        left=kept.left,
        removed=tuple(m for m in kept.removed if m.account not in out),
        beside=tuple(
            r.account for r in rows.values() if not r.found and not kept.has(r.account) and r.account not in gone
        ),
        entries=len(written),
        same=not written and _text(present) == _text(kept),
    )


def _text(roster: Roster) -> str:
    """Return the file as Excel opens it without harm: with a BOM, student numbers as texts."""
    sheet = Sheet(bom=True, excel=True)
    sheet.row(_WORDS[field] for field in ("account", *_FIELDS, "standing"))
    for people, standing in ((roster.members, ""), (roster.left, LEFT), (roster.removed, REMOVED)):
        for member in people:
            sheet.row((member.account, *(getattr(member, field) for field in _FIELDS), standing))
    return sheet.text()


def _write(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise GraderError(
            "roster-unwritable",
            f"과목 폴더에 명단({ROSTER_FILE})을 쓸 수 없습니다. 폴더의 소유자와 권한을 확인하세요.",
            detail=f"{type(error).__name__}: {error}",
        ) from error


def group_lines(results: Path) -> Iterator[str]:
    """Yield what the service last said of the hub's group, for a person; nothing where it has said nothing."""
    try:
        state = json.loads((results / GROUP_STATE).read_text(encoding="utf-8"))
        inside, otherwise = int(state["in_group"]), dict(state["written_otherwise"])
        outside = [str(name) for name in state["not_on_the_hub"] if name not in otherwise]
        trouble = str(state["trouble"])
    except (OSError, ValueError, KeyError, TypeError):
        return
    if trouble:
        yield f"허브의 학생 그룹: {trouble}"
        return
    yield f"허브의 학생 그룹에는 명단의 {inside}명이 있습니다."
    if outside:
        yield f"아직 JupyterHub에 로그인하지 않은 학생 {len(outside)}명: {_listed(outside)}. 로그인하면 곧 더합니다."
    for account, other in otherwise.items():
        there = f"'{other}'{particle(other, '으로/로')}"
        yield f"명단의 계정 {account}: JupyterHub에는 {there} 있습니다. 명단의 계정을 고치세요."


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", clean_text(text, 1000)).split())


def _section_sizes(roster: Roster) -> list[tuple[str, int]]:
    return sorted(Counter(member.section for member in roster).items())


def _section_word(name: str) -> str:
    return f"{name}분반" if name.isdigit() else name or "분반 없음"


def _as_dict(member: Member) -> dict[str, str]:
    return {"account": member.account, **{field: getattr(member, field) for field in _FIELDS}}


def _called(member: Member) -> str:
    return f"{member.account} {member.name}".strip()


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    more = f" 외 {len(found) - _SHOWN}명" if len(found) > _SHOWN else ""
    return ", ".join(found[:_SHOWN]) + more
