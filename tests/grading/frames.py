"""Works in every frame that the world makes: cases of ``tests/corpus/frames/``, each crossed with several questions.

A frame is one data file. Its header says on which questions it is tried and what grading must give; its cells, in
percent form, say how the notebook differs from the one a good student hands in: the released notebook with the
instructor's answers, without ungraded code cells.

The header is the leading lines ``# key: value``; `about`, `on` and `expect` are needed, lists may be repeated:

    about:    one line on what this student did (required)
    on:       crossings, the first for daily tests: ``01/q1 03/q4+q5 05``, the assignment and the questions graded
              (all, if none is named); ``01/q1=4`` expects 4 there; ``01/q1<03`` has assignment 03 as the other one, and
              ``pairs`` stands for all ordered pairs of assignments
    more:     further crossings that only the long tests try; they, too, count for a frame's three questions of two
              assignments
    expect:   points of the graded questions: ``all``, a number, ``wrong`` (all but what the wrong answer of the first
              question is known to lose, test by test), ``rest`` (all but the first question's), ``nothing`` (no score)
    says:     codes of verdicts that it must get, ``a|b`` for either
    may-say:  codes of verdicts that it may get besides; ``any`` for all. Every other verdict is a fault
    message:  ``code: words`` that a verdict of this code must hold
    staff:    ``yes`` where a person must be asked
    check:    ``no`` where ``autograder check`` must exit with 1
    feedback: ``short`` where the student's page repeats no sentence

`tests.grading.sheets` tells what the cells may say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import permutations
from pathlib import Path

from autograder.model import Assignment, GradeRecord, Outcome, Question
from tests.grading.sheets import Notebook, Sheet, automatic, is_edit, wrong_case
from tests.grading.works import CORPUS, IDS, assignment_of

FOLDER = CORPUS / "frames"

_EVERY = 4
"""Every fourth frame, by name, is tried every day on the first crossing in `on`; all else is for the long tests."""
_ALWAYS = frozenset(
    {
        *("all-answers-in-the-first-cell", "answer-joined-with-its-check", "import-added-to-the-setup-cell"),
        *("split-cell", "wrong-copy-first", "wrong-redefinition-at-the-end", "every-name-overwritten"),
        *("reset-at-the-end", "modules-shadowed-in-the-middle", "stub-left-for-the-others-below"),
        *("another-assignment", "foreign-notebook", "template-untouched", "only-the-reflection-written"),
        *("own-notebook", "fix-below", "saved-by-formatter", "saved-by-colab-bare"),
    }
)
"""Frames that are tried every day whatever their place."""

_ONCE = ("about", "expect", "staff", "check", "feedback")
_MANY = ("on", "more", "says", "may-say", "message")
_HEADER = re.compile(r"# ([\w-]+): *(.*)")
_CROSSING = re.compile(r"(\d\d)(?:/(q\d(?:\+q\d)*))?(?:<(\d\d))?(?:=([\d.]+))?")
_EXPECT = re.compile(r"all|wrong|rest|nothing|\d+(\.\d+)?")


@dataclass(frozen=True)
class Frame:
    """One data file, see the module."""

    name: str
    about: str
    on: tuple[str, ...]
    more: tuple[str, ...]
    expect: str
    says: tuple[frozenset[str], ...]
    may_say: frozenset[str]
    messages: tuple[tuple[str, str], ...]
    staff: bool
    check: bool
    short: bool
    edits: tuple[tuple[str, str], ...]
    """Marker (without ``# %%``) and source of each cell."""


@dataclass(frozen=True)
class Crossing:
    """A frame on questions of an assignment."""

    frame: Frame
    assignment: Assignment
    questions: tuple[Question, ...]
    other: Assignment | None
    points: float | None
    """Stated for this crossing, in place of the frame's `expect`."""
    soak: bool
    """Only the long tests try it."""

    @property
    def name(self) -> str:
        """What the test is called."""
        where = self.assignment.id[:2]
        if self.other is not None:
            return f"{self.frame.name}-{where}-from-{self.other.id[:2]}"
        whole = len(self.questions) == len(automatic(self.assignment))
        return f"{self.frame.name}-{where}" + ("" if whole else "-" + "-".join(q.id for q in self.questions))

    @property
    def graded(self) -> tuple[str, ...]:
        """Ids of the questions to grade."""
        return tuple(question.id for question in self.questions)


def read(path: Path) -> Frame:
    """Read one file; raises ValueError if it does not have the form."""
    return parse(path.stem, path.read_text(encoding="utf-8"))


def parse(name: str, text: str) -> Frame:
    """Return the frame that a file of this name and text holds; raises ValueError as `read`."""
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("# %%")]
    header: dict[str, list[str]] = {key: [] for key in (*_ONCE, *_MANY)}
    for line in filter(None, lines[: starts[0] if starts else len(lines)]):
        match = _HEADER.fullmatch(line.rstrip())
        if match is None or match[1] not in header:
            raise ValueError(f"{name}: {line!r}")
        header[match[1]].append(match[2])
    one = {key: header[key][0] if header[key] else "" for key in _ONCE}
    messages = [message.partition(": ") for message in header["message"]]
    if (
        any(len(header[key]) > 1 for key in _ONCE)
        or not (one["about"] and header["on"] and _EXPECT.fullmatch(one["expect"]))
        or not {one["staff"], one["check"]} <= {"", "yes", "no"}
        or one["feedback"] not in ("", "short")
        or not all(code and words for code, _, words in messages)
    ):
        raise ValueError(f"{name}: a key is missing, repeated or malformed")
    edits = [
        (lines[start].removeprefix("# %%").strip(), "\n".join(lines[start + 1 : end]).strip("\n"))
        for start, end in zip(starts, [*starts, len(lines)][1:], strict=True)
    ]
    for marker, source in edits:
        if not is_edit(marker, source):
            raise ValueError(f"{name}: cell {marker!r}")
    return Frame(
        name=name,
        about=one["about"],
        on=tuple(_words(header["on"])),
        more=tuple(_words(header["more"])),
        expect=one["expect"],
        says=tuple(frozenset(word.split("|")) for word in _words(header["says"])),
        may_say=frozenset(_words(header["may-say"])),
        messages=tuple((code, words) for code, _, words in messages),
        staff=one["staff"] == "yes",
        check=one["check"] != "no",
        short=one["feedback"] == "short",
        edits=tuple(edits),
    )


