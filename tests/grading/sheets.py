"""The notebook of a frame: what stands for what in its cells, and what its verbs do.

A notebook is edited from the one that a good student hands in: the released notebook with the instructor's answers,
without ungraded code cells.

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

    T                      replaces the source
    before T, after T      a new code cell with this source; first, last: at an end
    note T                 a new text cell after it
    add T, add-above T     these lines below or above its source
    change T               a line ``old => new`` each: this text in T becomes that
    empty T, blank T       nothing in it; the stub again
    drop T, keep T T ...   removes it; removes all others
    join A B, join-up A B  A's source above B's in one cell: in B; in A
    merge T                all graded answers in T
    split T, split-bare T  a cell for each function; bare: the pieces after the first have no metadata
    halve T                two cells, cut at its middle blank line
    copy-above T, copy-below T, copy-last T    another cell with T's metadata and this source (T's own, if none)
    repeat T               each of them once more below it
    move T first|last      to an end of the notebook; swap A B: in each other's place
    unlabel T              without nbgrader's metadata; relabel T ID: with another grade_id
    kind T markdown        another type of cell
    paste template first|last      the released notebook's cells at an end
    start other|other-template     anew, from the other assignment's notebook, or its released one
    as TOOL                as a program saves it (`tests.grading.tools`)
"""

from __future__ import annotations

import ast
import copy
import json
import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

from autograder.corpus import Case, build_notebook, iter_cases
from autograder.intake.release import released_cells
from autograder.model import Assignment, Question
from tests.grading.tools import TOOLS
from tests.grading.works import CORPUS, ROOT, assignment_of, master_of

Notebook = dict[str, Any]
Cell = dict[str, Any]

_FIELD = re.compile(r"\{(q|check|names?|answers?|stubs?|first|rest|first_stub|rest_stub|wrong|renamed|aliased|call)\}")
_ALIASES = {r"\btorch\b(?=\.)": "th", r"\bmath\b(?=\.)": "ma", r"\bnp\b(?=\.)": "numpy", r"\bnn\b(?=\.)": "layers"}
_MISNAMED = "misnamed"
_SOURCELESS: tuple[str, ...] = (
    *("drop", "blank", "empty", "keep", "join", "join-up", "merge", "split", "split-bare", "halve", "repeat"),
    *("move", "swap", "unlabel", "relabel", "kind", "paste", "start", "as"),
)
_EITHER = ("copy-above", "copy-below", "copy-last")
_SOURCED = ("before", "after", "first", "last", "note", "add", "add-above", "change")


def is_edit(marker: str, source: str) -> bool:
    """Return whether a cell of a frame has a verb that is known, and a source where it needs one."""
    words = marker.split()
    if not words or words[0] in _EITHER:
        return bool(words)
    known = words[0] in (*_SOURCELESS, *_SOURCED) or len(words) == 1
    return known and bool(source) != (words[0] in _SOURCELESS)


class Sheet:
    """A notebook while it is edited.

    Args:
        assignment: whose notebook it is.
        questions: those that are graded; what stands for one question's things stands for the first one's.
        other: another assignment, whose notebook the student may have started from.
    """

    def __init__(self, assignment: Assignment, questions: Sequence[Question], other: Assignment | None = None) -> None:
        self._assignment, self._questions, self._other = assignment, questions, other
        self.notebook = copy.deepcopy(_handed_in(assignment.id))
        self._answers = {q.id: _code_of(self._at(q.solution_cell)) for q in questions}
        self._stubs = {cell.grade_id: cell.source for cell in released_cells(master_of(assignment.id))}
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
            each = self._questions[0].names if "{each}" in line else ("",)
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
        question = self._questions[0]
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
                return "\n\n\n".join(self._stubs[q.solution_cell] for q in self._questions)
            case "first" | "first_stub":
                return _pieces(answer if name == "first" else stub)[0]
            case "rest" | "rest_stub":
                return "\n\n\n".join(_pieces(answer if name == "rest" else stub)[1:])
            case "wrong":
                return wrong_case(self._assignment, question).edits[0].source
            case "renamed":
                for own in question.names:
                    answer = re.sub(rf"\b{own}\b", f"my_{own}", answer)
                return answer
            case "aliased":
                for module, alias in _ALIASES.items():
                    answer = re.sub(module, alias, answer)
                return answer
            case _:
                return _calls()[f"{self._assignment.id[:2]}/{question.id}"]

    def _at(self, label: str) -> Cell:
        return next(cell for cell in self.cells if _label(cell) == label)

    def _those(self, target: str) -> list[Cell]:
        graded = {q.solution_cell for q in self._questions}
        answers = {q.solution_cell for q in automatic(self._assignment)}
        groups: dict[str, Callable[[Cell], Any]] = {
            "all": lambda cell: True,
            "answers": lambda cell: _label(cell) in answers,
            "graded": lambda cell: _label(cell) in graded,
            "others": lambda cell: _label(cell) in answers - graded,
            "checks": lambda cell: _label(cell).endswith("-check"),
            "locked": lambda cell: bool(cell["metadata"].get("nbgrader", {}).get("locked")),
            "texts": lambda cell: cell["cell_type"] == "markdown",
        }
        chosen: Callable[[Cell], Any] = groups.get(target) or (lambda cell: _label(cell) == target)
        found = [cell for cell in self.cells if chosen(cell)]
        if not found:
            raise ValueError(f"{self._assignment.id}: no cell {target!r}")
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
        cells = copy.deepcopy(_template(self._assignment.id)["cells"])
        pasted = [{**cell, "id": f"pasted-{number}"} for number, cell in enumerate(cells)]
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
                raise ValueError(f"{self._assignment.id}: no {old.strip()!r} in {target!r}")
            cell["source"] = _code_of(cell).replace(old.strip(), new.strip())

    def _do_start(self, what: str) -> None:
        other = self._other
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


def wrong_case(assignment: Assignment, question: Question) -> Case:
    """The first wrong answer of the corpus that loses tests of this question only and keeps its functions' names."""
    for case in _wrong_cases(assignment.id):
        alone = [edit.target for edit in case.edits] == [question.solution_cell] and _MISNAMED not in case.name
        if case.question == question.id and alone and all(t.startswith(f"test_{question.id}_") for t in case.loses):
            return replace(case, edits=case.edits[:1])
    raise ValueError(f"{assignment.id}: the corpus has no wrong answer to {question.id}")


@lru_cache
def _calls() -> dict[str, str]:
    return {
        str(k): str(v) for k, v in tomllib.loads((CORPUS / "frames" / "calls.toml").read_text(encoding="utf-8")).items()
    }


def _pieces(source: str) -> list[str]:
    """The source cut above each function but the first."""
    starts = [node.lineno - 1 for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)][1:]
    lines = source.split("\n")
    ends = [0, *starts, len(lines)]
    return ["\n".join(lines[start:end]).strip("\n") for start, end in pairwise(ends)]


def automatic(assignment: Assignment) -> list[Question]:
    """The questions that hidden tests grade."""
    return [question for question in assignment.questions if not question.manual]


def _label(cell: Cell) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def _code_of(cell: Cell) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)
