"""What a student reads, and what a student never gets."""

from __future__ import annotations

import dataclasses
import itertools
import re
from typing import Any

import pytest

from autograder.model import NOT_BEGUN, CellRun, GradeRecord, Outcome, Verdict
from autograder.report import feedback_html
from autograder.report.page import policy
from autograder.report.words import expectation
from tests.report import records as sample

ASSIGNMENT = sample.assignment()
SITUATIONS = [
    sample.perfect,
    sample.partial,
    sample.blocked,
    sample.carried,
    sample.error,
    sample.deferred,
    sample.timeouts,
    sample.fatal,
    sample.hostile,
]


def page(record: GradeRecord) -> str:
    return feedback_html(record, ASSIGNMENT)


def words(html: str) -> str:
    """Return the text of a page as one line."""
    body = re.sub(r"<style>.*?</style>", " ", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda f: f.__name__)
def test_hidden_values_test_names_and_staff_details_are_on_no_students_page(situation: Any) -> None:
    record = situation()
    verdicts = tuple(dataclasses.replace(v, detail=sample.SECRET_DETAIL) for v in record.verdicts)
    record = dataclasses.replace(
        record,
        verdicts=verdicts,
        source="/srv/secret/source",
        seeds={"secret": "seed-9"},
        environment={"host": "host-9"},
    )
    html = page(record)
    for hidden in (
        sample.SECRET_DETAIL,
        sample.SECRET_NAME,
        "named_in_secret",
        "0.7310585786",
        "/srv/secret",
        "seed-9",
        "host-9",
    ):
        assert hidden not in html
    assert record.suite_hash not in html


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda f: f.__name__)
def test_every_page_is_one_file_with_a_policy_that_names_its_only_style(situation: Any) -> None:
    html = page(situation())
    styles = re.findall(r"<style>(.*?)</style>", html, flags=re.DOTALL)
    assert len(styles) == 1
    assert f'content="{policy(styles[0])}"'.replace("'", "&#39;") in html.replace("'", "&#39;")
    assert "default-src 'none'" in policy(styles[0])
    assert "unsafe" not in policy(styles[0])
    tags = re.findall(r"<([a-zA-Z][a-zA-Z0-9]*)([^>]*)>", html)
    assert not {name.lower() for name, _ in tags} & {
        "script",
        "iframe",
        "form",
        "object",
        "embed",
        "link",
        "base",
        "input",
    }
    for _, attributes in tags:
        assert not re.search(r"\s(on\w+|style|srcdoc|action)\s*=", re.sub(r'"[^"]*"', '""', attributes))
        for url in re.findall(r'\s(?:href|src|xlink:href)="([^"]*)"', attributes):
            assert url.startswith(("#", "data:image/png;base64,", "data:image/jpeg;base64,"))


def test_the_score_stands_large_beside_what_it_is_out_of() -> None:
    assert re.search(r"<strong>83</strong> <span>/ 100</span>", page(sample.partial()))


def test_the_written_question_waits_for_a_person_beside_the_total() -> None:
    assert "서술 문항 10점: 조교 채점 대기" in words(page(sample.partial()))


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ((Outcome.PASSED,), "GPU 배지 획득"),
        ((Outcome.DEFERRED, Outcome.PASSED), "GPU 배지: GPU 장비에서 채점 대기"),
        ((Outcome.FAILED, Outcome.PASSED), "GPU 배지: 아직 얻지 못함"),
        ((Outcome.ERROR, Outcome.FAILED), "GPU 배지: 조교 확인"),
    ],
)
def test_the_badge_says_how_it_stands(outcomes: tuple[Outcome, ...], expected: str) -> None:
    badges = tuple(sample.TestOutcome(f"b{i}", "", "빠릅니다.", 0, o, badge=True) for i, o in enumerate(outcomes))
    assert expected in words(page(sample.record(found=(*sample.outcomes(), *badges))))


def test_a_suite_without_badge_says_nothing_about_one() -> None:
    assert "배지" not in words(page(sample.blocked()))


