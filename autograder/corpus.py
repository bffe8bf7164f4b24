"""Corpora of student work: reads a case file and builds the notebook that student would have submitted.

A case is one ``.py`` file in ``tests/corpus/ASSIGNMENT/{wrong,right,class}/``: a header of comments, then the cells
that differ from the instructor's notebook (the master). Everything not named keeps the master's solution, so a case
shows one misconception or one style and nothing else. Owns the file format and the assembly; refuses to run or grade
anything, and knows no assignment.

The header is the leading lines ``# key: value``:

    about:     one line on what this student does (required)
    question:  id of the question it is about
    loses:     names of exactly the hidden tests it must lose, separated by commas; may be repeated (wrong)
    expect:    the automatic score as a number, or the record's state (class)
    hand:      share of its question that grading by hand takes, and why in one sentence: ``40% the sign`` (wrong)
    limits:    limits other than the assignment's, ``cell_seconds=8 call_seconds=2``, where only a time-out takes long

The rest is in py-percent form; GRADE_ID is nbgrader's id of a cell of the master:

    # %% GRADE_ID           replaces the cell's source; of a markdown cell, with the comment signs taken off
    # %% before GRADE_ID    inserts a new code cell before it, ``# %% after GRADE_ID`` after it
    # %% blank GRADE_ID     leaves the cell as students received it, with the stub for the solution
    # %% drop GRADE_ID      removes the cell
    # %% drop experiments   removes the ungraded code cells after the first answer: they only take time

A student of a class who handed in other than one notebook has a folder ``class/STUDENT/`` instead: each case in it is
a notebook of the file's name, and every other file is handed in as it is.

``python -m autograder.corpus CORPUS OUT`` writes the sample classes, ``OUT/STUDENT/ASSIGNMENT/NOTEBOOK``, as nbgrader's
``submitted`` folder holds them.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from autograder.catalog import load_assignment, read_master
from autograder.errors import AssignmentError
from autograder.intake.release import released_cells
from autograder.korean import particle
from autograder.model import Assignment, Limits
from autograder.sinks.echo import say

__all__ = [
    "EXPERIMENTS",
    "Case",
    "Edit",
    "build_notebook",
    "iter_cases",
    "loss_table",
    "main",
    "read_case",
    "read_edits",
    "read_limits",
]

Action = Literal["replace", "before", "after", "blank", "drop"]

EXPERIMENTS = "experiments"
"""Target of a drop edit that stands for all ungraded code cells after the first answer cell."""

_KEYS = ("about", "question", "loses", "expect", "hand", "limits")
_HEADER = re.compile(r"#\s*(\w+):\s*(.*)")
_MARKER = re.compile(r"# %%\s*(?:(before|after|blank|drop)\s+)?(\S+)\s*")
_OWN = "student-"  # how the ids of inserted cells begin
_BEGIN, _END = "### BEGIN SOLUTION", "### END SOLUTION"
_HIDDEN_BEGIN, _HIDDEN_END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"


@dataclass(frozen=True, slots=True)
class Edit:
    """One difference from the master: what is done to the cell `target`, and the source it takes."""

    action: Action
    target: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One student's work.

    Args:
        name: the file's name without ``.py``.
        about: one line on what this student does.
        question: id of the question it is about, or "".
        loses: names of exactly the hidden tests it must lose; empty where it earns everything.
        expect: what grading must give, as the header says it, or "".
        edits: the differences from the master, in the file's order.
        limits: names and values of limits in which grading differs from the assignment's.
        hand: percent of its question that grading by hand takes, from its text and the work alone; None if not graded.
        hand_reason: why, in one English sentence.
    """

    name: str
    about: str
    question: str
    loses: tuple[str, ...]
    expect: str
    edits: tuple[Edit, ...]
    limits: tuple[tuple[str, float], ...] = ()
    hand: float | None = None
    hand_reason: str = ""


