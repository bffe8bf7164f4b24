"""Honest work in a difficult frame: cases of ``tests/corpus/honest/``, and what a grade says that the case does not.

A case is a work of an assignment in the form of `autograder.corpus` (the instructor's notebook, and the cells that
differ from it) whose header says what grading must give:

    assignment:      the assignment's id
    about:           one line on what this student does
    expect:          the automatic score, or LOWEST..HIGHEST where only `alike` can say more
    loses:           names of the hidden tests it loses, separated by commas; no others
    loses-question:  ids of questions that lose all their points
    says:            codes of the verdicts it must get; no others
    may-say:         codes of verdicts it may get besides
    message:         ``q5: words`` that a lost test of this question must be told, ``cells: words`` a verdict must hold
    shows:           words that a cell's outputs must hold
    times:           how often the case's cells are inserted, 1 if not stated
    never:           words that nothing told to the student may hold
    alike:           another case whose tests end the same way
    limits:          limits other than the assignment's, ``call_seconds=1``, so that a time-out is quick
    staff:           ``yes`` where a person must be asked (``no`` if not stated)
    soak:            ``yes`` where it takes long

Keys other than `assignment`, `about` and `expect` are optional; `message`, `shows`, `never` and lists may be repeated.
All cells are run: a case that is not about experiments drops them. In no case may an output hold a frame of the
grader's or of the course package's: what a student reads is about their own code.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.corpus import Case, Edit, read_edits, read_limits
from autograder.errors import InfrastructureError
from autograder.grading.scoring import score_questions, staff_reasons, total
from autograder.judge import Judge
from autograder.model import Outcome, TestOutcome, Verdict
from tests.grading.works import CORPUS, assignment_of, job_and_verdicts

FOLDER = CORPUS / "honest"
CELLS = "cells"

_ONCE = ("assignment", "about", "expect", "alike", "staff", "soak", "times")
_MANY = ("loses", "loses-question", "says", "may-say", "message", "shows", "never", "limits")
_OURS = re.compile(r"(?:\bautograder|\bcourse)/(?:\w+/)*\w+\.py")
"""A file of the grader's or of the course package's, as a traceback names it."""
_HEADER = re.compile(r"# ([\w-]+): *(.*)")


@dataclass(frozen=True)
class Honest:
    """One case, see the module."""

    case: Case
    assignment: str
    lowest: float
    highest: float
    questions: frozenset[str]
    says: frozenset[str]
    may_say: frozenset[str]
    messages: tuple[tuple[str, str], ...]
    shows: tuple[str, ...]
    never: tuple[str, ...]
    alike: str
    staff: bool
    soak: bool

    @property
    def name(self) -> str:
        """The file's name without ``.py``."""
        return self.case.name


@dataclass(frozen=True)
class Found:
    """What grading gave."""

    score: float | None
    tests: tuple[TestOutcome, ...]
    verdicts: tuple[Verdict, ...]
    reasons: tuple[str, ...]
    """Why a person is asked."""
    shown: str = ""
    """All text in the outputs of cells."""

    @property
    def outcomes(self) -> dict[str, str]:
        """Test name to outcome."""
        return {test.name: test.outcome.value for test in self.tests}


def read(path: Path) -> Honest:
    """Read one case; raises ValueError if its header does not have the form."""
    lines = path.read_text(encoding="utf-8").splitlines()
    first = next((number for number, line in enumerate(lines) if line.startswith("# %%")), len(lines))
    header: dict[str, list[str]] = {key: [] for key in (*_ONCE, *_MANY)}
    for line in filter(None, lines[:first]):
        match = _HEADER.fullmatch(line.rstrip())
        if match is None or match[1] not in header:
            raise ValueError(f"{path.name}: {line!r}")
        header[match[1]].append(match[2])
    one = {key: header[key][0] if header[key] else "" for key in _ONCE}
    lowest, _, highest = one["expect"].partition("..")
    messages = [message.partition(": ") for message in header["message"]]
    if (
        any(len(header[key]) > 1 for key in _ONCE)
        or not all(header[key] for key in ("assignment", "about", "expect"))
        or not {one["staff"], one["soak"]} <= {"", "yes", "no"}
        or not re.fullmatch(r"\d*", one["times"])
        or not all(place and words for place, _, words in messages)
    ):
        raise ValueError(f"{path.name}: a key is missing, repeated or malformed")
    return Honest(
        case=Case(
            name=path.stem,
            about=one["about"],
            question="",
            loses=tuple(_words(header["loses"])),
            expect=one["expect"],
            edits=_repeated(list(read_edits(path.name, lines[first:])), int(one["times"] or 1)),
            limits=read_limits(path.name, header["limits"]),
        ),
        assignment=one["assignment"],
        lowest=float(lowest),
        highest=float(highest or lowest),
        questions=frozenset(_words(header["loses-question"])),
        says=frozenset(_words(header["says"])),
        may_say=frozenset(_words(header["may-say"])),
        messages=tuple((place, words) for place, _, words in messages),
        shows=tuple(header["shows"]),
        never=tuple(header["never"]),
        alike=one["alike"],
        staff=one["staff"] == "yes",
        soak=one["soak"] == "yes",
    )


