"""What students would be given: whether it fits the suite, and whether anything of a solution would be in it.

Reads the folder of the master as `integrations.release` would release it, without running nbgrader, and writes nothing.
That the marks of the tests sum to a question's points is said by `judge.suite`; here the notebook is compared.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.catalog import read_master
from autograder.errors import AssignmentError
from autograder.findings import Finding, did_you_mean
from autograder.intake.open_problem import NAME, Stated, is_call, names_assignment, read_open_problem
from autograder.intake.release import released_cells
from autograder.intake.syntax import parsed
from autograder.integrations.release import LEFT_OUT
from autograder.integrations.release_check import REGIONS, cell_problems, source_of, title_of
from autograder.korean import fill
from autograder.model import Assignment, Question

__all__ = ["check_release"]

_SHORTEST_LINE = 25
"""Characters, spaces squeezed, from which a line of a solution is its own and not everybody's. Measured on the five
assignments: no line of this length stands in a solution and in what students get."""
_MARKER = re.compile(rf"\b(?:BEGIN|END) (?:{'|'.join(REGIONS)})\b", re.IGNORECASE)
_NEARLY_A_MARKER = re.compile(r"^\s*#{2,}\s*(?:BEGIN|END)\b[ \w]*$", re.IGNORECASE | re.MULTILINE)
_REGION = re.compile(r"BEGIN SOLUTION[^\n]*\n(.*?)^[^\n]*END SOLUTION", re.DOTALL | re.MULTILINE)
_PUBLIC_LINE = re.compile(r"(?:from|import|def|class)\b|#|@|\"\"\"")
"""Lines of a solution that say nothing: imports and signatures, which students know, and comments."""
_TEXT = {".csv", ".json", ".md", ".py", ".toml", ".txt", ".ipynb", ".yml", ".yaml", ".cfg", ".html"}


@dataclass(frozen=True)
class _Public:
    """A text that students would get: a cell of the notebook, or a file beside it."""

    file: str
    title: str
    text: str
    code: bool
    cell: int = 0


def check_release(assignment: Assignment, root: Path) -> list[Finding]:
    """Return what is wrong with what a release would give to students, the notebook first, then the files beside it.

    Args:
        assignment: what ``assignment.toml`` says.
        root: the course root; the master's folder is ``solutions/ID`` below it.

    Raises:
        AssignmentError: there is no master notebook, or it cannot be read (``master-missing``, ``master-unreadable``).
    """
    folder = root / "solutions" / assignment.id
    master = read_master(assignment)
    found = cell_problems(assignment, master, master)
    for question in assignment.questions:
        if not question.manual:
            found += _check_cell(assignment, question, master)
    found += _open_problem(assignment, master)
    found += [*_check_files(assignment, folder), *_stray_files(assignment, folder)]
    found += _solutions(assignment, folder, master)
    return found


# -- the notebook and assignment.toml


def _cell(master: Mapping[str, Any], grade_id: str) -> tuple[int, Mapping[str, Any]] | None:
    for number, cell in enumerate(master["cells"], start=1):
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id:
            return number, cell
    return None


def _check_cell(assignment: Assignment, question: Question, master: Mapping[str, Any]) -> Iterator[Finding]:
    found = _cell(master, question.check_cell)
    if found is None:
        return  # said of the cells
    number, cell = found
    tree = parsed(source_of(cell))
    asked = [_checked(node) for node in ast.walk(tree)] if tree is not None else []
    if not any(asked) or any(name not in (None, question.id) for name in asked):
        message = '{title}: 이 셀에서는 check("{own}") 점검을 불러야 합니다.'
        text = fill(message, title=title_of(number, cell), own=question.id)
        yield Finding("release-check", text, assignment.notebook)


def _checked(node: ast.AST) -> str | None:
    """Return the question that a call of ``check`` names."""
    if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "check" or not node.args:
        return None
    value = node.args[0]
    return str(value.value) if isinstance(value, ast.Constant) else "?"


def _open_problem(assignment: Assignment, master: Mapping[str, Any]) -> Iterator[Finding]:
    """Compare the cell in which students state their number with the table ``[open_problem]``."""
    cells = [{"cell_type": cell["cell_type"], "source": source_of(cell)} for cell in master["cells"]]
    trees = [parsed(cell["source"]) for cell in cells if cell["cell_type"] == "code" and NAME in cell["source"]]
    calls = [node for tree in trees if tree is not None for node in ast.walk(tree) if is_call(node)]
    named = [call for call in calls if isinstance(call, ast.Call) and names_assignment(call, assignment.id)]
    short = assignment.id.partition("-")[0]
    if calls and assignment.open_problem is None:
        text = "노트북이 open_problem을 부르는데 assignment.toml에 [open_problem] 표가 없습니다."
    elif assignment.open_problem is not None and not named:
        template = 'assignment.toml에 [open_problem] 표가 있는데 노트북에 open_problem("{short}", ...)이 없습니다.'
        text = fill(template, short=short)
    elif len(named) < len(calls):
        text = fill('open_problem의 첫 인자에는 이 과제의 번호 "{short}"{short:을/를} 적어야 합니다.', short=short)
    elif calls and read_open_problem({"cells": cells}, assignment.id) != Stated():
        text = "배포하는 노트북의 open_problem은 한 번만, share=False로 불러야 합니다."
    else:
        return
    yield Finding("release-open-problem", text, assignment.notebook)


# -- files beside the notebook


def _check_files(assignment: Assignment, folder: Path) -> Iterator[Finding]:
    ids = [question.id for question in assignment.questions if not question.manual]
    for own in ids:
        path = folder / "checks" / f"{own}.py"
        if not path.is_file():
            message = "{own} 문항의 공개 점검 checks/{own}.py가 없습니다."
            yield Finding("release-check", fill(message, own=own), f"checks/{own}.py")
            continue
        stated = _stated_name(path)
        if stated is not None and stated[0] != own:
            text = fill("name이 '{name}'입니다. 문항의 id '{own}'{own:과/와} 같아야 합니다.", name=stated[0], own=own)
            yield Finding("release-check", text, f"checks/{own}.py", stated[1])
    for path in sorted((folder / "checks").glob("*.py")):
        if path.stem not in (*ids, "__init__"):
            message = "이 점검에 해당하는 문항 '{name}'{name:이/가} assignment.toml에 없습니다.{hint}"
            text = fill(message, name=path.stem, hint=did_you_mean(path.stem, ids))
            yield Finding("release-check", text, f"checks/{path.name}")


def _stated_name(path: Path) -> tuple[str, int] | None:
    """Return the ``name`` that a check gives itself and its line, or None."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError):
        return None
    for node in tree.body:
        names = [getattr(target, "id", "") for target in node.targets] if isinstance(node, ast.Assign) else []
        if names == ["name"] and isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            return str(node.value.value), node.lineno
    return None


