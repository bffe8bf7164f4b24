"""The nbgrader plug-in: ``nbgrader autograde`` and formgrader's buttons, done by this package.

nbgrader names the class that autogrades in its code, not in its configuration, and everything that can go wrong there
goes wrong before its preprocessors run: a notebook that cannot be read ends the batch, a missing one earns zeros, the
row gets its new time before it has its new score, links are followed. So `install` puts `ConfinedAutograde` in the
place of that class. It reads, grades and writes through the same functions as ``autograder grade`` and
``autograder gradebook sync``; a failure that is ours leaves a row without a score that waits for a person, the batch
goes on, and the command ends with status 1.

In the same way `CheckedGenerate` stands in the place of the class that makes the students' form, and formgrader's
buttons answer without waiting for what they begin (`formgrader`).

Feedback needs no such thing: `FeedbackExporter` is an exporter that the configuration names.

Importing this module imports nbgrader, which takes about 3 s.
"""

from __future__ import annotations

import json
import os
from contextlib import closing
from fnmatch import fnmatchcase
from glob import escape
from pathlib import Path
from typing import Any

import nbgrader.apps.api
import nbgrader.apps.autogradeapp
import nbgrader.apps.generateassignmentapp
import nbgrader.converters
from nbconvert.exporters import Exporter
from nbgrader.converters import NbGraderException
from nbgrader.converters.autograde import Autograde
from nbgrader.converters.generate_assignment import GenerateAssignment
from traitlets import Enum, Unicode

from autograder.catalog import load_assignment, read_master
from autograder.errors import GraderError
from autograder.grading.answers import read_answers
from autograder.grading.fault import OUR_FAULT, without_grade
from autograder.grading.identity import course_secret
from autograder.grading.ledger import Ledger
from autograder.grading.runs import Figures
from autograder.grading.warm import warm_slots
from autograder.grading.whose import Whose
from autograder.intake.names import student_id
from autograder.intake.roster import Roster
from autograder.integrations import formgrader
from autograder.integrations.autograded import GRADED_BY
from autograder.integrations.course_roster import class_roster
from autograder.integrations.gradebook import GradebookWriter
from autograder.integrations.nbgrader_course import settings_of
from autograder.integrations.nbgrader_feedback import feedback_page, gradebook_entry
from autograder.integrations.release_step import CheckedGenerate
from autograder.integrations.submitted import grade_submitted
from autograder.model import Assignment, GradeRecord, RecordState
from autograder.plain import one_line, visible
from autograder.report.words import reasons_of
from autograder.sinks.log import clean_log

__all__ = ["ConfinedAutograde", "FeedbackExporter", "RefusingExporter", "install"]

_API = (nbgrader.converters, nbgrader.apps.api)
_PLACES = {
    (*_API, nbgrader.apps.autogradeapp): ("Autograde", Autograde),
    (*_API, nbgrader.apps.generateassignmentapp): ("GenerateAssignment", GenerateAssignment),
}
"""Modules of nbgrader that hold a class, under which name, and which class it is."""


def install() -> None:
    """Make nbgrader's commands and formgrader use this package's steps; may be called again.

    Raises:
        GraderError: ``nbgrader-unexpected``: this nbgrader has a class elsewhere; autograding is made to refuse.
    """
    ours = {"Autograde": ConfinedAutograde, "GenerateAssignment": CheckedGenerate}
    for places, (name, original) in _PLACES.items():
        if any(getattr(place, name, None) not in (original, ours[name]) for place in places):
            Autograde.start = _refuse
            raise GraderError(
                "nbgrader-unexpected",
                "이 버전의 nbgrader에는 채점기를 연결할 수 없습니다. 채점기와 함께 고정된 버전을 설치하세요.",
                detail=f"nbgrader {nbgrader.__version__}: {name}",
            )
    for places, (name, _) in _PLACES.items():
        for place in places:
            setattr(place, name, ours[name])
    formgrader.install()


def _refuse(*_: Any, **__: Any) -> None:
    raise NbGraderException("이 과목의 제출물은 격리하지 않고는 실행하지 않습니다. [unconfined]")


