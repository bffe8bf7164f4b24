"""Owns who is in a class and whom a name means: the roster, from a CSV file or from whoever else knows the class.

A name means a member where it is the member's account, student number or mail address; the part of an address before
the ``@`` and the member's own name mean somebody only where nobody else could be meant. Refuses a roster that would
let one name mean two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from autograder.intake.likeness import same_name
from autograder.intake.names import student_id
from autograder.intake.table import Sheet, read_table

__all__ = ["LEFT", "REMOVED", "ROSTER_COLUMNS", "Member", "Roster", "read_roster"]

ROSTER_COLUMNS: dict[str, tuple[str, ...]] = {
    "account": (
        *("계정", "아이디", "계정 ID", "id", "account", "account id", "username", "user name", "user", "user id"),
        *("login", "login id", "SIS login id"),
    ),
    "number": ("학번", "student number", "student no", "student id", "number", "SIS user id", "SIS id"),
    "name": ("이름", "성명", "학생", "학생 이름", "name", "full name", "student", "student name", "first name"),
    "family": ("성", "last name", "family name", "surname"),
    "email": ("메일", "이메일", "이메일 주소", "전자우편", "email", "mail", "email address", "mail address"),
    "section": ("분반", "반", "section", "class", "group"),
    "standing": ("명단 상태",),
}
"""Headings by field, the Korean one first; case, spaces and ``_-.()`` don't count."""

LEFT, REMOVED = "빠짐", "제외"
"""What the course's own roster says of those who were in it before (``명단 상태``): they are known still, or not."""

_SHEET = Sheet("roster", "수강생 명단을", ROSTER_COLUMNS, ("account",))
_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+\d+", re.ASCII)
"""A long number after Excel took it for a quantity: its last digits are gone."""


@dataclass(frozen=True, slots=True)
class Member:
    """One student of the class.

    Args:
        account: the id in nbgrader and JupyterHub.
        number: student number, or "".
        name: as the university writes it, or "".
        email: mail address, or "".
        section: which part of the class, or "".
    """

    account: str
    number: str = ""
    name: str = ""
    email: str = ""
    section: str = ""


@dataclass(frozen=True)
class Roster:
    """The members of a class; called with a name it returns the account that is meant, or None.

    >>> roster = Roster((Member("kim", "20231234", "김하늘"), Member("lee", "20231235", "이서연")))
    >>> roster("20231234"), roster("이 서연"), roster("박도윤")
    ('kim', 'lee', None)
    """

    members: tuple[Member, ...] = ()
    source: str = field(default="", compare=False)
    """Where it was read, for staff."""
    left: tuple[Member, ...] = ()
    """Who was in it before, and is known still."""
    removed: tuple[Member, ...] = ()
    """Who was in it before, and was taken out."""

    def __call__(self, name: str) -> str | None:
        """Return the account of whom the name means, or None."""
        key = same_name(name)
        return self._certain.get(key) or self._likely.get(key)

    def __len__(self) -> int:
        return len(self.members)

    def __iter__(self) -> Iterator[Member]:
        return iter(self.members)

    def has(self, account: str) -> bool:
        """Whether this is, letter by letter, a member's account."""
        return account in self._accounts

    @cached_property
    def _accounts(self) -> frozenset[str]:
        return frozenset(member.account for member in self.members)

    @cached_property
    def _certain(self) -> dict[str, str]:
        found: dict[str, str] = {}
        mails = _unambiguous((member.email, member.account) for member in self.members)
        for key, account in mails.items():
            found[key] = account
        for member in self.members:
            if member.number:
                found[same_name(member.number)] = member.account
        for member in self.members:
            found[same_name(member.account)] = member.account
        return found

    @cached_property
    def _likely(self) -> dict[str, str]:
        mails = ((member.email.partition("@")[0], member.account) for member in self.members if "@" in member.email)
        return _unambiguous([*mails, *((member.name, member.account) for member in self.members)])


def read_roster(path: Path) -> Roster:
    """Read a roster: CSV with a header, of which only 계정 (account) is needed.

    Rows whose ``명단 상태`` says so are no members: `Roster.left` and `Roster.removed`.

    Raises:
        IntakeError: ``roster-unreadable``; ``roster-invalid``: no account column, no student, a row without an account,
            an account or a student number twice, an account that cannot be a student's id, a standing that is none.
            Lines are named.
    """
    members: list[Member] = []
    former: dict[str, list[Member]] = {LEFT: [], REMOVED: []}
    faults: list[str] = []
    lines: dict[str, int] = {}
    for row in read_table(path, _SHEET):
        account, number = row["account"], row["number"]
        told = f"{row.line}번째 줄:"
        if not account:
            faults.append(f"{told} 계정이 비어 있습니다.")
            continue
        if rounded := next((text for text in (account, number) if _ROUNDED.fullmatch(text)), None):
            faults.append(
                f"{told} 엑셀이 긴 숫자를 줄였습니다({rounded}). 열을 '텍스트' 서식으로 바꾸고 다시 적으세요."
            )
            continue
        if student_id(account) != (account, False):
            faults.append(f"{told} 계정 '{account[:60]}'에 쓸 수 없는 글자가 있습니다.")
            continue
        member = Member(account, number, _whole_name(row["family"], row["name"]), row["email"], row["section"])
        if standing := row["standing"]:
            if standing in former:
                former[standing].append(member)
            else:
                faults.append(f"{told} '명단 상태' 칸은 비워 두거나 '{LEFT}', '{REMOVED}' 가운데 하나로 적으세요.")
            continue
        for text, what in ((account, "계정"), (number, "학번")):
            earlier = lines.setdefault(same_name(text), row.line) if text else row.line
            if earlier != row.line:
                faults.append(f"{told} {earlier}번째 줄과 {what} 값이 같습니다({text[:60]}).")
                break
        else:
            members.append(member)
    if faults:
        raise _SHEET.invalid(faults, path)
    if not members:
        raise _SHEET.invalid(["학생이 한 명도 없습니다."], path)
    known = {member.account for member in members}
    left, removed = (tuple(m for m in former[word] if m.account not in known) for word in (LEFT, REMOVED))
    return Roster(tuple(members), str(path), left, removed)


def _whole_name(family: str, name: str) -> str:
    """Return a name of two columns as one: 성 before 이름 in Hangul, else the other way round."""
    if not family or not name:
        return family or name
    return f"{family}{name}" if any("가" <= c <= "힣" for c in family + name) else f"{name} {family}"


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return whom each name means, without the names that several bear."""
    meant: dict[str, set[str]] = {}
    for name, account in pairs:
        if key := same_name(name):
            meant.setdefault(key, set()).add(account)
    return {key: next(iter(accounts)) for key, accounts in meant.items() if len(accounts) == 1}