def _released_files(folder: Path) -> list[Path]:
    """Return the files that a release copies, relative to the master's folder, without the notebook's litter."""
    found: list[Path] = []
    queue = [folder]
    while queue:
        here = queue.pop()
        names = sorted(path.name for path in here.iterdir()) if here.is_dir() else []
        for name in sorted(set(names) - LEFT_OUT(str(here), names)):
            path = here / name
            if path.is_dir() and not path.is_symlink():
                queue.append(path)
            else:
                found.append(path.relative_to(folder))
    return sorted(found)


def _stray_files(assignment: Assignment, folder: Path) -> Iterator[Finding]:
    for path in _released_files(folder):
        if path.as_posix() in (assignment.notebook, *assignment.extra_files):
            continue
        if path.parts[:-1] == ("checks",) and path.suffix == ".py":
            continue  # said of the checks
        if path.as_posix() == "checks/predictions.toml":
            continue  # what the predictions of the notebook come to
        message = (
            "학생에게 함께 배포되는 파일입니다. 배포하지 않으려면 solutions/ 밖으로 옮기고, "
            "배포하려면 assignment.toml의 extra_files에 적으세요."
        )
        yield Finding("release-stray-file", message, path.as_posix())


# -- solutions


def _solutions(assignment: Assignment, folder: Path, master: Mapping[str, Any]) -> Iterator[Finding]:
    public = [*_public_cells(assignment, master), *_public_files(assignment, folder)]
    secrets = _secret_lines(master)
    for part in public:
        yield from _markers(part)
        squeezed = [_squeezed(line) for line in part.text.split("\n")]
        for number, line in enumerate(squeezed, start=1):
            source = next((where for secret, where in secrets.items() if secret in line), None)
            if source is not None:
                message = "{lead}{where}의 풀이에 있는 줄이 학생에게 배포됩니다: {line}"
                text = fill(message, lead=_lead(part), where=source, line=line[:80])
                yield Finding("release-solution", text, part.file, 0 if part.cell else number)


def _lead(part: _Public) -> str:
    return f"{part.title}: " if part.title else ""


def _markers(part: _Public) -> Iterator[Finding]:
    exact = _MARKER.search(part.text)
    nearly = _NEARLY_A_MARKER.search(part.text) if part.code else None
    for found in (exact, None if exact else nearly):
        if found is not None:
            line = 0 if part.cell else part.text[: found.start()].count("\n") + 1
            message = (
                "{lead}풀이를 지우는 표시 '{marker}'{marker:이/가} 학생에게 배포됩니다. 표시의 철자와 짝을 확인하세요."
            )
            text = fill(message, lead=_lead(part), marker=found[0].strip())
            yield Finding("release-solution", text, part.file, line)


def _public_cells(assignment: Assignment, master: Mapping[str, Any]) -> Iterator[_Public]:
    """Return the cells as students get them; of a cell whose regions do not match nothing can be said here."""
    for number, cell in enumerate(master["cells"], start=1):
        text = source_of(cell)
        if cell["metadata"].get("nbgrader", {}).get("grade_id"):
            try:
                text = released_cells({"cells": [cell]})[0].source
            except AssignmentError:
                continue  # said of the regions
        code = cell.get("cell_type") == "code"
        yield _Public(assignment.notebook, title_of(number, cell), text, code, number)


def _public_files(assignment: Assignment, folder: Path) -> Iterator[_Public]:
    for path in _released_files(folder):
        if path.as_posix() != assignment.notebook and path.suffix in _TEXT:
            text = (folder / path).read_text(encoding="utf-8", errors="replace")
            yield _Public(path.as_posix(), "", text, path.suffix == ".py")


def _secret_lines(master: Mapping[str, Any]) -> dict[str, str]:
    """Return the lines that only a solution has, each with the title of its cell."""
    secrets: dict[str, str] = {}
    for number, cell in enumerate(master["cells"], start=1):
        source = source_of(cell)
        regions = _REGION.findall(source)
        if not regions and cell["metadata"].get("nbgrader", {}).get("solution"):
            regions = [source]  # the whole cell is the answer
        for line in map(_squeezed, "\n".join(regions).split("\n")):
            if len(line) >= _SHORTEST_LINE and not _PUBLIC_LINE.match(line):
                secrets.setdefault(line, title_of(number, cell))
    return secrets


def _squeezed(line: str) -> str:
    return re.sub(r"\s+", " ", line).strip()
