"""Predictions: kept before an experiment, shown beside its result; choices agree with the answers' file."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from course import outcome, predict
from course.predictions import read_answers
from tests.course.masters import IDS, ROOT, read_sources

ANSWERS = """
["가-1"]
answer = 2
because = "둘째가 맞습니다."
["가-1".mistakes]
1 = "첫째로 착각했습니다."
3 = "셋째로 착각했습니다."
"""
CHOICES = ["하나", "둘", "셋"]


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "predictions.toml").write_text(ANSWERS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("course.predictions._kept", {})
    return tmp_path


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def test_a_wrong_choice_is_told_the_mistake_behind_it(beside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    predict("가-1", CHOICES, pick=1)
    assert "1번 ‘하나’" in said(capsys)
    outcome("가-1")
    shown = said(capsys)
    for words in (
        "나의 예측: 1번 ‘하나’",
        "결과: 2번 ‘둘’",
        "첫째로 착각했습니다.",
        "둘째가 맞습니다.",
        "결과와 다릅니다",
    ):
        assert words in shown


def test_the_right_choice_is_told_why(beside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    predict("가-1", CHOICES, pick=2)
    outcome("가-1")
    shown = said(capsys)
    assert "맞았습니다" in shown
    assert "착각" not in shown


def test_who_has_not_chosen_still_reads_the_result(beside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    predict("가-1", CHOICES)
    assert "아직 고르지 않았습니다" in said(capsys)
    outcome("가-1")
    assert "고르지 않았습니다" in (shown := said(capsys))
    assert "결과: 2번 ‘둘’" in shown


def test_a_choice_changed_after_the_result_is_named_so(beside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    predict("가-1", CHOICES, pick=1)
    predict("가-1", CHOICES, pick=3)
    outcome("가-1")
    assert "바꾸었습니다" not in said(capsys), "before the result a mind may change"
    predict("가-1", CHOICES, pick=3)
    outcome("가-1")
    assert "바꾸었습니다" not in said(capsys), "run again with the same choice"
    predict("가-1", CHOICES, pick=2)
    outcome("가-1")
    assert "결과를 본 뒤에 바꾸었습니다" in said(capsys)


@pytest.mark.parametrize("pick", [0, 4, -1, True, "2", 1.0, [1]])
def test_a_choice_that_is_none_is_told_what_to_write(
    pick: Any, beside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    predict("가-1", CHOICES, pick=pick)
    assert "1부터 3까지의 번호" in said(capsys)
    outcome("가-1")


@pytest.mark.parametrize("content", [None, "[", "x = 1", '["가-1"]\nanswer = 9\nbecause = "까닭"', '["가-1"]'])
def test_a_lost_or_broken_file_of_answers_stops_nothing(
    content: str | None, beside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = beside / "checks" / "predictions.toml"
    file.unlink()
    if content is not None:
        file.write_text(content, encoding="utf-8")
    predict("가-1", CHOICES, pick=1)
    outcome("가-1")
    assert "나의 예측: 1번 ‘하나’" in said(capsys)


def calls(assignment_id: str, name: str) -> list[tuple[str, ast.Call]]:
    """The calls of one function in the code cells of a master notebook: (cell, call)."""
    found = []
    for cell, source in read_sources(assignment_id).items():
        try:
            tree = ast.parse(source)
        except SyntaxError:  # a text cell
            continue
        found += [(cell, n) for n in ast.walk(tree) if isinstance(n, ast.Call) and ast.unparse(n.func) == name]
    return found


@pytest.mark.parametrize("assignment_id", IDS)
def test_every_prediction_has_an_answer_and_a_named_mistake_for_each_wrong_choice(assignment_id: str) -> None:
    made = {ast.literal_eval(call.args[0]): call for _, call in calls(assignment_id, "predict")}
    answers = read_answers(ROOT / "solutions" / assignment_id / "checks" / "predictions.toml")

    assert made.keys() == answers.keys()
    assert sorted(ast.literal_eval(call.args[0]) for _, call in calls(assignment_id, "outcome")) == sorted(answers)
    for name, call in made.items():
        choices, answer = ast.literal_eval(call.args[1]), answers[name]
        assert ast.unparse(call).endswith("pick=None)"), name
        assert 1 <= answer.answer <= len(choices), name
        assert answer.mistakes.keys() == set(range(1, len(choices) + 1)) - {answer.answer}, name
