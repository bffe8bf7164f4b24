"""Owns staff's answers to "who is this?": names that no roster knows, and whose they are. One CSV file in the result
folder, kept by ``autograder who`` or by hand in a spreadsheet.

An answer wins over every guess. A row without an account is a question that is still open; it says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.intake.likeness import same_name
from autograder.intake.names import student_id
from autograder.intake.table import Row, Sheet, read_table

__all__ = ["ANSWERS_FILE", "Answers", "read_answers"]

ANSWERS_FILE = "who-is-this.csv"
"""In the result folder."""

_SHEET = Sheet(
    "answers",
    f"답의 파일({ANSWERS_FILE})을",
    {"name": ("찾은 이름", "이름", "name", "found"), "account": ("계정", "account", "id", "username")},
    ("name", "account"),
)


@dataclass(frozen=True)
class Answers:
    """Names as found in sources, with the account that staff named; called with a name it returns that, or None."""

    given: Mapping[str, str] = field(default_factory=dict)
    _by_key: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        keys: dict[str, str] = {}
        for name, account in self.given.items():
            # Staff may copy the name from a file or from a report, where it is the student's id.
            for key in {same_name(name), same_name(student_id(name)[0])} if account else ():
                keys[key] = account
        object.__setattr__(self, "_by_key", keys)

    def __call__(self, name: str) -> str | None:
        """Return the account that staff named for this name, or None."""
        return self._by_key.get(same_name(name)) or self._by_key.get(same_name(student_id(name)[0]))

    def __bool__(self) -> bool:
        return bool(self._by_key)

    def with_answer(self, name: str, account: str) -> Answers:
        """Return the answers with one more, in place of an earlier one about the same name."""
        kept = {n: a for n, a in self.given.items() if same_name(n) != same_name(name)}
        return Answers({**kept, name: account})


def read_answers(out: Path) -> Answers:
    """Read the answers of a result folder; none if there is no file.

    Raises:
        IntakeError: ``answers-unreadable``; ``answers-invalid``: a column is missing, or one name has two accounts.
    """
    path = out / ANSWERS_FILE
    if not path.exists():
        return Answers()
    given: dict[str, str] = {}
    first: dict[str, Row] = {}
    faults: list[str] = []
    for row in read_table(path, _SHEET):
        if not row["name"]:
            faults.append(f"{row.line}번째 줄: 찾은 이름이 비어 있습니다.")
            continue
        earlier = first.setdefault(same_name(row["name"]), row)
        if earlier["account"] and row["account"] and earlier["account"] != row["account"]:
            faults.append(f"{row.line}번째 줄: {earlier.line}번째 줄과 이름이 같고 계정이 다릅니다.")
        if row["account"] or row["name"] not in given:
            given[row["name"]] = row["account"]
    if faults:
        raise _SHEET.invalid(faults, path)
    return Answers(given)