def test_the_first_lost_test_with_its_hint_comes_first() -> None:
    callout = re.search(r'<section class="callout".*?</section>', page(sample.partial()), flags=re.DOTALL)
    assert callout is not None
    text = words(callout.group())
    assert text.startswith("여기부터 보세요 Q3 손으로 쓰는 역전파 기대: N으로 나누어 평균을 냅니다.")
    assert "손실이 배치의 평균이므로" in text
    assert 'href="#question-q3"' in callout.group()


def test_a_failed_test_comes_before_a_blocked_one_of_the_same_question() -> None:
    found = sample.outcomes({"q4/0": (Outcome.BLOCKED, "막힘"), "q4/1": (Outcome.FAILED, "먼저 볼 것")})
    html = page(sample.record(found=found))
    assert "먼저 볼 것" in html[html.index("여기부터 보세요") : html.index('id="results"')]


def test_full_marks_are_said_kindly_and_nothing_is_to_be_fixed() -> None:
    text = words(page(sample.perfect()))
    assert "자동 채점 문항을 모두 통과했습니다" in text
    assert "여기부터 보세요" not in text


@pytest.mark.parametrize(
    ("outcome", "sign", "word"),
    [
        (Outcome.PASSED, "✓", "통과"),
        (Outcome.FAILED, "✗", "불통과"),
        (Outcome.BLOCKED, "–", "실행되지 않음"),
        (Outcome.DEFERRED, "◷", "GPU 대기"),
        (Outcome.ERROR, "?", "조교 확인"),
    ],
)
def test_every_outcome_has_a_sign_and_a_word(outcome: Outcome, sign: str, word: str) -> None:
    html = page(sample.record(found=sample.outcomes({"q1/0": (outcome, "")})))
    item = re.search(rf'<li class="test {outcome.value}">.*?</li>', html, flags=re.DOTALL)
    assert item is not None
    assert words(item.group()).startswith(f"{sign} {word}")


def test_our_own_error_blames_nobody_and_shows_no_message_of_ours() -> None:
    text = words(page(sample.error()))
    assert "채점 쪽의 문제로 판정하지 못했습니다. 조교가 확인하며, 점수에 불이익은 없습니다." in text
    assert "ZeroDivisionError" not in text
    assert "지금까지 정해진 점수 86 / 100, 확인 중인 배점 14점" in text
    assert "<strong>0</strong>" not in page(sample.error())


def test_an_error_carried_forward_is_said_where_it_counted() -> None:
    html = page(sample.carried())
    assert html.count("앞 문제의 함수를 올바른 것으로 바꾸어 채점한 테스트가 있습니다.") == 2, "once a question"
    assert '<details class="question" id="question-q2" open>' in html, "a note that counts is not folded away"
    assert '<details class="question" id="question-q4">' in html


def test_where_the_notebook_stopped_names_cell_line_and_exception() -> None:
    text = words(page(sample.blocked()))
    assert "3번째 셀 (Q4) 의 2번째 줄에서 오류가 나서 멈췄습니다. NameError" in text
    assert "return {&#39;delta&#39;: norms(model), &#39;weight&#39;: None}" in text


def test_a_timeout_says_what_else_did_not_run() -> None:
    text = words(page(sample.timeouts()))
    assert "제한 시간 안에 끝나지 않았습니다" in text
    assert "그 뒤의 코드 셀 2개는 실행되지 않았습니다." in text


def _unbegun(record: GradeRecord, *questions: str) -> GradeRecord:
    tests = tuple(
        dataclasses.replace(t, outcome=Outcome.BLOCKED, message=NOT_BEGUN) if t.question in questions else t
        for t in record.tests
    )
    stopped = tuple(CellRun(3 * place, q, "error", "NotImplementedError", 4) for place, q in enumerate(questions))
    return dataclasses.replace(record, tests=tests, cells=stopped)


def test_a_question_that_was_not_begun_is_one_line() -> None:
    html = page(_unbegun(sample.perfect(), "q2", "q4"))
    tests = [t for t in sample.perfect().tests if t.question == "q2"]
    assert html.count(NOT_BEGUN) == 3, "once for each question, and where to begin"
    assert not any(t.title in html for t in tests)
    assert "노트북이 멈춘 곳" not in html, "that a stub stops is no news"
    assert f"{sum(t.points for t in tests):g}점" in words(html)


