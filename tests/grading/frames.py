"""Works in every frame that the world makes: cases of ``tests/corpus/frames/``, each crossed with several questions.

A frame is one data file. Its header says on which questions it is tried and what grading must give; its cells, in
percent form, say how the notebook differs from the one a good student hands in: the released notebook with the
instructor's answers, without ungraded code cells.

The header is the leading lines ``# key: value``; all but `about`, `on` and `expect` are optional, lists may be repeated:

    about:    one line on what this student did (required)
    on:       crossings such as ``01/q1 03/q4+q5 05``: the assignment and the questions that are graded (all, if none
              is named); ``01/q1=4`` expects 4 there; ``01/q1<03`` has assignment 03 as the other one, and ``pairs``
              stands for all ordered pairs of assignments
    more:     crossings that only the long tests try; they, too, count for a frame's three questions of two assignments
    expect:   points of the graded questions: ``all``, a number, ``wrong`` (all but what the wrong answer of the first
              question is known to lose, test by test), ``rest`` (all but the first question's), ``nothing`` (no score)
    says:     codes of verdicts that it must get, ``a|b`` for either
    may-say:  codes of verdicts that it may get besides; ``any`` for all. Every other verdict is a fault
    message:  ``code: words`` that a verdict of this code must hold
    staff:    ``yes`` where a person must be asked
    check:    ``no`` where ``autograder check`` must exit with 1
    feedback: ``short`` where the student's page repeats no sentence

In cells and messages these stand for what the crossing says, of its first question where there are several:

    {q} {check}        grade_ids of the answer cell and of the check cell
    {name} {names}     its first graded function, and all of them with commas between
    {each}             its functions: a line that holds it is repeated for each
    {answer} {stub}    the instructor's text of the answer cell, and what students were given; also {answers} {stubs}:
                       of all graded questions
    {first} {rest}     the text of the first function and of the others; {first_stub} {rest_stub} likewise
    {wrong}            a wrong answer of the assignment's corpus
    {renamed}          the answer with ``my_`` before each graded name
    {aliased}          the answer with other names for modules: ``th``, ``ma``, ``numpy``, ``layers``
    {call}             a call of its first function (``calls.toml``)

Verbs, each after ``# %%``; T is a grade_id or one of `all`, `answers` (of all questions), `graded` (of the crossing's),
`others` (answers that are not graded here), `checks`, `locked`, `texts`:

    T                  replaces the source                   before T, after T   a new code cell with this source
    first, last        a new code cell at an end             note T              a new text cell after it
    empty T            nothing in it
    drop T, blank T    removes it; puts the stub back        add T, add-above T  these lines below or above its source
    join A B           A's source above B's, in B            join-up A B         the same in A; B goes
    merge T            all graded answers in T               split T, split-bare T   a cell for each function; bare: the
                                                             pieces after the first without metadata
    copy-above T, copy-below T, copy-last T   another cell with T's metadata and this source (T's own, if none)
    repeat T           each of them once more below it       move T first, move T last, swap A B
    unlabel T          without nbgrader's metadata           relabel T ID        with another grade_id
    kind T markdown    another type of cell                  paste template first|last    the released notebook's cells
    keep T T ...       all others go                         halve T             two cells, cut at its middle blank line
    change T           a line ``old => new`` each: this text in T becomes that
    start other|other-template    from the other assignment's notebook, or its released one
    as TOOL            as a program saves it (`tests.grading.tools`)
"""

from __future__ import annotations

import ast
import copy
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import permutations
from pathlib import Path
from typing import Any

from autograder.corpus import Case, build_notebook, iter_cases
from autograder.intake.release import released_cells
from autograder.model import Assignment, GradeRecord, Outcome, Question
from tests.grading.tools import TOOLS
from tests.grading.works import CORPUS, IDS, ROOT, assignment_of, master_of

FOLDER = CORPUS / "frames"

Notebook = dict[str, Any]
Cell = dict[str, Any]

