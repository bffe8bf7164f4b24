"""The form that every notebook keeps: what a question holds, what precedes an experiment, what is locked."""

from __future__ import annotations

import json
import re

import pytest

from autograder.catalog import read_master as whole_master
from autograder.intake import assemble, read_notebook
from autograder.model import Question, Submission
from tests.course.masters import IDS, ROOT, assignment, read_master, read_sources

QUESTIONS = [pytest.param(i, q, id=f"{i[:2]}-{q.id}") for i in IDS for q in assignment(i).questions if not q.manual]


@pytest.mark.parametrize(("assignment_id", "question"), QUESTIONS)
def test_every_question_has_its_parts(assignment_id: str, question: Question) -> None:
    sources = read_sources(assignment_id)
    text = sources[f"{question.id}-text"]
    number = question.id.removeprefix("q")
    assert re.search(rf"### 문제 {number}\. {re.escape(question.title)} \({question.points:g}점\)", text)
    assert "| 이름 | 모양 | 뜻 |" in text
    assert "<details><summary>힌트" in text
    assert "$" in text
    for name in question.names:
        assert f"`{name}(" in text
        assert f"def {name}(" in sources[question.id]
    assert '"""' in sources[question.id]
    assert sources[f"{question.id}-check"] == f'check("{question.id}")'


@pytest.mark.parametrize("assignment_id", IDS)
def test_the_header_tells_what_is_ahead(assignment_id: str) -> None:
    header = read_sources(assignment_id)["header"]
    for word in (
        "목표",
        "<nobr>예상 시간</nobr>",
        "<nobr>실행 시간</nobr>",
        "배점",
        "준비물",
        "FAST=1",
    ):
        assert word in header


@pytest.mark.parametrize("assignment_id", IDS)
def test_every_notebook_opens_with_its_sources_and_the_timeline(assignment_id: str) -> None:
    ids = [cell["id"] for cell in read_master(assignment_id)["cells"]]
    assert ids[:2] == ["header", "sources"]
    assert ids.index("setup") < ids.index("timeline") < ids.index("story") < ids.index("q1-text")
    assert '"왜 2012년 이후 딥러닝이 부상하게 되었을까요?"' in read_sources(assignment_id)["sources"]


@pytest.mark.parametrize("assignment_id", IDS)
def test_every_experiment_follows_a_prediction_and_is_explained(assignment_id: str) -> None:
    cells = read_master(assignment_id)["cells"]
    ids = [cell["id"] for cell in cells]
    letters = [match[1] for name in ids if (match := re.fullmatch(r"predict-([a-z])", name))]
    assert letters == sorted(letters)
    assert len(letters) >= 3
    for key in letters:
        order = [f"predict-{key}", f"my-predict-{key}", f"experiment-{key}", f"explain-{key}"]
        places = [ids.index(name) for name in order]
        assert places == sorted(places)
        assert "<details><summary>해설" in "".join(cells[places[-1]]["source"])
        made = re.findall(r'^predict\("([^"]+)"', "".join(cells[places[1]]["source"]), re.MULTILINE)
        shown = re.findall(r'outcome\("([^"]+)"\)', "".join(cells[places[2]]["source"]))
        assert made
        assert sorted(made) == sorted(shown)
    assert sum(name.startswith("my-explain-") for name in ids) == 1, "one explanation of one's own, no ritual"


@pytest.mark.parametrize("assignment_id", IDS)
def test_every_figure_has_an_alternative_text(assignment_id: str) -> None:
    sources = read_sources(assignment_id)
    figures = sum("plt.show()" in source for name, source in sources.items() if name.startswith("experiment"))
    numbers = [int(n) for source in sources.values() for n in re.findall(r"<summary>그림 (\d+) 대체 텍스트", source)]
    assert numbers == list(range(1, figures + 1))


@pytest.mark.parametrize("assignment_id", IDS)
def test_instructions_are_locked_and_nothing_is_stored(assignment_id: str) -> None:
    for cell in read_master(assignment_id)["cells"]:
        own = cell["metadata"].get("nbgrader")
        if cell["id"].endswith("-text") or cell["id"].startswith(
            ("theory", "header", "predict", "setup", "sources", "story")
        ):
            assert own["locked"]
            assert not own["solution"]
        if own:
            assert own["grade_id"] == cell["id"]
            assert own["grade_id"].isascii()
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)


@pytest.mark.parametrize("assignment_id", IDS)
def test_the_header_card_states_the_limits_of_grading(assignment_id: str) -> None:
    limits = assignment(assignment_id).limits

    header = read_sources(assignment_id)["header"]

    row = next(line for line in header.splitlines() if "<nobr>채점 한도</nobr>" in line)
    stated = [
        f"셀 하나에 {limits.cell_seconds:g}초",
        f"답안 셀 모두 {limits.answers_seconds:g}초",
        f"나머지 셀 모두 {limits.notebook_seconds:g}초",
        f"문항 하나의 시험에 {limits.question_seconds:g}초",
        f"한 번 부를 때 {limits.call_seconds:g}초",
        f"기다리기만 하는 시간은 {limits.asleep_seconds:g}초까지",
        f"{limits.memory_mb / 1024:g}GB",
    ]
    assert [words for words in stated if words not in row] == []


def test_the_last_cell_of_every_notebook_says_how_to_submit_in_the_same_words() -> None:
    last = [read_master(assignment_id)["cells"][-1] for assignment_id in IDS]
    last += [
        json.loads((ROOT / "assignments" / i / f"{i}.ipynb").read_text(encoding="utf-8"))["cells"][-1] for i in IDS
    ]
    assert all(cell == last[0] for cell in last)
    assert (last[0]["cell_type"], last[0]["id"]) == ("markdown", "how-to-submit")
    assert last[0]["metadata"] == {"deletable": False, "editable": False}
    words = "".join(last[0]["source"])
    for word in (
        "Ctrl+S",
        "Run All",
        "Assignment List",
        "Submit",
        "제출 확인.md",
        "채점 결과",
        "Fetch Feedback",
        "Colab",
    ):
        assert word in words
    assert words.index("Run All") < words.index("Ctrl+S") < words.index("**Submit**"), "what is saved is handed in"


def test_work_from_a_release_without_that_cell_is_told_nothing_about_it() -> None:
    """A term's first releases stay valid: the cell is none of nbgrader's, so no gradebook and no check asks for it.

    Their header may keep lines from breaking in another way, too.
    """
    own = assignment(IDS[0])
    master = whole_master(own)
    with_cell, _ = read_notebook((ROOT / "assignments" / own.id / own.notebook).read_bytes())
    assert with_cell is not None
    header = with_cell["cells"][0]
    spaced = header["source"].replace("<nobr>예상 시간</nobr>", "예상&nbsp;시간")
    assert spaced != header["source"]
    without = {**with_cell, "cells": [{**header, "source": spaced}, *with_cell["cells"][1:-1]]}

    said = [
        assemble(Submission("alice", own.id, "0" * 64, notebook, source="x"), own, master).verdicts
        for notebook in (with_cell, without)
    ]

    assert said[0] == said[1]
    assert not any(verdict.code.startswith("locked-cell") for verdict in said[1])
