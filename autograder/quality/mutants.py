"""Mutants of the reference's answers: one small change each, in a solution region of the master notebook.

Owns what counts as one mutant and its key, which stays the same when other lines of the cell change. Mutants that do
not parse, that parse to the answer itself or to another mutant are left out. The order is fixed, nothing is random.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.errors import GraderError
from autograder.intake.notebook import grade_id
from autograder.model import Assignment

__all__ = ["Key", "Mutant", "mutants_of", "mutate_cell"]

_BEGIN, _END = "### BEGIN SOLUTION", "### END SOLUTION"


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What names a mutant in ``survivors.toml``.

    Args:
        question: id of the question whose answer is changed.
        operator: the operator's name, ``core/...`` (cosmic-ray) or ``course/...``.
        line: the changed line (or lines, joined by a space) of the answer, without indent.
        mutant: the same as the mutant has it.
        occurrence: counts, from 1, mutants that agree in all of the above.
    """

    question: str
    operator: str
    line: str
    mutant: str
    occurrence: int = 1


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mutant: its key, and the whole source of the answer's cell."""

    key: Key
    source: str


def mutants_of(assignment: Assignment, master: Mapping[str, Any]) -> Iterator[Mutant]:
    """Yield the mutants of every question graded automatically, in the assignment's order.

    Raises:
        GraderError: the mutation library is not installed (``mutation-library-missing``).
    """
    cells = {grade_id(cell): cell["source"] for cell in master["cells"] if cell["cell_type"] == "code"}
    for question in assignment.questions:
        if not question.manual:
            source = cells.get(question.solution_cell, "")
            yield from mutate_cell(question.id, source if isinstance(source, str) else "".join(source))


def mutate_cell(question: str, source: str) -> list[Mutant]:
    """Return the mutants of one cell; only what stands between the solution markers is changed.

    Raises:
        GraderError: the mutation library is not installed (``mutation-library-missing``).
    """
    try:
        from cosmic_ray.ast import ast_nodes, get_ast
        from cosmic_ray.mutating import mutate_code

        from autograder.quality.operators import operators
    except ImportError as error:
        message = (
            "변이 라이브러리 cosmic-ray가 설치되어 있지 않습니다. "
            "과목 폴더에서 `pip install --group quality --constraint constraints.txt`로 설치하세요."
        )
        raise GraderError("mutation-library-missing", message, detail=str(error)) from error

    original, answered = _without_markers(source)
    nodes = list(ast_nodes(get_ast(original)))
    seen = {ast.dump(ast.parse(original))}
    counts: Counter[tuple[str, ...]] = Counter()
    found = []
    for name, operator in operators().items():
        lines = [start[0] for node in nodes for start, _ in operator.mutation_positions(node)]
        for occurrence in (number for number, line in enumerate(lines) if line in answered):
            mutated = mutate_code(original, operator, occurrence)
            form = _form(mutated)
            if form is None or form in seen:
                continue
            seen.add(form)
            before, after = _difference(original, mutated)
            counts[name, before, after] += 1
            found.append(Mutant(Key(question, name, before, after, counts[name, before, after]), mutated))
    return found


def _without_markers(source: str) -> tuple[str, set[int]]:
    """Return the cell without solution markers, and the numbers (from 1) of the lines that stood between them."""
    kept: list[str] = []
    answered: set[int] = set()
    inside = False
    for line in source.split("\n"):
        if line.strip() in (_BEGIN, _END):
            inside = line.strip() == _BEGIN
            continue
        kept.append(line)
        if inside:
            answered.add(len(kept))
    return "\n".join(kept), answered


def _form(source: str | None) -> str | None:
    try:
        return ast.dump(ast.parse(source or "("))
    except (SyntaxError, ValueError, RecursionError):
        return None


def _difference(before: str, after: str) -> tuple[str, str]:
    """Return the lines that differ, without indent, joined by a space."""
    old, new = before.split("\n"), after.split("\n")
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return _joined(old), _joined(new)


def _joined(lines: list[str]) -> str:
    return " ".join(" ".join(line.split()) for line in lines if line.strip())
