"""Whether a master's cells fit its ``assignment.toml``, and whether its regions end: what a release refuses.

`RULES` is the one table of what is checked. Each rule is about what would later stop the grading of a class or lose
points that a student has earned; a text, an ungraded cell, an order or a figure is nobody's rule.

Pure, on notebooks as JSON, so that `lint` can tell the same without running nbgrader. Cells are named by their id and
their number, counted from 1 over all cells.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.errors import AssignmentError
from autograder.findings import Finding, did_you_mean, error_of
from autograder.intake.syntax import parsed
from autograder.judge.cell_text import names_in
from autograder.korean import fill
from autograder.model import Assignment, Question

__all__ = ["REGIONS", "RULES", "Notebooks", "Rule", "cell_problems", "refusal", "source_of", "title_of"]

REGIONS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
"""Regions that nbgrader takes out: ``### BEGIN SOLUTION`` to ``### END SOLUTION``."""


@dataclass(frozen=True, slots=True)
class Notebooks:
    """What a rule looks at.

    Args:
        assignment: what ``assignment.toml`` says.
        notebook: what students get, or the master in its place: only metadata is looked at.
        master: the instructor's notebook.
        before: the students' form that was made last, None if there is none.
    """

    assignment: Assignment
    notebook: Mapping[str, Any]
    master: Mapping[str, Any]
    before: Mapping[str, Any] | None = None

    def cells(self) -> Iterator[tuple[int, Mapping[str, Any], Mapping[str, Any]]]:
        """Return the cells with a ``grade_id``: number, cell, nbgrader's metadata."""
        for number, cell in enumerate(self.notebook["cells"], start=1):
            own = _own(cell)
            if own.get("grade_id"):
                yield number, cell, own

    def cell(self, grade_id: str) -> tuple[int, Mapping[str, Any], Mapping[str, Any]]:
        """Return the last cell of this name; number 0 and nothing without one."""
        found: tuple[int, Mapping[str, Any], Mapping[str, Any]] = (0, {}, {})
        for number, cell, own in self.cells():
            if own["grade_id"] == grade_id:
                found = number, cell, own
        return found

    def finding(self, code: str, message: str, detail: str = "", **values: Any) -> Finding:
        """Return a finding about the notebook."""
        return Finding(code, fill(message, **values), self.assignment.notebook, detail=detail)


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is checked.

    Args:
        code: of its findings, a key of `findings.CODES`.
        what: what the rule asks of a notebook, in one sentence.
        otherwise: what would become of a class whose notebook breaks it.
        find: yields a finding for each place that breaks it.
    """

    code: str
    what: str
    otherwise: str
    find: Callable[[Notebooks], Iterator[Finding]]


def cell_problems(
    assignment: Assignment,
    notebook: Mapping[str, Any],
    master: Mapping[str, Any],
    before: Mapping[str, Any] | None = None,
) -> list[Finding]:
    """Return what makes a notebook unfit for students, in the order of `RULES`.

    Args:
        assignment: what ``assignment.toml`` says.
        notebook: what students get; the master does as well, because only metadata is looked at.
        master: the instructor's notebook.
        before: the students' form that was made last, if any: what students may be writing in.
    """
    seen = Notebooks(assignment, notebook, master, before)
    return [finding for rule in RULES for finding in rule.find(seen)]


def refusal(assignment: Assignment, findings: Sequence[Finding], again: str) -> AssignmentError:
    """Return the error (``release-unfit``) of a notebook with these findings, one at least.

    Its message says of every question whose points differ both numbers and the place, all in one sentence, then every
    other finding, then what to do.

    Args:
        assignment: the assignment.
        findings: of `cell_problems`.
        again: what is done once more after mending, with its particle: "Generate를 누르세요".
    """
    points = [f.message.removesuffix("점입니다.") for f in findings if f.code == "release-points"]
    others = [f.message for f in findings if f.code != "release-points"]
    said = []
    if points:
        said.append("점이고, ".join(points) + "점입니다.")
        stated = points[0].rpartition(" ")[2]
        whole = f"{stated}점으로" if len(points) == 1 else "시험지와 같게"
        said.append(f"원본 노트북의 배점을 {whole} 되돌린 뒤 다시 {again}.")
    if others:
        lead = "'{id}' 과제의 원본 노트북을 이대로 배포하면 채점할 수 없습니다. "
        said.append(fill(lead, id=assignment.id) + " ".join(others))
        if not points:
            said.append(f"고친 뒤 다시 {again}.")
    return AssignmentError("release-unfit", " ".join(said), detail=error_of("release-unfit", "", findings).detail)


def source_of(cell: Mapping[str, Any]) -> str:
    """Return a cell's text."""
    return "".join(cell.get("source", ""))


