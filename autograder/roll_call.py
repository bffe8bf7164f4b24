"""Who is in the class, for every command that reads one, and what staff say of names that nobody there has."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from autograder.catalog import course_root
from autograder.grading.answers import ANSWERS_FILE, Answers, read_answers
from autograder.grading.ledger import Ledger
from autograder.grading.records import write_atomically
from autograder.grading.whose import OpenName, Whose, open_names
from autograder.intake.roster import read_roster
from autograder.sinks.sheet import Sheet

__all__ = ["answer_who", "class_of", "course_csv", "gradebook_url", "write_answers"]


def class_of(out: Path, roster: Path | None, root: Path | None, db: str | None = None) -> Whose:
    """Return who is in the class and what staff have said of names: a roster file, else the course's (`class_roster`).

    A course without a roster, whose gradebook has no students that somebody entered, has no class: then whoever hands
    in is a student.

    Raises:
        GraderError: the roster, the answers or the gradebook cannot be read (see `read_roster`, `read_answers`,
            `class_roster`).
    """
    from autograder.integrations.course_roster import class_roster

    known = read_roster(roster) if roster else class_roster(root or course_root(), db or gradebook_url(out, root))
    return Whose(known, read_answers(out))


def answer_who(
    name: str | None,
    account: str | None,
    *,
    out: Path,
    roster: Path | None,
    ledger: str | None,
    root: Path | None,
    fill: bool = False,
) -> list[OpenName]:
    """Note whose a name is, if one is given; returns the names that wait, with the answers known by now.

    With `fill` those that have none are written into the file of answers too, for a spreadsheet.

    Raises:
        GraderError: as `class_of`; ``student-unknown``: the class has no such account.
    """
    whose = class_of(out, roster, root)
    if name and account:
        whose = replace(whose, answers=whose.answers.with_answer(name, whose.required(account)))
        write_answers(out, whose.answers)
    place = ledger or out / "ledger.db"
    if isinstance(place, Path) and not place.exists():
        return []
    with closing(Ledger(place)) as book:
        found = open_names(book, whose)
    if fill and (asked := [item.name for item in found if not item.answer]):
        write_answers(out, Answers({**dict.fromkeys(asked, ""), **whose.answers.given}))
    return found


def write_answers(out: Path, answers: Answers) -> Path:
    """Write the answers so that Excel opens them as they are; returns the file."""
    sheet = Sheet(bom=True)
    sheet.row(["찾은 이름", "계정"])
    for answer in answers.given.items():
        sheet.row(answer)
    write_atomically(out / ANSWERS_FILE, sheet.text())
    return out / ANSWERS_FILE


def course_csv(
    assignment_ids: Sequence[str],
    *,
    out: Path,
    db: str | None,
    roster: Path | None,
    root: Path | None,
    wide: bool,
    bom: bool,
) -> str:
    """Return the final scores of the class as CSV (`csv_export.gradebook_csv`): a roster's members, else the course's.

    Another gradebook (`db`) is another course's, unless `root` says whose it is.

    Raises:
        GraderError: see `read_roster`, `course_settings` and `final_scores`.
    """
    from autograder.integrations.course_roster import course_roster
    from autograder.integrations.csv_export import gradebook_csv
    from autograder.integrations.nbgrader_course import course_settings

    base = root or (None if db else course_root())
    course = course_settings(base) if base else None
    return gradebook_csv(
        db or (course.db_url if course else gradebook_url(out, base)),
        assignment_ids,
        roster=read_roster(roster) if roster else course_roster(base),
        released=course.released() if course else None,
        wide=wide,
        bom=bom,
    )


def gradebook_url(out: Path, root: Path | None = None) -> str:
    """Return where the gradebook is: in a course folder where its nbgrader configuration says, else beside the records.

    Raises:
        GraderError: ``nbgrader-config-invalid``.
    """
    from autograder.integrations.nbgrader_course import course_settings

    base = root or course_root()
    course = course_settings(base) if base else None
    return course.db_url if course else f"sqlite:///{(out / 'gradebook.db').resolve()}"
