"""The domain's words as frozen dataclasses: what an assignment, a submission and a grade are.

Everything here is a plain value: no processes, no files, no clocks. Each class that is stored or sent has
`to_dict` and `from_dict`; the dictionaries hold JSON types only. `GradeRecord` is the only thing a result is
ever derived from (feedback, CSV, gradebook, class report), and its schema carries a version.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

__all__ = [
    "NOT_BEGUN",
    "RECORD_SCHEMA",
    "Assignment",
    "CellRun",
    "GradeRecord",
    "Limits",
    "OpenProblem",
    "Outcome",
    "Question",
    "QuestionScore",
    "RecordState",
    "Submission",
    "TestOutcome",
    "Verdict",
]

RECORD_SCHEMA = 2
"""Version of `GradeRecord.to_dict`; raised when a reader of the old form could misread the new one.

2: limits count CPU seconds; cells and tests carry `cpu_seconds` and the `limit` that ended them. Records of version 1
are read too: there, limits were wall-clock seconds.
"""

_READABLE_SCHEMAS = (1, 2)


NOT_BEGUN = "작성하지 않은 문항입니다."
"""Message of each test of a question for which nothing was written: none of them is run."""

_SPARE_SECONDS = 60
"""What interrupting, checkpoints and our own work add to a process's CPU time, with much room."""


def _flat(value: Any) -> dict[str, Any]:
    """Return the fields of a dataclass (with slots) that holds plain values only: a tenth of `asdict`'s cost."""
    return {name: getattr(value, name) for name in value.__slots__}


class Outcome(StrEnum):
    """What became of one hidden test."""

    PASSED = "passed"
    FAILED = "failed"
    BLOCKED = "blocked"
    """Not run: what it needs is missing (the function is not defined, or its cell raised)."""
    DEFERRED = "deferred"
    """Needs a GPU runner; says nothing about the student and costs nothing."""
    ERROR = "error"
    """The grader's own fault; goes to staff and never becomes a zero by itself."""