def crossings(frame: Frame) -> list[Crossing]:
    """Return the frame's crossings; raises ValueError for one that does not exist."""
    found: list[Crossing] = []
    by_number = {assignment_id[:2]: assignment_of(assignment_id) for assignment_id in IDS}
    pairs = [f"{here[:2]}<{there[:2]}" for here, there in permutations(IDS, 2)]
    everyday = _spelt_out(frame.on, pairs)
    for word in (*everyday, *(word for word in _spelt_out(frame.more, pairs) if word not in everyday)):
        match = _CROSSING.fullmatch(word)
        if match is None or not {match[1], match[3] or match[1]} <= by_number.keys():
            raise ValueError(f"{frame.name}: no crossing {word!r}")
        assignment = by_number[match[1]]
        names = match[2].split("+") if match[2] else [q.id for q in automatic(assignment)]
        questions = tuple(assignment.question(name) for name in names)
        stated = float(match[4]) if match[4] else None
        other = by_number[match[3]] if match[3] else None
        found.append(Crossing(frame, assignment, questions, other, stated, word != everyday[0]))
    return found


@lru_cache
def all_crossings() -> tuple[Crossing, ...]:
    """Every crossing of every frame, by name."""
    found: list[Crossing] = []
    for place, path in enumerate(sorted(FOLDER.glob("*.py"))):
        daily = place % _EVERY == 0 or path.stem in _ALWAYS
        found += (replace(c, soak=c.soak or not daily) for c in crossings(read(path)))
    return tuple(found)


def notebook_of(crossing: Crossing) -> Notebook:
    """Return the notebook that this student hands in."""
    sheet = _sheet(crossing)
    for marker, source in crossing.frame.edits:
        sheet.edit(sheet.filled(marker).split(), sheet.filled(source))
    return sheet.notebook