_ONCE = ("about", "expect", "staff", "check", "feedback")
_MANY = ("on", "more", "says", "may-say", "message")
_HEADER = re.compile(r"# ([\w-]+): *(.*)")
_CROSSING = re.compile(r"(\d\d)(?:/(q\d(?:\+q\d)*))?(?:<(\d\d))?(?:=([\d.]+))?")
_EXPECT = re.compile(r"all|wrong|rest|nothing|\d+(\.\d+)?")
_FIELD = re.compile(r"\{(q|check|names?|answers?|stubs?|first|rest|first_stub|rest_stub|wrong|renamed|aliased|call)\}")
_ALIASES = {r"\btorch\b(?=\.)": "th", r"\bmath\b(?=\.)": "ma", r"\bnp\b(?=\.)": "numpy", r"\bnn\b(?=\.)": "layers"}
_MISNAMED = "misnamed"
_SOURCELESS = ("drop", "blank", "join", "join-up", "merge", "split", "split-bare", "repeat", "move", "swap", "unlabel")
_SOURCELESS += ("relabel", "kind", "paste", "start", "as", "keep", "halve", "empty")
_EITHER = ("copy-above", "copy-below", "copy-last")
_SOURCED = ("before", "after", "first", "last", "note", "add", "add-above", "change")


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
        whole = len(self.questions) == len(_automatic(self.assignment))
        return f"{self.frame.name}-{where}" + ("" if whole else "-" + "-".join(q.id for q in self.questions))

    @property
    def graded(self) -> tuple[str, ...]:
        """Ids of the questions to grade."""
        return tuple(question.id for question in self.questions)


