"""Whose work it is: the roster and staff's answers applied to what intake finds, and what follows for the views.

A name's way: staff's answer, if there is one; else whom the roster knows by it; else, only where there is no roster,
the name itself. With a roster a name that means nobody keeps its work under the name found, for a person
(``student-unknown``); once it is known whose it is, that record is superseded: it stays in the ledger and leaves every
view.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.errors import IntakeError
from autograder.grading.answers import Answers
from autograder.grading.ledger import Ledger
from autograder.intake import read_source
from autograder.intake.findings import verdict
from autograder.intake.likeness import skeleton
from autograder.intake.names import student_id
from autograder.intake.roster import Roster
from autograder.model import Assignment, GradeRecord, Submission

__all__ = ["ANYBODY", "UNKNOWN", "OpenName", "Whose", "current_records", "is_superseded", "open_names"]

UNKNOWN = "student-unknown"
"""Verdict and reason of work under a name that no roster knows."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Tells whom a name in a source means.

    Args:
        roster: the class, or None where anybody may hand in.
        answers: what staff said of names.
    """

    roster: Roster | None = None
    answers: Answers = field(default_factory=Answers)

    def account(self, name: str) -> str | None:
        """Return the student's id for a name as found, or None if it means nobody in the class."""
        said = self.answers(name)
        if self.roster is not None:
            return self.roster(name if said is None else said)
        return student_id(name if said is None else said)[0]

    def required(self, name: str) -> str:
        """Return the account of a student whom staff named; raises IntakeError (``student-unknown``)."""
        account = self.account(name)
        if account is None:
            raise IntakeError(
                UNKNOWN,
                f"수강생 명단에 없는 이름입니다({name}). 명단에 있는 계정이나 학번을 쓰세요.",
                detail=self.roster.source if self.roster is not None else "",
            )
        return account

    def read(
        self,
        source: Path,
        assignment: Assignment,
        *,
        only: Collection[str] | None = None,
        pattern: str | None = None,
    ) -> Iterator[Submission]:
        """Yield what `read_source` finds, under the ids of the students whose work it is; `pattern` as there."""
        if self.roster is not None:
            yield from read_source(source, assignment, students=self.account, only=only, pattern=pattern)
        elif not self.answers:
            yield from read_source(source, assignment, only=only, pattern=pattern)
        else:
            yield from self._answered(read_source(source, assignment, pattern=pattern), only)

    def _answered(self, found: Iterator[Submission], only: Collection[str] | None) -> Iterator[Submission]:
        """Yield submissions under the accounts that staff named; of two different works under one, no second passes."""
        first: dict[str, Submission] = {}
        for submission in found:
            account = self.answers(submission.student)
            told = submission if account is None else replace(submission, student=student_id(account)[0])
            if only is not None and told.student not in only:
                continue
            earlier = first.setdefault(told.student, told)
            if earlier is not told and earlier.digest != told.digest and told.fatal is None:
                collision = verdict("student-collision", detail=earlier.source)
                told = replace(told, verdicts=(*told.verdicts, collision))
            yield told


ANYBODY = Whose()
"""Where there is no roster and nobody has been asked: a name is a student."""


@dataclass(frozen=True, slots=True)
class OpenName:
    """A name under which work waits because nobody in the class is called so.

    Args:
        name: the student's id in the records.
        assignments: of which there is work.
        source: where the newest of it was found.
        answer: the account that staff has named meanwhile: the work is graded under it by the next run.
        like: accounts of members whose account, number or name looks like it.
    """

    name: str
    assignments: tuple[str, ...]
    source: str
    answer: str | None = None
    like: tuple[str, ...] = ()


def current_records(ledger: Ledger, assignment: str, answers: Answers, *, executed: bool = False) -> list[GradeRecord]:
    """Return each student's latest record of an assignment, by student, without those that are superseded."""
    works = ledger.works(assignment)
    found = (job.record for job in ledger.latest(assignment, executed=executed))
    return [record for record in found if record is not None and not is_superseded(record, works, answers)]


def is_superseded(record: GradeRecord, works: Collection[tuple[str, str, str]], answers: Answers) -> bool:
    """Say whether the work of a record has been graded since as the work of the student whose it is.

    Args:
        record: the latest of its student.
        works: `Ledger.works`: every finished work by student, digest and source, in the order seen.
        answers: staff's.
    """
    account = answers(record.student)
    if account is not None and account != record.student:
        graded = {student for student, digest, _ in works if digest == record.digest}
        if student_id(account)[0] in graded:
            return True
    if Path(record.source).name == f"{record.digest}.ipynb":
        return False  # content kept by us, graded again as somebody's: it may be several students'
    # The same file, read since as somebody else's: a roster was given, or it knows the name now.
    same = [student for student, digest, source in works if (digest, source) == (record.digest, record.source)]
    return bool(same) and same[-1] != record.student


def open_names(ledger: Ledger, whose: Whose) -> list[OpenName]:
    """Return the names whose work waits for an answer, sorted, with the answers that the next run will use."""
    found: dict[str, list[GradeRecord]] = {}
    for assignment in ledger.assignments():
        for record in current_records(ledger, assignment, whose.answers):
            if UNKNOWN in record.reasons:
                found.setdefault(record.student, []).append(record)
    return [
        OpenName(
            name,
            tuple(record.assignment for record in own),
            max(own, key=lambda record: record.graded_at).source,
            whose.answers(name) or (whose.roster(name) if whose.roster is not None else None),
            _look_like(name, whose.roster),
        )
        for name, own in sorted(found.items())
    ]


def _look_like(name: str, roster: Roster | None) -> tuple[str, ...]:
    form = skeleton(name)
    return tuple(
        member.account
        for member in roster or ()
        if any(skeleton(text) == form for text in (member.account, member.number, member.name) if text)
    )