def read_case(path: Path) -> Case:
    """Return the case in this file.

    Raises:
        AssignmentError: it cannot be read, or its header or cell markers are malformed (``corpus-invalid``).
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise _invalid(path.name, str(error)) from error
    first = next((number for number, line in enumerate(lines) if line.startswith("# %%")), len(lines))
    header = _read_header(path.name, lines[:first])
    hand, reason = _read_hand(path.name, " ".join(header["hand"]))
    return Case(
        name=path.stem,
        about=header["about"][0],
        question=" ".join(header["question"]),
        loses=tuple(name for line in header["loses"] for name in re.split(r"[,\s]+", line) if name),
        expect=" ".join(header["expect"]),
        edits=tuple(read_edits(path.name, lines[first:])),
        limits=read_limits(path.name, header["limits"]),
        hand=hand,
        hand_reason=reason,
    )


def read_edits(name: str, lines: Sequence[str]) -> Iterator[Edit]:
    """Yield the cells of a case in percent form.

    Args:
        name: the file's name, for messages.
        lines: its lines from the first cell marker on.

    Raises:
        AssignmentError: a marker is malformed, or has a source that it must not have or lacks one (``corpus-invalid``).
    """
    starts = [number for number, line in enumerate(lines) if line.startswith("# %%")]
    for start, end in zip(starts, [*starts, len(lines)][1:], strict=True):
        found = _MARKER.fullmatch(lines[start])
        if found is None:
            raise _invalid(name, f"cell marker {lines[start]!r}")
        action = cast(Action, found[1] or "replace")
        source = "\n".join(lines[start + 1 : end]).strip("\n")
        if bool(source.strip()) == (action in ("blank", "drop")):
            raise _invalid(name, f"{lines[start]!r} needs {'no ' if source.strip() else 'a '}source")
        yield Edit(action, found[2], source)


def read_limits(name: str, lines: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """Return the limits that header lines ``limits`` state.

    Raises:
        AssignmentError: there is no limit of that name, or its value is no number (``corpus-invalid``).
    """
    known = {field.name for field in dataclasses.fields(Limits)}
    found = [(limit, number) for line in lines for limit, _, number in (part.partition("=") for part in line.split())]
    for limit, number in found:
        if limit not in known or re.fullmatch(r"\d+(\.\d+)?", number) is None:
            raise _invalid(name, f"limit {limit}={number}")
    return tuple((limit, float(number) if "." in number else int(number)) for limit, number in found)


def iter_cases(folder: Path) -> Iterator[Case]:
    """Yield the cases of a folder, sorted by name; nothing if the folder does not exist.

    Raises:
        AssignmentError: as `read_case`.
    """
    for path in sorted(folder.glob("*.py")):
        yield read_case(path)


def build_notebook(case: Case, master: Mapping[str, Any]) -> dict[str, Any]:
    """Return the notebook this student submits, nbformat 4 JSON without outputs.

    Args:
        case: what the student changed.
        master: the instructor's notebook; not changed. The markers of solution regions are taken off, the solutions
            stay; hidden-test regions go.

    Raises:
        AssignmentError: an edit names a cell that the master has not (``corpus-invalid``), or the master is malformed
            (``master-invalid``).
    """
    notebook: dict[str, Any] = copy.deepcopy(dict(master))
    cells: list[dict[str, Any]] = notebook["cells"]
    released = {cell.grade_id: cell.source for cell in released_cells(master)}
    for cell in cells:
        _write(cell, _without_markers(_text(cell)))
    ends: dict[str, int] = {}
    for number, edit in enumerate(case.edits):
        if (edit.action, edit.target) == ("drop", EXPERIMENTS):
            cells[:] = _without_experiments(cells)
            continue
        at = next((i for i, cell in enumerate(cells) if edit.target and _grade_id(cell) == edit.target), None)
        if at is None:
            raise _invalid(case.name, f"the master has no cell {edit.target!r}")
        if edit.action == "drop":
            del cells[at]
        elif edit.action == "before":
            cells.insert(at, _code_cell(number, edit.source))
        elif edit.action == "after":
            ends[edit.target] = ends.get(edit.target, 0) + 1
            cells.insert(at + ends[edit.target], _code_cell(number, edit.source))
        elif edit.action == "blank":
            _write(cells[at], released[edit.target])
        elif cells[at]["cell_type"] == "code":
            _write(cells[at], edit.source)
        else:
            _write(cells[at], "\n".join(re.sub(r"^# ?", "", line) for line in edit.source.split("\n")))
    return notebook


def loss_table(folder: Path) -> str:
    """Return a Markdown table of an assignment's wrong cases: what the student does, and the tests it must lose."""
    rows = ["| question | case | loses |", "|---|---|---|"]
    for case in iter_cases(folder / "wrong"):
        lost = ", ".join(f"`{name}`" for name in case.loses)
        rows.append(f"| {case.question} | {case.about.replace('|', '/')} | {lost} |")
    return "\n".join(rows)


