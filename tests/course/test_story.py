"""What ties the notebooks together: the timeline, the table of what changed, the open problems, promised lines."""

from __future__ import annotations

import ast
import dataclasses
import re
from typing import Any

import matplotlib.pyplot as plt
import pytest

from course import changed, fast, open_problem, timeline
from course.story import changes, open_problems
from course.timeline import EVENTS, FORCES
from tests.course.masters import IDS, assignment, read_sources

NUMBERS = [i[:2] for i in IDS]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_timeline_is_drawn_with_the_notebooks_own_rows_dark(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(plt, "show", lambda: seen.append([(t.get_text(), t.get_color()) for t in plt.gca().texts]))
    timeline(number)
    (texts,) = seen
    assert len(texts) == len(EVENTS)
    assert [colour for _, colour in texts if colour == "0.0"]
    assert not plt.get_fignums()


def test_the_events_are_in_order_and_of_a_known_force() -> None:
    assert [e.year for e in EVENTS] == sorted(e.year for e in EVENTS)
    assert {e.force for e in EVENTS} <= FORCES.keys()


@pytest.mark.parametrize("assignment_id", IDS)
def test_the_class_board_and_the_notebook_speak_of_one_open_problem(assignment_id: str) -> None:
    told, shown = open_problems()[assignment_id[:2]], assignment(assignment_id).open_problem
    assert shown is not None
    for field in dataclasses.fields(told):
        assert getattr(shown, field.name) == getattr(told, field.name), field.name


def test_every_assignment_has_a_row_and_an_open_problem() -> None:
    assert set(NUMBERS) <= changes().keys()
    assert set(NUMBERS) <= open_problems().keys()


@pytest.mark.parametrize(
    ("before", "after", "words"), [(0.1, 0.97, "0.1 → 0.97 (내가 잰 수)"), (None, 3281, "→ 3,281")]
)
def test_the_last_row_has_the_students_own_figures(
    before: float | None, after: float, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    changed("03", before, after)
    rows = capsys.readouterr().out.splitlines()
    assert words in next(row for row in rows if row.startswith("03"))
    assert sum("모범 실행" in row for row in rows if " | " in row) == 2
    assert not any(row.startswith("04") for row in rows)


@pytest.mark.parametrize("value", [float("nan"), "3", True, [1], 10**400, object()])
def test_what_is_no_number_stops_neither_table_nor_problem(value: Any, capsys: pytest.CaptureFixture[str]) -> None:
    changed("01", value, value)
    open_problem("01", number=value, spent=value, share=value)
    assert "아직 재지 않음" in capsys.readouterr().out or value == "3"


def test_an_entry_is_told_where_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    problem = open_problems()["05"]
    for number, spent, words in (
        (problem.baseline + 0.1, problem.budget, "기준을 넘었습니다"),
        (problem.baseline - 0.1, problem.budget, "아직 기준에 미치지 못합니다"),
        (problem.baseline + 0.1, problem.budget + 1, "예산을 넘었습니다"),
        (None, None, "아직 적은 수가 없습니다"),
    ):
        open_problem("05", number=number, spent=spent)
        shown = capsys.readouterr().out
        assert words in shown
        assert "게시판에는 올리지 않습니다" in shown
    open_problem("05", number=0.9, spent=1, share=True)
    assert "이름 없이 올라갑니다" in capsys.readouterr().out


@pytest.mark.parametrize("value", ["1", "0", ""])
def test_a_short_run_says_so(value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FAST", value)
    assert fast() == (value == "1")
    assert ("전체 실행" in capsys.readouterr().out) == (value == "1")


@pytest.mark.parametrize("assignment_id", IDS)
def test_every_notebook_tells_the_story(assignment_id: str) -> None:
    code = "\n".join(read_sources(assignment_id).values())
    number = assignment_id[:2]
    for call in (f'timeline("{number}")', f'changed("{number}"', f'open_problem("{number}"', "FAST = fast()"):
        assert call in code


@pytest.mark.parametrize("assignment_id", IDS)
def test_promised_lines_are_those_of_the_master(assignment_id: str) -> None:
    sources = read_sources(assignment_id)
    promise = re.search(r"함수마다 (\d+) ~ (\d+)줄이면 충분합니다", sources["how-to"])
    assert promise
    longest = {}
    for question in assignment(assignment_id).questions:
        if question.manual:
            continue
        for node in ast.parse(sources[question.id]).body:
            if isinstance(node, ast.FunctionDef) and node.name in question.names:
                text = ast.get_docstring(node, clean=False) or ""
                lines = sources[question.id].splitlines()[node.body[bool(text)].lineno - 1 : node.end_lineno]
                longest[node.name] = len([x for x in lines if x.strip() and not x.strip().startswith("#")])
    excepted = set(re.findall(r"문제 (\d+)[은는] 조금 더 깁니다", sources["how-to"]))
    own = {n for q in assignment(assignment_id).questions for n in q.names if q.id.removeprefix("q") in excepted}
    assert {name: n for name, n in longest.items() if n > int(promise[2]) and name not in own} == {}


@pytest.mark.parametrize("assignment_id", IDS)
def test_at_most_a_quarter_of_the_points_is_for_writing_down_a_printed_formula(assignment_id: str) -> None:
    questions = [q for q in assignment(assignment_id).questions if not q.manual]
    assert all(q.kind for q in questions)
    assert sum(q.points for q in questions if q.kind == "typing") <= 25