@lru_cache
def all_cases() -> tuple[Honest, ...]:
    """Every case, by name."""
    return tuple(read(path) for path in sorted(FOLDER.glob("*.py")))


def job(case: Honest) -> dict[str, Any]:
    """The job that grades a case."""
    return job_and_verdicts(case.assignment, case.case)[0]


def found_in(case: Honest, result: dict[str, Any]) -> Found:
    """What a judge's result means for the student: the points, and whether a person is asked."""
    tests = tuple(TestOutcome.from_dict(test) for test in result["tests"])
    early = job_and_verdicts(case.assignment, case.case)[1]
    verdicts = (*early, *(Verdict.from_dict(verdict) for verdict in result["verdicts"]))
    questions = score_questions(assignment_of(case.assignment), tests)
    reasons = staff_reasons(questions, tests, verdicts)
    return Found(total(questions), tests, verdicts, reasons, _text(result["executed"]))


def grade(judge: Judge, case: Honest) -> Found:
    """Grade a case; trouble that is ours asks a person, as it would after the last try."""
    try:
        return found_in(case, judge.grade(job(case)))
    except InfrastructureError as error:
        return Found(None, (), (), (error.code,))


def faults(case: Honest, found: Found, other: Found | None = None) -> list[str]:
    """What is not as the case says; `other` is what grading gave for the case that this one is alike."""
    return [
        *_score_faults(case, found),
        *_loss_faults(case, found),
        *_verdict_faults(case, found.verdicts),
        *_word_faults(case, found),
        *_output_faults(case, found.shown),
        *([] if other is None else _differences(found, other)),
    ]


def _score_faults(case: Honest, found: Found) -> list[str]:
    wrong = []
    if found.score is None or not case.lowest <= found.score <= case.highest:
        wrong.append(f"score {found.score}, not {case.case.expect}")
    if bool(found.reasons) != case.staff:
        wrong.append(f"a person is asked for {found.reasons or 'nothing'}")
    return wrong


def _loss_faults(case: Honest, found: Found) -> list[str]:
    """Tests lost that must not be, and the other way round; errors of our own are told by the reasons."""
    counted = [test for test in found.tests if not test.badge]
    lost = {test.name: test for test in counted if test.outcome in (Outcome.FAILED, Outcome.BLOCKED)}
    due = {*case.case.loses, *(test.name for test in counted if test.question in case.questions)}
    if case.lowest < case.highest:
        due |= lost.keys()  # which ones is up to chance
    wrong = [f"{name} is lost: {lost[name].message} | {lost[name].detail[:300]}" for name in sorted(lost.keys() - due)]
    wrong += [f"{name} is not lost" for name in sorted(due - lost.keys())]
    points = sum(test.points for test in counted)
    if points != assignment_of(case.assignment).points:
        wrong.append(f"tests of {points:g} points were reported")
    return wrong


def _verdict_faults(case: Honest, verdicts: Iterable[Verdict]) -> list[str]:
    said = {verdict.code: verdict.message for verdict in verdicts}
    wrong = [f"verdict {code}: {said[code]}" for code in sorted(said.keys() - case.says - case.may_say)]
    return wrong + [f"no verdict {code}" for code in sorted(case.says - said.keys())]


def _word_faults(case: Honest, found: Found) -> list[str]:
    told = [(CELLS, verdict.message) for verdict in found.verdicts]
    told += [(test.question, test.message) for test in found.tests if test.outcome is not Outcome.DEFERRED]
    wrong = [
        f"{place} is not told {words!r} but {sorted({text for at, text in told if at == place and text})}"
        for place, words in case.messages
        if not any(at == place and words in text for at, text in told)
    ]
    return wrong + [f"{at} is told {text!r}" for at, text in told for words in case.never if words in text]


def _output_faults(case: Honest, shown: str) -> list[str]:
    wrong = [f"no output holds {words!r}" for words in case.shows if words not in shown]
    return wrong + [f"a frame of ours is shown: {found[0]}" for found in _OURS.finditer(shown)]


def _text(notebook: dict[str, Any]) -> str:
    """Return everything that cells show as text; a figure is its base64."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", ())]
    return "\n".join(json.dumps(output, ensure_ascii=False) for output in outputs)


def _repeated(edits: list[Edit], times: int) -> tuple[Edit, ...]:
    """Return the edits; cells that are inserted so many times, in turns."""
    inserted = [edit for edit in edits if edit.action in ("before", "after")]
    return (*edits, *(inserted * (times - 1)))


def _differences(found: Found, other: Found) -> list[str]:
    mine, theirs = found.outcomes, other.outcomes
    return [f"{name} is {mine.get(name)}, there {theirs[name]}" for name in theirs if mine.get(name) != theirs[name]]


def _words(lines: Sequence[str]) -> list[str]:
    return [word for line in lines for word in re.split(r"[,\s]+", line) if word]
