"""Whether a master's cells fit its ``assignment.toml``, and whether its regions end: what a release refuses.

Pure, on notebooks as JSON, so that `lint` can tell the same without running nbgrader. Cells are named by their id and
their number, counted from 1 over all cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from autograder.findings import Finding
from autograder.korean import fill
from autograder.model import Assignment, Question

__all__ = ["REGIONS", "cell_problems", "source_of", "title_of"]

REGIONS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
"""Regions that nbgrader takes out: ``### BEGIN SOLUTION`` to ``### END SOLUTION``."""


def cell_problems(assignment: Assignment, notebook: Mapping[str, Any], master: Mapping[str, Any]) -> list[Finding]:
    """Return what makes a notebook unfit for students.

    Args:
        assignment: what ``assignment.toml`` says.
        notebook: what students get; the master does as well, because only metadata is looked at.
        master: the instructor's notebook.
    """
    found = [*_regions(assignment, master), *_cells_twice(assignment, notebook)]
    numbered = {
        own["grade_id"]: (number, cell, own)
        for number, cell in enumerate(notebook["cells"], start=1)
        if (own := cell["metadata"].get("nbgrader", {})).get("grade_id")
    }
    for question in assignment.questions:
        found += _question(assignment, question, numbered)
    known = {question.check_cell for question in assignment.questions}
    for name, (number, cell, own) in numbered.items():
        if own.get("grade") and name not in known:
            message = "{title}: 점수가 있는 셀인데 해당하는 문항이 assignment.toml에 없습니다."
            text = fill(message, title=title_of(number, cell))
            found.append(Finding("release-cell", text, assignment.notebook, detail=f"no question for cell {name!r}"))
    return found


def source_of(cell: Mapping[str, Any]) -> str:
    """Return a cell's text."""
    return "".join(cell.get("source", ""))


def title_of(number: int, cell: Mapping[str, Any]) -> str:
    """Return how people find a cell: ``"29번째 셀 'q4-check'"``."""
    own = cell.get("metadata", {}).get("nbgrader", {})
    name = own.get("grade_id") or cell.get("id")
    return f"{number}번째 셀 '{name}'" if name else f"{number}번째 셀"


def _regions(assignment: Assignment, master: Mapping[str, Any]) -> Iterator[Finding]:
    """Find regions that do not end or begin.

    nbgrader drops a line with END and no BEGIN before it, and leaves the solution above it in place.
    """
    for number, cell in enumerate(master["cells"], start=1):
        for region in REGIONS:
            if not _balanced(source_of(cell), region):
                message = "{title}: BEGIN {region}{region:과/와} END {region}의 짝이 맞지 않습니다."
                text = fill(message, title=title_of(number, cell), region=region)
                detail = f"BEGIN and END of a region do not match in cell {cell.get('id')!r}"
                yield Finding("release-region", text, assignment.notebook, detail=detail)
        own = cell.get("metadata", {}).get("nbgrader", {})
        if "BEGIN SOLUTION" in source_of(cell) and not own.get("solution"):
            message = "{title}: 풀이를 지우는 표시가 있는데 풀이 셀(solution)이 아닙니다. 이대로는 배포할 수 없습니다."
            text = fill(message, title=title_of(number, cell))
            yield Finding("release-region", text, assignment.notebook, detail=f"cell {cell.get('id')!r}")


def _balanced(text: str, region: str) -> bool:
    inside = False
    for line in text.split("\n"):
        begins, ends = f"BEGIN {region}" in line, f"END {region}" in line
        if begins and ends:
            return False
        if begins or ends:
            if begins is inside:
                return False
            inside = begins
    return not inside


def _cells_twice(assignment: Assignment, notebook: Mapping[str, Any]) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for number, cell in enumerate(notebook["cells"], start=1):
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name and seen.setdefault(name, number) != number:
            message = "{title}: {first}번째 셀의 grade_id도 같습니다. 셀마다 달라야 합니다."
            text = fill(message, title=title_of(number, cell), first=seen[name])
            yield Finding("release-cell", text, assignment.notebook, detail=f"grade_id {name!r} twice")


def _question(
    assignment: Assignment,
    question: Question,
    numbered: Mapping[str, tuple[int, Mapping[str, Any], Mapping[str, Any]]],
) -> Iterator[Finding]:
    nothing: tuple[int, Mapping[str, Any], Mapping[str, Any]] = (0, {}, {})
    number, cell, check = numbered.get(question.check_cell, nothing)
    solution = numbered.get(question.solution_cell, nothing)[2]
    if not check.get("grade") or not solution.get("solution"):
        gone = question.check_cell if not check.get("grade") else question.solution_cell
        kind = "점수 셀(grade)" if not check.get("grade") else "풀이 셀(solution)"
        message = "{own} 문항의 {kind} '{gone}'{gone:이/가} 없습니다. 셀의 grade_id와 nbgrader 종류를 확인하세요."
        detail = f"{question.id}: no cell {question.check_cell!r} or {question.solution_cell!r}"
        text = fill(message, own=question.id, kind=kind, gone=gone)
        yield Finding("release-cell", text, assignment.notebook, detail=detail)
    elif float(check.get("points", 0)) != question.points:
        points = check.get("points", 0)
        message = "{title}: 배점이 {points}점인데 assignment.toml에서는 {stated:g}점입니다."
        text = fill(message, title=title_of(number, cell), points=points, stated=question.points)
        detail = f"{question.id}: {points} points in the notebook, {question.points} in the suite"
        yield Finding("release-points", text, assignment.notebook, detail=detail)
