"""Every assignment's public checks: the reference earns all points, and each mistake in ``mistakes/ID/`` is named.

A mistake is a ``.py`` file: ``# question: q5``, ``# says: TEXT`` that the check must show, and the wrong function,
which may call ``reference``, the right one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from course import check
from tests.course.masters import IDS, ROOT, assignment, read_master, solve

QUESTIONS = [(i, q.id, q.points) for i in IDS for q in assignment(i).questions if not q.manual]
MISTAKES = sorted((Path(__file__).parent / "mistakes").glob("*/*.py"))

solved = lru_cache(solve)


def short(value: object) -> str:
    return str(value)[:2] if value in IDS else str(value)


@pytest.mark.parametrize(("assignment_id", "question", "points"), QUESTIONS, ids=short)
def test_the_reference_earns_every_public_point(
    assignment_id: str, question: str, points: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT / "assignments" / assignment_id)
    score = check(question, solved(assignment_id))
    assert (float(score), score.possible) == (points, points)


@pytest.mark.parametrize("assignment_id", IDS)
def test_the_points_of_a_question_are_those_of_its_nbgrader_cell(assignment_id: str) -> None:
    cells = [cell["metadata"].get("nbgrader", {}) for cell in read_master(assignment_id)["cells"]]
    assert {c["grade_id"]: c["points"] for c in cells if c.get("grade")} == {
        q.id if q.manual else f"{q.id}-check": q.points for q in assignment(assignment_id).questions
    }


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: f"{path.parent.name[:2]}-{path.stem}")
def test_a_mistake_is_named_without_a_traceback(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assignment_id = path.parent.name
    monkeypatch.chdir(ROOT / "assignments" / assignment_id)
    code = path.read_text(encoding="utf-8")
    header = dict(re.findall(r"^# (question|says): (.*)$", code, re.MULTILINE))
    question = next(q for q in assignment(assignment_id).questions if q.id == header["question"])
    own: dict[str, Any] = dict(solved(assignment_id))
    exec(code, {**own, "reference": own[question.names[0]]}, own)
    capsys.readouterr()
    score = check(question.id, own)
    said = capsys.readouterr()
    assert 0 <= score < question.points
    assert header["says"] in said.out
    assert "Traceback" not in said.out + said.err


@pytest.mark.parametrize("assignment_id", IDS)
def test_every_question_has_a_check_file_and_no_other_exists(assignment_id: str) -> None:
    files = {path.stem for path in (ROOT / "assignments" / assignment_id / "checks").glob("*.py")}
    assert files == {question for i, question, _ in QUESTIONS if i == assignment_id}