def title_of(number: int, cell: Mapping[str, Any]) -> str:
    """Return how people find a cell: ``"29번째 셀 'q4-check'"``."""
    name = _own(cell).get("grade_id") or cell.get("id")
    return f"{number}번째 셀 '{name}'" if name else f"{number}번째 셀"


def _own(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    own = cell.get("metadata", {}).get("nbgrader")
    return own if isinstance(own, Mapping) else {}


def _regions(seen: Notebooks) -> Iterator[Finding]:
    """Find regions that do not end or begin.

    nbgrader drops a line with END and no BEGIN before it, and leaves the solution above it in place.
    """
    for number, cell in enumerate(seen.master["cells"], start=1):
        title = title_of(number, cell)
        for region in REGIONS:
            if not _balanced(source_of(cell), region):
                message = "{title}: BEGIN {region}{region:과/와} END {region}의 짝이 맞지 않습니다."
                detail = f"BEGIN and END of a region do not match in cell {cell.get('id')!r}"
                yield seen.finding("release-region", message, detail, title=title, region=region)
        if "BEGIN SOLUTION" in source_of(cell) and not _own(cell).get("solution"):
            message = "{title}: 풀이를 지우는 표시가 있는데 풀이 셀(solution)이 아닙니다. 이대로는 배포할 수 없습니다."
            yield seen.finding("release-region", message, f"cell {cell.get('id')!r}", title=title)


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


def _cells_twice(seen: Notebooks) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for number, cell, own in seen.cells():
        name = own["grade_id"]
        if first.setdefault(name, number) != number:
            message = "{title}: {first}번째 셀의 grade_id도 같습니다. 셀마다 달라야 합니다."
            title = title_of(number, cell)
            yield seen.finding("release-cell", message, f"grade_id {name!r} twice", title=title, first=first[name])


def _is_whole(seen: Notebooks, question: Question) -> bool:
    """Say whether a question has its cells; else nothing more is said of it."""
    check, solution = seen.cell(question.check_cell)[2], seen.cell(question.solution_cell)[2]
    return bool(check.get("grade") and solution.get("solution"))


def _cells_there(seen: Notebooks) -> Iterator[Finding]:
    for question in seen.assignment.questions:
        if _is_whole(seen, question):
            continue
        gone_check = not seen.cell(question.check_cell)[2].get("grade")
        gone = question.check_cell if gone_check else question.solution_cell
        kind = "점수 셀(grade)" if gone_check else "풀이 셀(solution)"
        message = "{own} 문항의 {kind} '{gone}'{gone:이/가} 없습니다. 셀의 grade_id와 nbgrader 종류를 확인하세요."
        detail = f"{question.id}: no cell {question.check_cell!r} or {question.solution_cell!r}"
        yield seen.finding("release-cell", message, detail, own=question.id, kind=kind, gone=gone)


def _who_grades(seen: Notebooks) -> Iterator[Finding]:
    for question in seen.assignment.questions:
        number, cell, check = seen.cell(question.check_cell)
        if _is_whole(seen, question) and not question.manual and check.get("solution"):
            message = (
                "{title}: 자동으로 채점하는 {own} 문항의 점수 셀인데 손으로 채점하는 셀(manually graded)이 되어 "
                "있습니다. nbgrader 종류를 autograder tests로 되돌리세요."
            )
            detail = f"{question.id}: the check cell is a solution cell"
            yield seen.finding("release-cell", message, detail, title=title_of(number, cell), own=question.id)


def _kinds(seen: Notebooks) -> Iterator[Finding]:
    for question in seen.assignment.questions:
        if question.manual or not _is_whole(seen, question):
            continue
        for name in (question.solution_cell, question.check_cell):
            number, cell, _ = seen.cell(name)
            if cell.get("cell_type") != "code":
                message = "{title}: {own} 문항의 셀은 코드 셀이어야 합니다. 셀의 종류를 코드(Code)로 되돌리세요."
                detail = f"{question.id}: cell {name!r} is {cell.get('cell_type')!r}"
                yield seen.finding("release-cell", message, detail, title=title_of(number, cell), own=question.id)


def _kinds_before(seen: Notebooks) -> Iterator[Finding]:
    cells = (seen.before or {}).get("cells", ())
    kinds = {_own(cell).get("grade_id"): cell.get("cell_type") for cell in cells}
    for question in seen.assignment.questions:
        number, cell, own = seen.cell(question.solution_cell)
        before, now = kinds.get(question.solution_cell), cell.get("cell_type")
        if question.manual and own and before not in (None, now):
            message = (
                "{title}: 이미 만든 학생용 노트북의 답 셀과 종류가 다릅니다({before} → {now}). 종류를 되돌리세요. "
                "아직 아무에게도 배포하지 않았다면 학생용 폴더 assignments/{id}{id:을/를} 지우면 됩니다."
            )
            words = {"title": title_of(number, cell), "before": before, "now": now, "id": seen.assignment.id}
            yield seen.finding("release-cell", message, **words)


def _locks(seen: Notebooks) -> Iterator[Finding]:
    checks = {question.check_cell for question in seen.assignment.questions if not question.manual}
    for number, cell, own in seen.cells():
        title = title_of(number, cell)
        if own.get("locked") or own.get("solution") or own.get("task"):
            continue
        if own["grade_id"] in checks:
            message = "{title}: 점검 셀이 잠겨 있지 않습니다. nbgrader의 locked를 켜세요."
            yield seen.finding("release-cell", message, title=title)
        elif not own.get("grade"):
            message = (
                "{title}: 잠겨 있지 않은데 채점할 때 원본으로 되돌리는 셀입니다. nbgrader의 locked를 켜거나, "
                "학생이 쓰는 셀이면 nbgrader 종류를 지우세요."
            )
            yield seen.finding("release-cell", message, title=title)


def _points(seen: Notebooks) -> Iterator[Finding]:
    for question in seen.assignment.questions:
        number, cell, check = seen.cell(question.check_cell)
        if not _is_whole(seen, question):
            continue
        given = _number(check.get("points", 0))
        if given != question.points:
            message = "'{own}'의 배점이 원본 노트북에는 {given}점, 시험지(assignment.toml)에는 {stated:g}점입니다."
            shown = check.get("points", 0) if math.isnan(given) else f"{given:g}"
            detail = f"{question.id}: {shown} points in the notebook, {question.points} in the suite"
            detail += f", {title_of(number, cell)}"
            yield seen.finding("release-points", message, detail, own=question.id, given=shown, stated=question.points)


def _number(value: object) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return math.nan


def _nobody_grades(seen: Notebooks) -> Iterator[Finding]:
    known = {question.check_cell for question in seen.assignment.questions}
    for number, cell, own in seen.cells():
        if (own.get("grade") and own["grade_id"] not in known) or own.get("task"):
            message = (
                "{title}: 점수가 있는 셀인데 해당하는 문항이 assignment.toml에 없습니다. "
                "grade_id를 되돌리거나 nbgrader 종류를 지우세요."
            )
            detail = f"no question for cell {own['grade_id']!r}"
            yield seen.finding("release-cell", message, detail, title=title_of(number, cell))


def _names(seen: Notebooks) -> Iterator[Finding]:
    master = Notebooks(seen.assignment, seen.master, seen.master)
    for question in seen.assignment.questions:
        number, cell, _ = master.cell(question.solution_cell)
        if not number or question.manual or cell.get("cell_type") != "code":
            continue
        bound = _bound(source_of(cell))
        for name in question.names:
            if name not in bound:
                message = "{title}: {own} 문항의 함수 '{name}'{name:이/가} 이 셀에 정의되어 있지 않습니다.{hint}"
                words = {"title": title_of(number, cell), "own": question.id, "name": name}
                yield seen.finding("release-name", message, **words, hint=did_you_mean(name, bound))


def _bound(source: str) -> set[str]:
    """Return every name that a cell may bind: rather one too many, because a right cell must not be refused."""
    found = set(names_in(source))
    tree = parsed(source)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.partition(".")[0])
    return found


