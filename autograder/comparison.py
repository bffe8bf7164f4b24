"""What a changed suite would do to a class: the same works graded by it in a folder of its own, beside the grades kept.

Nothing of the result folder changes, nobody's grade does. The works are graded with the course's own secret, so inputs
are the same and only the suite, its weights and the grader differ.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.grading.fault import without_grade
from autograder.grading.ledger import Ledger
from autograder.grading.pipeline import Progress
from autograder.grading.runs import Figures
from autograder.grading.whose import current_records
from autograder.model import Assignment, GradeRecord
from autograder.roll_call import class_of
from autograder.session import GradeOptions, grade_class

__all__ = ["Change", "Comparison", "compare_suite"]

_KEPT = ("secret", "who-is-this.csv")
"""Files of a result folder that decide how works are graded and whose they are."""


@dataclass(frozen=True, slots=True)
class Change:
    """One student's scores, kept and new; None where there is none. `questions` has both for each question id."""

    student: str
    kept: float | None
    new: float | None
    questions: dict[str, tuple[float | None, float | None]]
    other_work: bool = False
    """Whether the grade kept is of another work than the one graded now."""

    @property
    def by(self) -> float | None:
        """New minus kept."""
        return None if self.kept is None or self.new is None else self.new - self.kept


@dataclass(frozen=True, slots=True)
class Comparison:
    """The class under both suites."""

    assignment: Assignment
    changes: tuple[Change, ...]
    same_suite: bool
    """Whether every grade kept was made by the very suite that graded now."""

    @property
    def moved(self) -> tuple[Change, ...]:
        """Students whose score differs, the largest difference first."""
        found = [change for change in self.changes if change.by]
        return tuple(sorted(found, key=lambda change: (-abs(change.by or 0.0), change.student)))

    @property
    def means(self) -> tuple[float, float] | None:
        """Mean score kept and new over the students who have both; None if nobody has."""
        both = [(c.kept, c.new) for c in self.changes if c.kept is not None and c.new is not None]
        return (sum(k for k, _ in both) / len(both), sum(n for _, n in both) / len(both)) if both else None

    def to_dict(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        means = self.means
        return {
            "assignment": self.assignment.id,
            "same_suite": self.same_suite,
            "means": None if means is None else {"kept": means[0], "new": means[1]},
            "students": [
                {
                    "student": change.student,
                    "kept": change.kept,
                    "new": change.new,
                    "other_work": change.other_work,
                    "questions": {name: list(pair) for name, pair in change.questions.items()},
                }
                for change in self.changes
            ],
        }


def compare_suite(
    options: GradeOptions,
    show: Callable[[Progress], None] = lambda _: None,
    trying: Callable[[], None] = lambda: None,
) -> Comparison:
    """Grade the sources by the suite as it is now and return the scores beside those that `options.out` keeps.

    Args:
        options: as for grading; their result folder and ledger are read only.
        show: called for each submission as it is finished.
        trying: called before the suite is tried with the instructor's own answers.

    Raises:
        GraderError: as `session.grade_class`.
    """
    kept = _kept_records(options)
    with tempfile.TemporaryDirectory(prefix="autograder-compare-") as scratch:
        for name in _KEPT:
            if (options.out / name).is_file():
                shutil.copy2(options.out / name, Path(scratch) / name)
        own = replace(
            options, out=Path(scratch), ledger=None, regrade=False, again_timeouts=False, figures=Figures.NEVER
        )
        summary = grade_class(own, show, trying)
    new = {record.student: record for record in summary.records}
    changes = [_change(student, kept.get(student), new[student]) for student in sorted(new)]
    hashes = {kept[student].suite_hash for student in new if student in kept}
    return Comparison(summary.assignment, tuple(changes), hashes == {summary.assignment.suite_hash})


def _kept_records(options: GradeOptions) -> dict[str, GradeRecord]:
    if options.ledger is None and not (options.out / "ledger.db").is_file():
        return {}
    ledger = Ledger(options.ledger or options.out / "ledger.db")
    try:
        answers = class_of(options.out, options.roster, options.root).answers
        return {record.student: record for record in current_records(ledger, options.assignment_id, answers)}
    finally:
        ledger.close()


def _change(student: str, kept: GradeRecord | None, new: GradeRecord) -> Change:
    old = {} if kept is None else {q.question: q.earned for q in kept.questions}
    now = {} if without_grade(new) else {q.question: q.earned for q in new.questions}
    names = dict.fromkeys([*now, *old])
    return Change(
        student,
        None if kept is None else kept.score,
        None if without_grade(new) else new.score,
        {name: (old.get(name), now.get(name)) for name in names},
        kept is not None and kept.digest != new.digest,
    )