def content_of(crossing: Crossing) -> bytes:
    """Return the file that this student hands in."""
    return (json.dumps(notebook_of(crossing), ensure_ascii=False, indent=1) + "\n").encode()


def expected_losses(crossing: Crossing) -> frozenset[str] | None:
    """Return the names of exactly the hidden tests that must be lost, or None where only the points are stated."""
    if crossing.points is not None or crossing.frame.expect not in ("all", "wrong"):
        return None
    return (
        frozenset()
        if crossing.frame.expect == "all"
        else frozenset(wrong_case(crossing.assignment, crossing.questions[0]).loses)
    )


def expected_points(crossing: Crossing, lost: float = 0.0) -> float | None:
    """Return the points that the graded questions must earn, None for no score.

    Args:
        crossing: which.
        lost: points of the tests that must be lost.
    """
    possible = sum(question.points for question in crossing.questions)
    match crossing.points if crossing.points is not None else crossing.frame.expect:
        case "nothing":
            return None
        case "rest":
            return possible - crossing.questions[0].points
        case "all" | "wrong":
            return possible - lost
        case stated:
            return float(stated)


def faults(crossing: Crossing, record: GradeRecord) -> list[str]:
    """Return what is not as the frame says; `record` is of a run that graded no other questions."""
    wrong: list[str] = []
    frame, tests = crossing.frame, [test for test in record.tests if test.question in crossing.graded]
    earned = [score.earned for score in record.questions if score.question in crossing.graded]
    score = None if None in earned or not earned else round(sum(filter(None, earned)), 6)
    losses = expected_losses(crossing)
    points = expected_points(crossing, sum(test.points for test in tests if losses and test.name in losses))
    if score != points:
        wrong.append(f"{_told(score)}, not {_told(points)}")
    lost = {test.name for test in tests if test.outcome in (Outcome.FAILED, Outcome.BLOCKED)}
    if losses is not None:
        named = {test.name for test in tests}
        told = {test.name: f"{test.outcome.value}: {test.message}" for test in tests}
        wrong += [f"{name} is lost: {told[name]}" for name in sorted(lost - losses)]
        wrong += [f"{name} is not lost" for name in sorted((losses & named) - lost)]
    reasons = asked(crossing, record)
    if bool(reasons) != frame.staff:
        wrong.append(f"a person is asked for {list(reasons) or 'nothing'}")
    return wrong + _verdict_faults(crossing, record)


def _told(score: float | None) -> str:
    return "no score" if score is None else f"score {score:g}"


def asked(crossing: Crossing, record: GradeRecord) -> tuple[str, ...]:
    """Return why a person is asked; that questions which were not to be graded have no result is no reason."""
    missing = any(s.question in crossing.graded and s.state == "needs-staff" for s in record.questions)
    return tuple(reason for reason in record.reasons if missing or reason != "tests-missing")


def _verdict_faults(crossing: Crossing, record: GradeRecord) -> list[str]:
    frame, said = crossing.frame, {verdict.code: verdict.message for verdict in record.verdicts}
    allowed = frame.may_say.union(*frame.says)
    wrong = [f"verdict {code}: {said[code]}" for code in sorted(said.keys() - allowed) if "any" not in allowed]
    wrong += [f"no verdict {'|'.join(sorted(codes))}" for codes in frame.says if not codes & said.keys()]
    sheet = _sheet(crossing)
    for code, words in frame.messages:
        text = sheet.filled(words)
        if not any(verdict.code == code and text in verdict.message for verdict in record.verdicts):
            wrong.append(f"{code} is not told {text!r} but {said.get(code)!r}")
    return wrong


def _sheet(crossing: Crossing) -> Sheet:
    return Sheet(crossing.assignment, crossing.questions, crossing.other)


def _spelt_out(words: Sequence[str], pairs: Sequence[str]) -> list[str]:
    return [one for word in words for one in (pairs if word == "pairs" else [word])]


def _words(lines: Iterable[str]) -> list[str]:
    return [word for line in lines for word in re.split(r"[,\s]+", line) if word]