def test_an_untouched_template_says_so_and_nothing_else() -> None:
    told = Verdict("template-untouched", "제출한 답이 없습니다(배포된 노트북 그대로입니다).")
    record = _unbegun(sample.perfect(), *(q for q, *_ in sample.QUESTIONS))
    html = page(dataclasses.replace(record, verdicts=(told,), score=0.0))
    assert html.count(told.message) == 1
    assert NOT_BEGUN not in html and "문항마다 자세히" not in html and "여기부터 보세요" not in html


def test_what_intake_found_is_told_with_its_place() -> None:
    assert "Q2 잠긴 셀이 바뀌어 있어 원본으로 되돌려 채점했습니다." in words(page(sample.timeouts()))


def test_a_submission_that_cannot_be_read_says_what_to_do_and_shows_no_score() -> None:
    html = page(sample.fatal())
    text = words(html)
    assert "채점 보류" in text
    assert "Jupyter에서 다시 열어 저장한 뒤 제출하세요." in text
    assert "저절로 0점이 되지는 않으며" in text
    assert "/ 100" not in text


def test_trouble_of_ours_asks_for_no_new_submission() -> None:
    verdict = Verdict("infrastructure", "채점 장비의 문제로 마치지 못했습니다.", fatal=True)
    text = words(page(sample.record(found=(), verdicts=(verdict,), reasons=("infrastructure",))))
    assert "다시 제출할 필요는 없습니다." in text
    assert "고쳐서 다시 제출하세요" not in text


def test_the_students_figure_table_and_reflection_are_shown_once() -> None:
    html = page(sample.partial())
    assert html.count(sample.plot_png()) == 1
    assert "<td>0.08</td>" in html
    assert "앞쪽 층이 거의 배우지 못합니다." in html
    assert "아주 긴 안내 글입니다" not in html, "locked instructions are cut to their heading"


def test_a_page_has_one_main_heading_and_no_level_is_skipped() -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])", page(sample.partial()))]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_a_notebook_with_huge_outputs_still_makes_a_page_of_bounded_size() -> None:
    image = {"output_type": "display_data", "data": {"image/png": sample.plot_png()}, "metadata": {}}
    text = {"output_type": "stream", "name": "stdout", "text": "가" * 10**6}
    cells = [{"cell_type": "code", "source": "x", "outputs": [image, text] * 20, "metadata": {}} for _ in range(200)]
    html = page(sample.record(executed={"cells": cells}))
    assert len(html) < 10 * 2**20
    assert "출력이 너무 커서 생략했습니다." in html


@pytest.mark.parametrize(
    "executed", [{}, {"cells": None}, {"cells": [None, 3, {}]}, {"cells": {"a": 1}}, {"cells": [{"cell_type": "code"}]}]
)
def test_a_broken_executed_notebook_breaks_no_page(executed: dict[str, Any]) -> None:
    assert "83" in page(dataclasses.replace(sample.partial(), executed=executed))


def test_a_cell_run_that_points_nowhere_breaks_no_page() -> None:
    cells = (CellRun(99, "q9", "error", ename="ValueError", line=-3), CellRun(-1, "", "unheard-of", line=10**9))
    assert "끝까지 실행되지 않았습니다" in words(page(sample.record(cells=cells)))


def test_a_record_of_the_ledger_gives_the_same_page_after_a_round_trip() -> None:
    record = sample.hostile()
    assert page(GradeRecord.from_dict(record.to_dict())) == page(record)


def test_a_page_can_be_written_as_utf8_whatever_the_record_holds() -> None:
    page(sample.hostile()).encode("utf-8")


def test_only_a_test_that_was_passed_is_titled_as_if_it_held() -> None:
    for outcome in Outcome:
        told = expectation("입력 z를 바꾸지 않습니다.", outcome)
        assert told.startswith("기대: ") == (outcome is not Outcome.PASSED)
    assert expectation(NOT_BEGUN, Outcome.BLOCKED) == NOT_BEGUN
    items = re.findall(r'<li class="test (\w+)">(.*?)</li>', page(sample.partial()), flags=re.DOTALL)
    assert {key for key, _ in items} == {"passed", "failed", "deferred"}
    assert all(('<p class="name">기대: ' in item) == (key != "passed") for key, item in items)