def main(argv: Sequence[str] | None = None) -> int:
    """Write every sample class below CORPUS as nbgrader's ``submitted`` folder; a file that is right is left alone.

    With ``--table CORPUS/ASSIGNMENT`` print the table of what its wrong cases lose, for the suite's notes.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[0] == "--table":
        for line in loss_table(Path(arguments[1])).splitlines():
            say("{line}", line=line)
        return 0
    corpus, destination = map(Path, arguments)
    written = 0
    for folder in sorted(corpus.glob("*/class")):
        assignment = load_assignment(folder.parent.name)
        master = read_master(assignment)
        for student, files in _handed_in(folder, assignment, master):
            for name, content in files.items():
                path = destination / student / assignment.id / name
                if not path.exists() or path.read_bytes() != content:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content)
            written += 1
    say("{written} submissions in {folder}", written=written, folder=destination)
    return 0


def _handed_in(
    folder: Path, assignment: Assignment, master: Mapping[str, Any]
) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Yield each student of a class, with what they handed in: contents by file name."""

    def built(case: Case) -> bytes:
        return (json.dumps(build_notebook(case, master), ensure_ascii=False, indent=1) + "\n").encode()

    for case in iter_cases(folder):
        yield case.name, {assignment.notebook: built(case)}
    for own in sorted(path for path in folder.iterdir() if path.is_dir()):
        files = {f"{case.name}.ipynb": built(case) for case in iter_cases(own)}
        plain = (path for path in sorted(own.iterdir()) if path.is_file() and path.suffix != ".py")
        yield own.name, {**files, **{path.name: path.read_bytes() for path in plain}}


def _without_experiments(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the cells without ungraded code after the first answer; what a case inserted stays."""
    kept: list[dict[str, Any]] = []
    answered = False
    for cell in cells:
        nbgrader = cell.get("metadata", {}).get("nbgrader", {})
        answered = answered or (cell["cell_type"] == "code" and bool(nbgrader.get("solution")))
        own = str(cell.get("id", "")).startswith(_OWN)
        if not answered or cell["cell_type"] != "code" or nbgrader or own:
            kept.append(cell)
    return kept


def _read_header(name: str, lines: list[str]) -> dict[str, list[str]]:
    header: dict[str, list[str]] = {key: [] for key in _KEYS}
    for line in lines:
        found = _HEADER.fullmatch(line.strip())
        if line.strip() and (found is None or found[1] not in header):
            raise _invalid(name, f"header line {line!r}; known keys: {', '.join(_KEYS)}")
        if found:
            header[found[1]].append(found[2].strip())
    if len(header["about"]) != 1:
        raise _invalid(name, "one line 'about' is needed")
    return header


def _read_hand(name: str, text: str) -> tuple[float | None, str]:
    if not text:
        return None, ""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)%\s+(\S.*)", text)
    if found is None or float(found[1]) > 100:
        raise _invalid(name, f"hand {text!r}; wanted: a percentage and a reason")
    return float(found[1]), found[2]


def _grade_id(cell: Mapping[str, Any]) -> str:
    return str(cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", ""))


def _text(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _write(cell: dict[str, Any], source: str) -> None:
    cell["source"] = source
    if cell["cell_type"] == "code":
        cell["outputs"], cell["execution_count"] = [], None


def _code_cell(number: int, source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": f"{_OWN}{number}",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def _without_markers(source: str) -> str:
    kept: list[str] = []
    hidden = False
    for line in source.split("\n"):
        mark = line.strip()
        if mark in (_HIDDEN_BEGIN, _HIDDEN_END):
            hidden = mark == _HIDDEN_BEGIN
        elif not hidden and mark not in (_BEGIN, _END):
            kept.append(line)
    return "\n".join(kept)


def _invalid(name: str, detail: str) -> AssignmentError:
    return AssignmentError(
        "corpus-invalid", f"말뭉치의 사례 '{name}'{particle(name, '을/를')} 읽을 수 없습니다.", detail=detail
    )


if __name__ == "__main__":
    raise SystemExit(main())