class RecordState(StrEnum):
    """Whether a record is final or waits for a person."""

    GRADED = "graded"
    NEEDS_STAFF = "needs-staff"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Something intake, assembly or execution found about a submission.

    Args:
        code: stable English code, for example ``"syntax-error"``.
        message: Korean sentence for the student: what was found and what to do.
        fatal: the submission cannot be run at all (then it is not graded and goes to staff).
        cell: `grade_id` or 0-based index in the notebook as handed in (as text, see `autograder.cells`) of the cell
            concerned, or None.
        detail: English, staff only.
    """

    code: str
    message: str
    fatal: bool = False
    cell: str | None = None
    detail: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the value as JSON types."""
        return _flat(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Verdict:
        """Rebuild the value from what `to_dict` returned; unknown keys are ignored."""
        return cls(**{f.name: data[f.name] for f in dataclasses.fields(cls) if f.name in data})


@dataclass(frozen=True, slots=True)
class Limits:
    """What one submission may use. Seconds are CPU seconds unless said otherwise, MB are 2**20 bytes.

    CPU seconds are those of the sandbox's processes and threads, read by the judge: a busy machine uses up none.
    """

    cell_seconds: float = 60.0
    """One cell."""
    answers_seconds: float = 180.0
    """The setup and answer cells together."""
    notebook_seconds: float = 180.0
    """All other cells together: the student's own, instant checks, experiments."""
    call_seconds: float = 10.0
    """One call of a hidden test."""
    question_seconds: float = 30.0
    """All calls of one question; also one instant check."""
    asleep_seconds: float = 20.0
    """Wall-clock seconds that one cell or one call may wait for what the machine does not owe it."""
    starved_factor: float = 30.0
    """Times its CPU limit that a cell or call may have to wait for the machine; beyond, it is tried again later."""
    memory_mb: int = 2048
    """Private memory beyond what the fork server already holds."""
    output_kb: int = 1024
    """Stream text kept for each cell; the rest is dropped while it is read."""
    scratch_mb: int = 128
    scratch_files: int = 4096
    frame_mb: int = 256
    """Largest frame accepted from the sandbox."""

    @property
    def question_asleep_seconds(self) -> float:
        """Wall-clock seconds that the calls of one question may wait together: as many calls' as of CPU seconds."""
        return self.asleep_seconds * max(1.0, self.question_seconds / self.call_seconds)

    @property
    def process_seconds(self) -> int:
        """CPU seconds that no process of a sandbox can reach within its other limits, for the kernel's own limit."""
        return math.ceil(self.answers_seconds + self.notebook_seconds + self.question_seconds + _SPARE_SECONDS)

    def to_dict(self) -> dict[str, Any]:
        """Return the value as JSON types."""
        return _flat(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Limits:
        """Rebuild the value from what `to_dict` returned; unknown keys are ignored."""
        return cls(**{f.name: data[f.name] for f in dataclasses.fields(cls) if f.name in data})


@dataclass(frozen=True, slots=True)
class Question:
    """One graded question.

    Args:
        id: short id, ``"q1"``; the suite's ``test_q1.py`` holds its hidden tests.
        title: Korean title.
        points: points the hidden tests of this question sum to, or of the manual cell.
        manual: graded by a person (reflection); has no hidden tests.
        names: functions the student defines for it, in order.
        solution_cell: nbgrader `grade_id` of the cell the student writes in.
        check_cell: nbgrader `grade_id` of the locked autograded cell the score is recorded in; for a manual
            question the same as `solution_cell`.
        kind: what it asks for: ``"typing"``, ``"finding"``, ``"debugging"`` or ``"designing"``, or "" where the
            assignment does not say (see `assignment_file.QuestionKind`).
        formerly: functions that an earlier release asked for in its place; who has written one of them only is told.
    """

    id: str
    title: str
    points: float
    manual: bool = False
    names: tuple[str, ...] = ()
    solution_cell: str = ""
    check_cell: str = ""
    kind: str = ""
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenProblem:
    """What an assignment leaves open: a baseline to beat under a budget. Students state a number, nobody grades it.

    Args:
        title: Korean title.
        measure: Korean name of the number, ``"테스트 정확도"``.
        better: ``"high"`` or ``"low"``: which end of the measure is the good one.
        baseline: the number to beat.
        budget: most that may be spent, in `unit`.
        unit: Korean name of what is spent, ``"파라미터"`` or ``"표본"``.
        least: smallest number that the measure can be.
        most: largest number that the measure can be.
    """

    title: str
    measure: str
    better: str
    baseline: float
    budget: float
    unit: str
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Assignment:
    """An assignment as its `assignment.toml` and folders describe it.

    Args:
        id: the folder's name everywhere, for example ``"01-vanishing-gradients"``.
        title: Korean title.
        points: sum over the questions graded automatically (100).
        questions: in the notebook's order.
        limits: what one submission may use.
        runner: ``"cpu"`` or ``"gpu"``: where the suite's badge tests can run.
        notebook: file name of the notebook a student submits.
        extra_files: other file names a student may submit.
        suite_dir: folder of the hidden suite.
        suite_hash: sha256 (hex) over the suite's files and the master notebook, in the ledger's key.
        master: path of the instructor's notebook, or None in an installation without `solutions/`.
        timezone: IANA name of the course's time zone, in which every time is shown.
        open_problem: what the class board shows, None where the assignment has none.
    """

    id: str
    title: str
    points: float
    questions: tuple[Question, ...]
    limits: Limits
    runner: str
    notebook: str
    extra_files: tuple[str, ...]
    suite_dir: Path
    suite_hash: str
    master: Path | None
    timezone: str = "Asia/Seoul"
    open_problem: OpenProblem | None = None

    def question(self, question_id: str) -> Question:
        """Return the question with this id; raises KeyError."""
        for question in self.questions:
            if question.id == question_id:
                return question
        raise KeyError(question_id)

    @property
    def manual_points(self) -> float:
        """Points that only a person can give, beside the automatic total."""
        return sum(q.points for q in self.questions if q.manual)


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's work for one assignment, immutable.

    Args:
        student: id as the source names it, NFC-normalised.
        assignment: assignment id.
        digest: sha256 (hex) of the normalised content; with `student` and `assignment` it is the identity.
        notebook: the submitted notebook as a JSON object of nbformat 4, normalised, or None if it cannot be read
            (then `verdicts` holds a fatal one).
        source: where it came from, for staff (path, or ``archive.zip!member``).
        received_at: the server's time of receipt, ISO 8601 with offset, or "" if the source has none.
        verdicts: what intake found.
    """

    student: str
    assignment: str
    digest: str
    notebook: dict[str, Any] | None
    source: str
    received_at: str = ""
    verdicts: tuple[Verdict, ...] = ()

    @property
    def fatal(self) -> Verdict | None:
        """The first fatal verdict, if the submission cannot be run."""
        return next((v for v in self.verdicts if v.fatal), None)


@dataclass(frozen=True, slots=True)
class TestOutcome:
    """What became of one hidden test for one submission.

    Args:
        name: the test function's name, unique in the suite (with its parameter id in brackets, if any).
        question: question id, or "" for a badge outside the questions.
        title: first line of the docstring, Korean; what the student sees as the test's name.
        points: points this test is worth.
        outcome: see `Outcome`.
        message: Korean, for the student: symptom and hint; never holds hidden values.
        detail: for staff only: assertion text, hidden inputs, traceback.
        seconds: wall-clock seconds.
        badge: marked ``gpu``: shown beside the total, never in it.
        carried: passed only after an earlier question's function was replaced by a correct stand-in
            (an error carried forward is not punished twice).
        cpu_seconds: CPU seconds that the student's code used for it.
        limit: which limit ended it: ``"cpu"``, ``"asleep"`` or "" for none.
        place: for staff only: where in the suite's files it ended, ``"test_q1.py:12"``; "" if it passed.
    """

    __test__ = False

    name: str
    question: str
    title: str
    points: float
    outcome: Outcome
    message: str = ""
    detail: str = ""
    seconds: float = 0.0
    badge: bool = False
    carried: bool = False
    cpu_seconds: float = 0.0
    limit: str = ""
    place: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the value as JSON types."""
        return {**_flat(self), "outcome": self.outcome.value}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> TestOutcome:
        """Rebuild the value from what `to_dict` returned; unknown keys are ignored."""
        kept = {f.name: data[f.name] for f in dataclasses.fields(cls) if f.name in data}
        return cls(**{**kept, "outcome": Outcome(data["outcome"])})


@dataclass(frozen=True, slots=True)
class CellRun:
    """How one code cell of the notebook ran.

    Args:
        index: 0-based index in the executed notebook.
        grade_id: nbgrader grade_id, or "".
        status: ``"ok"``, ``"error"``, ``"timeout"``, ``"died"`` (the process ended), ``"memory"``, ``"skipped"``, or
            ``"later"`` (not run before the score, see `autograder.intake.put_off`).
        ename: exception type name where status is "error", else "".
        line: 1-based line of the cell at which it stopped, or 0.
        seconds: wall-clock seconds.
        cpu_seconds: CPU seconds it used.
        limit: where status is "timeout", which limit it met: ``"cpu"``, ``"asleep"`` or ``"notebook"`` (what all cells
            of its kind may use together); "" in records of version 1.
        number: the cell's number for people, see `autograder.cells`; 0 if it was not handed in.
    """

    index: int
    grade_id: str
    status: str
    ename: str = ""
    line: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    limit: str = ""
    number: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return the value as JSON types."""
        return _flat(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> CellRun:
        """Rebuild the value from what `to_dict` returned; unknown keys are ignored."""
        return cls(**{f.name: data[f.name] for f in dataclasses.fields(cls) if f.name in data})


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """Points of one question. `earned` is None while only a person can say (manual, or our own error)."""

    question: str
    earned: float | None
    possible: float
    state: str
    """``"graded"``, ``"manual"`` (waits for a person by design) or ``"needs-staff"``."""

    def to_dict(self) -> dict[str, Any]:
        """Return the value as JSON types."""
        return _flat(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> QuestionScore:
        """Rebuild the value from what `to_dict` returned; unknown keys are ignored."""
        return cls(**{f.name: data[f.name] for f in dataclasses.fields(cls)})


@dataclass(frozen=True, slots=True)
class GradeRecord:
    """Everything known about one graded submission; the source of every view.

    `score` is the sum of the automatically graded questions, or None when any of them needs staff.
    `executed` is the executed notebook (nbformat 4 JSON) with outputs, or None if nothing could run.
    `environment` holds versions, device, confinement and whether it was ``unsafe``; `seeds` the fingerprint of the
    course secret and the notebook's seed.
    """

    student: str
    assignment: str
    digest: str
    suite_hash: str
    grader_version: str
    state: RecordState
    score: float | None
    possible: float
    questions: tuple[QuestionScore, ...]
    tests: tuple[TestOutcome, ...]
    cells: tuple[CellRun, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    executed: dict[str, Any] | None = None
    source: str = ""
    received_at: str = ""
    graded_at: str = ""
    seconds: float = 0.0
    reasons: tuple[str, ...] = ()
    """Why a person is needed, as stable English codes; empty when `state` is graded."""
    environment: dict[str, Any] = field(default_factory=dict)
    seeds: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the record as JSON types, with ``"schema"`` first."""
        flat = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        flat["state"] = self.state.value
        for name in ("questions", "tests", "cells", "verdicts"):
            flat[name] = [item.to_dict() for item in flat[name]]
        flat["reasons"] = list(self.reasons)
        return {"schema": RECORD_SCHEMA, **flat}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> GradeRecord:
        """Rebuild a record; raises ValueError for an unknown schema version, KeyError for a missing field."""
        if data.get("schema") not in _READABLE_SCHEMAS:
            raise ValueError(f"grade record schema {data.get('schema')!r}, this version reads {_READABLE_SCHEMAS}")
        kept = {f.name: data[f.name] for f in dataclasses.fields(cls) if f.name in data}
        return cls(
            **{
                **kept,
                "state": RecordState(data["state"]),
                "questions": tuple(QuestionScore.from_dict(q) for q in data["questions"]),
                "tests": tuple(TestOutcome.from_dict(t) for t in data["tests"]),
                "cells": tuple(CellRun.from_dict(c) for c in data.get("cells", ())),
                "verdicts": tuple(Verdict.from_dict(v) for v in data.get("verdicts", ())),
                "reasons": tuple(data.get("reasons", ())),
            }
        )