def read(path: Path) -> Frame:
    """Read one frame; raises ValueError if it does not have the form."""
    lines = path.read_text(encoding="utf-8").splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("# %%")]
    header: dict[str, list[str]] = {key: [] for key in (*_ONCE, *_MANY)}
    for line in filter(None, lines[: starts[0] if starts else len(lines)]):
        match = _HEADER.fullmatch(line.rstrip())
        if match is None or match[1] not in header:
            raise ValueError(f"{path.name}: {line!r}")
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
        raise ValueError(f"{path.name}: a key is missing, repeated or malformed")
    edits = [
        (lines[start].removeprefix("# %%").strip(), "\n".join(lines[start + 1 : end]).strip("\n"))
        for start, end in zip(starts, [*starts, len(lines)][1:], strict=True)
    ]
    for marker, source in edits:
        verb = marker.split()[0] if marker else ""
        known = verb in (*_SOURCELESS, *_EITHER, *_SOURCED) or len(marker.split()) == 1
        if not known or (verb not in _EITHER and bool(source) == (verb in _SOURCELESS)):
            raise ValueError(f"{path.name}: cell {marker!r}")
    return Frame(
        name=path.stem,
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
        names = match[2].split("+") if match[2] else [q.id for q in _automatic(assignment)]
        questions = tuple(assignment.question(name) for name in names)
        stated = float(match[4]) if match[4] else None
        other = by_number[match[3]] if match[3] else None
        found.append(Crossing(frame, assignment, questions, other, stated, word not in everyday))
    return found


@lru_cache
def all_crossings() -> tuple[Crossing, ...]:
    """Every crossing of every frame, by name."""
    return tuple(crossing for path in sorted(FOLDER.glob("*.py")) for crossing in crossings(read(path)))


def notebook_of(crossing: Crossing) -> Notebook:
    """Return the notebook that this student hands in."""
    sheet = _Sheet(crossing)
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
    return frozenset() if crossing.frame.expect == "all" else frozenset(_wrong(crossing).loses)


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
    sheet = _Sheet(crossing)
    for code, words in frame.messages:
        text = sheet.filled(words)
        if not any(verdict.code == code and text in verdict.message for verdict in record.verdicts):
            wrong.append(f"{code} is not told {text!r} but {said.get(code)!r}")
    return wrong


class _Sheet:
    """A notebook while it is edited."""

    def __init__(self, crossing: Crossing) -> None:
        self.crossing = crossing
        self.notebook = copy.deepcopy(_handed_in(crossing.assignment.id))
        self._answers = {q.id: _code_of(self._at(q.solution_cell)) for q in crossing.questions}
        self._stubs = {cell.grade_id: cell.source for cell in released_cells(master_of(crossing.assignment.id))}
        self._inserted: dict[str, int] = {}

    @property
    def cells(self) -> list[Cell]:
        """The cells as they stand."""
        cells: list[Cell] = self.notebook["cells"]
        return cells

    def filled(self, text: str) -> str:
        """Return the text with placeholders filled in; what stands alone in a line takes that line's indent."""
        lines: list[str] = []
        for line in text.split("\n"):
            each = self.crossing.questions[0].names if "{each}" in line else ("",)
            for name in each:
                one = line.replace("{each}", name)
                whole = re.fullmatch(r"(\s+)\{(\w+)\}", one)
                if whole is not None and _FIELD.fullmatch(one.strip()):
                    filling = self._field(whole[2]).split("\n")
                    lines += [whole[1] + part if part.strip() else "" for part in filling]
                else:
                    lines.append(_FIELD.sub(lambda found: self._field(found[1]), one))
        return "\n".join(lines)

    def edit(self, words: Sequence[str], source: str) -> None:
        """Apply one cell of a frame."""
        verb, *rest = words
        method: Callable[..., None] | None = getattr(self, "_do_" + verb.replace("-", "_"), None)
        if method is None:
            self._at(verb)["source"] = source
        elif verb in _SOURCELESS:
            method(*rest)
        else:
            method(*rest, source)

    def _field(self, name: str) -> str:
        question = self.crossing.questions[0]
        answer, stub = self._answers[question.id], self._stubs[question.solution_cell]
        match name:
            case "q" | "check":
                return question.solution_cell if name == "q" else question.check_cell
            case "name" | "names":
                return question.names[0] if name == "name" else ", ".join(question.names)
            case "answer" | "stub":
                return answer if name == "answer" else stub
            case "answers":
                return "\n\n\n".join(self._answers.values())
            case "stubs":
                return "\n\n\n".join(self._stubs[q.solution_cell] for q in self.crossing.questions)
            case "first" | "first_stub":
                return _pieces(answer if name == "first" else stub)[0]
            case "rest" | "rest_stub":
                return "\n\n\n".join(_pieces(answer if name == "rest" else stub)[1:])
            case "wrong":
                return _wrong(self.crossing).edits[0].source
            case "renamed":
                for own in question.names:
                    answer = re.sub(rf"\b{own}\b", f"my_{own}", answer)
                return answer
            case "aliased":
                for module, alias in _ALIASES.items():
                    answer = re.sub(module, alias, answer)
                return answer
            case _:
                return _calls()[f"{self.crossing.assignment.id[:2]}/{question.id}"]

    def _at(self, label: str) -> Cell:
        return next(cell for cell in self.cells if _label(cell) == label)

    def _those(self, target: str) -> list[Cell]:
        graded = {q.solution_cell for q in self.crossing.questions}
        answers = {q.solution_cell for q in _automatic(self.crossing.assignment)}
        groups: dict[str, Callable[[Cell], bool]] = {
            "all": lambda cell: True,
            "answers": lambda cell: _label(cell) in answers,
            "graded": lambda cell: _label(cell) in graded,
            "others": lambda cell: _label(cell) in answers - graded,
            "checks": lambda cell: _label(cell).endswith("-check"),
            "locked": lambda cell: bool(cell["metadata"].get("nbgrader", {}).get("locked")),
            "texts": lambda cell: cell["cell_type"] == "markdown",
        }
        chosen = groups.get(target, lambda cell: _label(cell) == target)
        found = [cell for cell in self.cells if chosen(cell)]
        if not found:
            raise ValueError(f"{self.crossing.name}: no cell {target!r}")
        return found

    def _place(self, cell: Cell) -> int:
        return next(index for index, other in enumerate(self.cells) if other is cell)

    def _insert(self, index: int, source: str, metadata: dict[str, Any] | None = None, kind: str = "code") -> None:
        used = {cell.get("id") for cell in self.cells}
        new = next(f"own-{number}" for number in range(len(used) + 1) if f"own-{number}" not in used)
        cell = {"cell_type": kind, "id": new, "metadata": copy.deepcopy(metadata or {}), "source": source}
        self.cells.insert(index, {**cell, "outputs": [], "execution_count": None} if kind == "code" else cell)

    def _do_before(self, target: str, source: str) -> None:
        self._insert(self._place(self._those(target)[0]), source)

    def _do_after(self, target: str, source: str, kind: str = "code") -> None:
        self._inserted[target] = self._inserted.get(target, 0) + 1
        self._insert(self._place(self._those(target)[-1]) + self._inserted[target], source, kind=kind)

    def _do_note(self, target: str, source: str) -> None:
        self._do_after(target, source, kind="markdown")

    def _do_first(self, source: str) -> None:
        self._insert(0, source)

    def _do_last(self, source: str) -> None:
        self._insert(len(self.cells), source)

    def _do_drop(self, target: str) -> None:
        for cell in self._those(target):
            del self.cells[self._place(cell)]

    def _do_blank(self, target: str) -> None:
        for cell in self._those(target):
            cell["source"] = self._stubs[_label(cell)]

    def _do_empty(self, target: str) -> None:
        for cell in self._those(target):
            cell["source"] = ""

    def _do_add(self, target: str, source: str) -> None:
        cell = self._at(target)
        cell["source"] = f"{_code_of(cell)}\n{source}"

    def _do_add_above(self, target: str, source: str) -> None:
        cell = self._at(target)
        cell["source"] = f"{source}\n{_code_of(cell)}"

    def _do_join(self, upper: str, lower: str) -> None:
        self._at(lower)["source"] = f"{_code_of(self._at(upper))}\n\n{_code_of(self._at(lower))}"
        self._do_drop(upper)

    def _do_join_up(self, upper: str, lower: str) -> None:
        self._at(upper)["source"] = f"{_code_of(self._at(upper))}\n\n{_code_of(self._at(lower))}"
        self._do_drop(lower)

    def _do_merge(self, target: str) -> None:
        source = "\n\n\n".join(_code_of(cell) for cell in self._those("graded"))
        for cell in self._those("graded"):
            if _label(cell) != target:
                del self.cells[self._place(cell)]
        self._at(target)["source"] = source

    def _do_split(self, target: str, *, bare: bool = False) -> None:
        cell = self._at(target)
        first, *others = _pieces(_code_of(cell))
        cell["source"] = first
        for number, piece in enumerate(others, start=1):
            self._insert(self._place(cell) + number, piece, {} if bare else cell["metadata"])

    def _do_split_bare(self, target: str) -> None:
        self._do_split(target, bare=True)

    def _do_copy_above(self, target: str, source: str) -> None:
        cell = self._at(target)
        self._insert(self._place(cell), source or _code_of(cell), cell["metadata"], cell["cell_type"])

    def _do_copy_below(self, target: str, source: str) -> None:
        cell = self._those(target)[-1]
        self._insert(self._place(cell) + 1, source or _code_of(cell), cell["metadata"], cell["cell_type"])

    def _do_copy_last(self, target: str, source: str) -> None:
        cell = self._at(target)
        self._insert(len(self.cells), source or _code_of(cell), cell["metadata"], cell["cell_type"])

    def _do_repeat(self, target: str) -> None:
        for cell in self._those(target):
            self._insert(self._place(cell) + 1, _code_of(cell), cell["metadata"], cell["cell_type"])

    def _do_move(self, target: str, end: str) -> None:
        found = self._those(target)
        for cell in found:
            del self.cells[self._place(cell)]
        self.cells[:] = [*found, *self.cells] if end == "first" else [*self.cells, *found]

    def _do_swap(self, one: str, two: str) -> None:
        first, second = self._place(self._at(one)), self._place(self._at(two))
        self.cells[first], self.cells[second] = self.cells[second], self.cells[first]

    def _do_unlabel(self, target: str) -> None:
        for cell in self._those(target):
            cell["metadata"] = {}

    def _do_relabel(self, target: str, label: str) -> None:
        self._at(target)["metadata"]["nbgrader"]["grade_id"] = label

    def _do_kind(self, target: str, kind: str) -> None:
        cell = self._at(target)
        kept = {key: cell[key] for key in ("id", "metadata", "source")}
        cell.clear()
        cell.update(kept, cell_type=kind)

    def _do_paste(self, what: str, end: str) -> None:
        assert what == "template"
        pasted = copy.deepcopy(_template(self.crossing.assignment.id)["cells"])
        self.cells[:] = [*pasted, *self.cells] if end == "first" else [*self.cells, *pasted]

    def _do_keep(self, *targets: str) -> None:
        kept = [id(cell) for target in targets for cell in self._those(target)]
        self.cells[:] = [cell for cell in self.cells if id(cell) in kept]

    def _do_halve(self, target: str) -> None:
        cell = self._at(target)
        parts = _code_of(cell).split("\n\n")
        cell["source"] = "\n\n".join(parts[: len(parts) // 2])
        self._insert(self._place(cell) + 1, "\n\n".join(parts[len(parts) // 2 :]), cell["metadata"])

    def _do_change(self, target: str, source: str) -> None:
        cell = self._at(target)
        for old, new in (line.split("=>") for line in source.split("\n")):
            if old.strip() not in _code_of(cell):
                raise ValueError(f"{self.crossing.name}: no {old.strip()!r} in {target!r}")
            cell["source"] = _code_of(cell).replace(old.strip(), new.strip())

    def _do_start(self, what: str) -> None:
        other = self.crossing.other
        assert other is not None
        self.notebook = copy.deepcopy(_handed_in(other.id) if what == "other" else _template(other.id))

    def _do_as(self, tool: str) -> None:
        self.notebook = TOOLS[tool](self.notebook)


@lru_cache
def _template(assignment_id: str) -> Notebook:
    """The notebook that students are given, without ungraded code cells; not to be changed."""
    assignment = assignment_of(assignment_id)
    path = ROOT / "assignments" / assignment.id / assignment.notebook
    notebook: Notebook = json.loads(path.read_text(encoding="utf-8"))
    return {**notebook, "cells": [c for c in notebook["cells"] if c["cell_type"] != "code" or _label(c)]}


@lru_cache
def _handed_in(assignment_id: str) -> Notebook:
    """A good student's notebook: the same with the instructor's answers."""
    solved = build_notebook(Case("good", "", "", (), "", ()), master_of(assignment_id))
    answers = {_label(cell): _code_of(cell) for cell in solved["cells"]}
    notebook = copy.deepcopy(_template(assignment_id))
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = answers[_label(cell)]
    return notebook


@lru_cache
def _wrong_cases(assignment_id: str) -> tuple[Case, ...]:
    return tuple(iter_cases(CORPUS / assignment_id / "wrong"))


def _wrong(crossing: Crossing) -> Case:
    """The first wrong answer of the corpus that loses tests of this question only and keeps its functions' names."""
    question = crossing.questions[0]
    for case in _wrong_cases(crossing.assignment.id):
        alone = [edit.target for edit in case.edits] == [question.solution_cell] and _MISNAMED not in case.name
        if case.question == question.id and alone and all(t.startswith(f"test_{question.id}_") for t in case.loses):
            return replace(case, edits=case.edits[:1])
    raise ValueError(f"{crossing.name}: the corpus has no wrong answer")


@lru_cache
def _calls() -> dict[str, str]:
    return {str(k): str(v) for k, v in tomllib.loads((FOLDER / "calls.toml").read_text(encoding="utf-8")).items()}


def _pieces(source: str) -> list[str]:
    """The source cut above each function but the first."""
    starts = [node.lineno - 1 for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)][1:]
    lines = source.split("\n")
    ends = [0, *starts, len(lines)]
    return ["\n".join(lines[start:end]).strip("\n") for start, end in zip(ends, ends[1:], strict=False)]


def _automatic(assignment: Assignment) -> list[Question]:
    return [question for question in assignment.questions if not question.manual]


def _label(cell: Cell) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def _code_of(cell: Cell) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _spelt_out(words: Sequence[str], pairs: Sequence[str]) -> list[str]:
    return [one for word in words for one in (pairs if word == "pairs" else [word])]


def _words(lines: Iterable[str]) -> list[str]:
    return [word for line in lines for word in re.split(r"[,\s]+", line) if word]