class ConfinedAutograde(Autograde):  # type: ignore[misc]
    """nbgrader's autograde step: grades what is submitted in confinement and writes the gradebook and ``autograded/``.

    Of nbgrader's options `force` (grade again what is graded), `create_student`, `CourseDirectory.student_id`,
    `student_id_exclude`, `assignment_id` and the directories' names hold; hooks and preprocessors are not run.
    A student is created only in a course without a roster: once somebody has entered students, all others wait for a
    person.
    """

    results = Unicode("graded", help="Result folder, relative to the course folder or absolute.").tag(config=True)
    figures = Enum(
        [when.value for when in Figures],
        Figures.AFTER.value,
        help="When the outputs of cells that carry no points are made: after all scores, now, or never.",
    ).tag(config=True)

    def start(self) -> None:
        """Grade the submissions that match.

        Raises:
            NbGraderException: nothing could be graded, or some submissions wait for a person through no fault of
                their own.
        """
        clean_log(self.log)
        try:
            failed = self._grade()
        except GraderError as error:
            self.log.error("%s", error)  # noqa: TRY400 (what to do is in the message, not in the traceback)
            raise NbGraderException(visible(str(error))) from error
        if failed:
            for student, reason in sorted(failed.items()):
                self.log.error("There was an error processing assignment for student '%s': %s", student, reason)
            names = one_line(", ".join(sorted(failed)), 2000)
            raise NbGraderException(f"{len(failed)}명의 제출물을 채점하지 못했습니다. 조교가 확인해야 합니다: {names}")

    def _grade(self) -> dict[str, str]:
        """Return why, for each student whose submission could not be graded through a fault of ours."""
        settings = settings_of(self.coursedir, self)
        assignment = load_assignment(self.coursedir.assignment_id, settings.root)
        out = settings.root / self.results
        folders = self._folders(assignment, settings.submitted)
        whose = Whose(class_roster(settings.root, settings.db_url), read_answers(out))
        failed = dict.fromkeys(self._unknown(folders, whose.roster), "not in the database")
        # Who is in no roster is graded too: to a record that waits for a person, and no row.
        wanted = {student_id(whose.account(name) or name)[0] for name in folders if name not in failed}
        writer = GradebookWriter(
            assignment,
            read_master(assignment),
            settings.root,
            db_url=settings.db_url,
            autograded_dir=settings.autograded,
            submitted_dir=settings.submitted,
            course_id=settings.course_id,
            secret=course_secret(out),
            late=settings.late,
            roster=whose.roster,
        )
        slots = warm_slots(len(os.sched_getaffinity(0)))
        finished: dict[str, list[GradeRecord]] = {}
        jobs = grade_submitted(
            assignment,
            settings.submitted,
            out,
            slots,
            only=wanted,
            regrade=self.force,
            whose=whose,
            figures=Figures(self.figures),
        )
        with closing(jobs):
            for progress in jobs:
                record = progress.record
                own = finished.setdefault(record.student, [])
                if progress.drawn:  # the score is written; the notebook is written again, with its figures
                    own[:] = [record if record.digest == other.digest else other for other in own]
                    writer.write(own)
                    self.log.info("Figures of %s/%s", record.student, record.assignment)
                    continue
                own.append(record)  # more than one if two folders are one name: the writer takes the same as `sync`
                for refusal in writer.write(own).refused:
                    failed[record.student] = f"{refusal.message} [{refusal.code}]"
                if without_grade(record):
                    told = (f"{sentence} [{code}]" for code, sentence, _ in reasons_of(record) if code in OUR_FAULT)
                    failed[record.student] = " ".join(told)
                self._tell(record, cached=progress.cached)
        return {**failed, **dict.fromkeys(wanted.difference(finished), "still being graded elsewhere")}

    def _folders(self, assignment: Assignment, submitted: Path) -> list[str]:
        """Return the students' folders that match; raises NbGraderException if there is none, as nbgrader does."""
        wanted, excluded = self.coursedir.student_id, self.coursedir.student_id_exclude.split(",")
        folders = [path.parent.name for path in sorted(submitted.glob(f"*/{escape(assignment.id)}")) if path.is_dir()]
        if not fnmatchcase(Path(assignment.notebook).stem, self.coursedir.notebook_id):
            folders = []
        found = [name for name in folders if wanted in ("*", name)] or [n for n in folders if fnmatchcase(n, wanted)]
        found = [name for name in found if name not in excluded]
        if not found:
            message = f"No submissions of '{assignment.id}' were matched by '{wanted}' in {submitted}"
            self.log.error(message)
            raise NbGraderException(visible(message))
        return found

    def _unknown(self, folders: list[str], roster: Roster | None) -> list[str]:
        """Return those of students who are not in the gradebook, if they are not to be created; a roster says more."""
        if self.create_student or roster is not None:
            return []
        from nbgrader.api import Gradebook

        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            known = {student.id for student in gradebook.students}
        return [name for name in folders if name not in known]

    def _tell(self, record: GradeRecord, *, cached: bool) -> None:
        score = "no score" if record.score is None else f"{record.score:g} / {record.possible:g}"
        note = f", waits for a person ({', '.join(record.reasons)})" if record.state is RecordState.NEEDS_STAFF else ""
        self.log.info(
            "%s %s: %s%s",
            "Already graded" if cached else "Graded",
            f"{record.student}/{record.assignment}",
            score,
            note,
        )


class RefusingExporter(Exporter):
    """In the place of the exporter that would run student code in a kernel of nbgrader's."""

    def from_filename(self, *args: Any, **kwargs: Any) -> Any:
        """Raise NbGraderException."""
        _refuse()


class FeedbackExporter(Exporter):
    """nbgrader's feedback step: the package's own feedback page, with what a person added in the gradebook."""

    results = Unicode("graded", help="Result folder, as of `ConfinedAutograde`.").tag(config=True)
    file_extension = ".html"

    def from_filename(self, filename: str, resources: dict[str, Any] | None = None, **_: Any) -> Any:
        """Return the page of an autograded notebook, and nbconvert's resources.

        Raises:
            GraderError: ``record-missing``: it was not written from a record of the result folder.
        """
        clean_log(self.parent.log)
        made = {**(resources or {}), "output_extension": self.file_extension}
        own, coursedir = made["nbgrader"], self.parent.coursedir
        settings = settings_of(coursedir, self.parent)
        assignment = load_assignment(own["assignment"], settings.root)
        record = _record_of(Path(filename), settings.root / self.results, own["assignment"], own["student"])
        entry = gradebook_entry(assignment, own["student"], db_url=settings.db_url)
        return feedback_page(record, assignment, entry), made


def _record_of(notebook: Path, out: Path, assignment: str, student: str) -> GradeRecord:
    """Return the record that an autograded notebook was written from."""
    graded_by = json.loads(notebook.read_text(encoding="utf-8"))["metadata"].get(GRADED_BY, {})
    ledger = Ledger(out / "ledger.db")
    try:
        records = [job.record for job in reversed(ledger.history(assignment, student)) if job.record is not None]
    finally:
        ledger.close()
    for record in records:
        if all(getattr(record, name) == value for name, value in graded_by.items()):
            return record
    raise GraderError(
        "record-missing",
        "이 제출물의 채점 기록이 없습니다. nbgrader autograde로 다시 채점하세요.",
        detail=f"{student}/{assignment} in {out}",
    )