RULES: tuple[Rule, ...] = (
    Rule(
        "release-region",
        "BEGIN and END of each region match, and a solution's region stands in a solution cell",
        "nbgrader refuses the notebook, or a solution reaches the students",
        _regions,
    ),
    Rule("release-cell", "no grade_id stands twice", "answers are taken from the wrong cell", _cells_twice),
    Rule(
        "release-cell",
        "each question has its graded cell and its solution cell, by the ids of assignment.toml",
        "the grading of the class stops",
        _cells_there,
    ),
    Rule(
        "release-cell",
        "the graded cell of an automatic question is no manually graded one",
        "points wait for a person for ever",
        _who_grades,
    ),
    Rule("release-cell", "the cells of an automatic question are code", "no answer is found", _kinds),
    Rule(
        "release-cell",
        "a written answer has the kind of cell that students were given",
        "answers written in the older form are lost",
        _kinds_before,
    ),
    Rule(
        "release-cell",
        "what the grader puts back in place of the student's text is locked",
        "a student writes where nothing is kept",
        _locks,
    ),
    Rule(
        "release-points",
        "the points of a graded cell are those of its question",
        "the grading of the class stops",
        _points,
    ),
    Rule(
        "release-cell",
        "each graded cell and each task belongs to a question",
        "formgrader counts points that nobody can earn",
        _nobody_grades,
    ),
    Rule(
        "release-name",
        "the solution cell defines what the question asks for",
        "the suite is refused: the instructor's own answer loses its tests",
        _names,
    ),
)
"""Everything that a release refuses, in the order in which it is told."""
