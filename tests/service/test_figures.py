"""Figures on the service: after the score, by the same name, and never before somebody's score."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import nbformat
import pytest

from autograder.grading.due_figures import DueFigures
from autograder.grading.runs import Figures
from autograder.service.desk import Desk
from tests.bench import material
from tests.service.conftest import Lent
from tests.service.course import ID, Course, Handed, right

pytestmark = pytest.mark.xdist_group("service")
EXPERIMENT = "print('실험', softmax(torch.zeros(1, 2)).tolist())"
DUE = "그림은 채점이 끝난 뒤 채워집니다"
DRAWN = "[[0.5, 0.5]]"


@pytest.fixture(autouse=True)
def experiment(course: Course) -> None:
    """An experiment in the course's own notebook, after the answer."""
    master = material.master(tests_inside=False)
    master.cells.append(nbformat.v4.new_code_cell(EXPERIMENT, id="experiment"))
    nbformat.write(master, course.root / "solutions" / ID / "bench.ipynb")


def work_with_experiment(name: str = "") -> dict[str, Any]:
    notebook = right(name)
    notebook["cells"].append(
        {"cell_type": "code", "id": "e", "metadata": {}, "source": EXPERIMENT, "outputs": [], "execution_count": None}
    )
    return notebook


def page(handed: Handed) -> str:
    return handed.feedback().read_text(encoding="utf-8")


def autograded(course: Course) -> str:
    return (course.root / "autograded" / "kim" / ID / "bench.ipynb").read_text(encoding="utf-8")


def test_the_score_is_published_first_and_the_figures_follow_by_the_same_name(
    course: Course, desk: Desk, work: Callable[[], None], lent: Lent
) -> None:
    handed = course.submit("kim", work_with_experiment())
    work()
    assert course.grades() == (100.0, False)
    assert DUE in page(handed) and DRAWN not in page(handed) + autograded(course)
    grades, before = course.grades(), [r.summary for r in desk.receipts.rows(summaries=True)]
    assert desk.drawing.draw()
    assert DUE not in page(handed) and DRAWN in page(handed) and DRAWN in autograded(course)
    assert course.grades() == grades
    assert [r.summary for r in desk.receipts.rows(summaries=True)] == before
    assert not desk.drawing.draw(), "they are made once"
    assert lent.graded == 2


def test_a_page_that_could_not_be_written_leaves_its_figures_due(
    course: Course, desk: Desk, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    handed = course.submit("kim", work_with_experiment())
    work()

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "no space left")

    with monkeypatch.context() as patch:
        patch.setattr(desk._publisher, "publish", full)
        assert not desk.drawing.draw()
    due = DueFigures(desk.ledger)
    assert len(due.jobs(ID)) == 1
    assert not desk.drawing.draw(), "the assignment is left alone for a minute"
    desk.drawing._paused.clear()
    assert desk.drawing.draw()
    assert DRAWN in page(handed)


def test_a_course_that_wants_no_figures_gets_none(course: Course, desk: Desk, work: Callable[[], None]) -> None:
    desk.settings = desk.drawing._settings = dataclasses.replace(desk.settings, figures=Figures.NEVER)
    handed = course.submit("kim", work_with_experiment())
    work()
    assert not desk.drawing.draw()
    assert "실험 셀은 점수와 상관이 없어" in page(handed)


def test_what_arrives_is_graded_before_figures_are_made(
    course: Course, desk: Desk, lent: Lent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread that has figures to make looks for a submission first, each time."""
    for student in ("kim", "lee"):
        course.submit(student, work_with_experiment(student))
    desk.sweep()
    order: list[str] = []
    grade, draw = desk._grade_safely, desk.drawing.draw
    monkeypatch.setattr(desk, "_grade_safely", lambda r: (order.append("score"), grade(r)))

    def drawing() -> bool:
        drawn = draw()
        order.extend(["figures"] if drawn else [])
        if len(order) == 3:
            course.submit("park", work_with_experiment("park"))
            desk.sweep()
        if order.count("figures") == 3:
            desk._stopping.set()
        return drawn

    monkeypatch.setattr(desk.drawing, "draw", drawing)
    desk._grade_forever()
    assert order == ["score", "score", "figures", "score", "figures", "figures"]
