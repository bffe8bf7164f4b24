"""Behind each finding: the question's text and the student's own answer, folded, and links that lead there."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.model import CellRun, GradeRecord, Outcome, Verdict
from autograder.report import feedback_html
from tests.report import records as sample
from tests.report.axe import violations
from tests.report.hostile import code_cell, locked_text, markdown_cell
from tests.report.test_feedback import SITUATIONS, words

ASSIGNMENT = sample.assignment()
LOST = (Outcome.FAILED, "노름을 배치 전체에서 구했는지 확인해 보세요.")


def page(record: GradeRecord) -> str:
    return feedback_html(record, ASSIGNMENT)


def lost(*places: str, **changes: Any) -> GradeRecord:
    return sample.record(found=sample.outcomes(dict.fromkeys(places or ("q4/0",), LOST)), **changes)


def part(html: str, anchor: str) -> str:
    """The question of this anchor."""
    found = re.search(
        rf'<details class="question" id="{anchor}".*?(?=<details class="question"|</section>)', html, re.S
    )
    assert found is not None
    return found.group()


def behind(html: str, anchor: str) -> dict[str, str]:
    """What is folded away under a question, by its summary."""
    _, *parts = part(html, anchor).split('<details class="behind">')
    found = {}
    for folded in parts:
        summary, _, text = folded.partition("</summary>")
        found[words(summary)] = text
    return found


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda f: f.__name__)
def test_every_link_of_a_page_leads_somewhere_and_no_place_is_there_twice(situation: Any) -> None:
    html = page(situation())
    ids = Counter(re.findall(r'\sid="([^"]*)"', html))
    assert [name for name, count in ids.items() if count > 1] == []
    assert [name for name in ids if not re.fullmatch("[A-Za-z0-9_-]+", name)] == []
    assert set(re.findall(r'href="#([^"]*)"', html)) - ids.keys() == set()


def test_a_lost_question_leads_to_its_text_and_to_the_students_own_cell() -> None:
    html = page(lost())
    first = html[html.index("여기부터 보세요") : html.index('id="results"')]
    for where in (first, part(html, "question-q4")):
        assert 'href="#question-q4-answer"' in where
        assert 'href="#question-q4-text"' in where
    assert list(behind(html, "question-q4")) == ["내 답 3번째 셀", "문항의 글"]
    assert "grad_norms(net)" in behind(html, "question-q4")["내 답 3번째 셀"]
    assert "NameError" in behind(html, "question-q4")["내 답 3번째 셀"], "what the cell said when it was run"
    assert 'id="cell-3"' in html and 'href="#cell-3"' in html
    assert all('href="#question-q4"' in text for text in behind(html, "question-q4").values()), "and back"


def test_a_questions_text_is_set_with_its_table_formulas_and_hint() -> None:
    text = page(lost())
    text = text[text.index('id="question-q4-text"') :]
    text = text[: text.index("</section>")]
    assert "<strong>문제 4. 층별 기울기의 크기 (16점)</strong>" in text
    assert '<math display="block"><mrow>' in text and "<msqrt>" in text and "$" not in text
    assert "<th>모양</th>" in text
    assert "<details><summary>힌트</summary>" in text


def test_a_question_of_which_nothing_is_there_has_no_link() -> None:
    html = page(lost("q3/0"))
    assert 'class="see"' not in part(html, "question-q3")
    assert behind(html, "question-q3") == {}
    assert 'class="see"' not in page(lost("q3/0", executed=None))


def test_the_places_of_a_page_are_called_the_same_whatever_else_is_lost() -> None:
    for record in (lost("q1/0", "q4/0"), lost("q4/1"), sample.perfect(), sample.blocked()):
        html = page(record)
        assert 'id="question-q4-answer"' in html and 'id="question-q4-text"' in html and 'id="cell-3"' in html


def test_cells_that_claim_one_number_have_one_place() -> None:
    cells = [{**code_cell("x", [], None), "metadata": {"autograder": {"cell": n}}} for n in (3, 3, 0, 0, 4)]
    html = page(lost(executed={"cells": cells}))
    assert re.findall(r'id="(cell-[^"]*)"', html) == ["cell-3", "cell-4"]


def test_where_it_stopped_and_what_was_found_lead_to_the_cell() -> None:
    verdicts = (
        Verdict("locked-cell-edited", "되돌려 채점했습니다.", cell="q4-check"),
        Verdict("cell-output", "4번째 셀의 출력이 너무 깁니다.", cell="3"),
        Verdict("cell-lost", "없는 셀입니다.", cell="77"),
    )
    html = page(dataclasses.replace(sample.blocked(), verdicts=verdicts))
    stops = html[html.index("노트북이 멈춘 곳") : html.index("제출물에서 확인한 점")]
    notes = html[html.index("제출물에서 확인한 점") : html.index("문항마다 자세히")]
    assert '<a href="#question-q4-answer">3번째 셀 (Q4)</a>' in stops
    assert 'class="stopped">    return' in html, "the line is marked in the answer"
    assert '<a href="#question-q4-answer">Q4</a>' in notes
    assert '<a href="#cell-4">셀 보기' in notes
    assert notes.count("<a ") == 2


def test_an_experiment_that_stopped_leads_to_its_place_in_the_notebook() -> None:
    html = page(sample.record(cells=(CellRun(3, "", "error", "ValueError", 1, number=4),)))
    assert '<a href="#cell-4">4번째 셀</a>' in html


def test_an_answer_in_other_cells_stands_under_its_question() -> None:
    helper = {
        **code_cell("def norms(model):\n    return 0", [], None),
        "metadata": {"autograder": {"cell": 7, "answers": ["q4"]}},
    }
    notebook = sample.notebook()
    notebook["cells"].append(helper)
    found = behind(page(lost(executed=notebook)), "question-q4")
    assert list(found) == ["내 답 3번째 셀", "내 답의 다른 셀 7번째 셀", "문항의 글"]
    assert "return 0" in found["내 답의 다른 셀 7번째 셀"]


def test_a_text_without_the_questions_name_is_the_last_one_before_the_answer() -> None:
    cells = [
        locked_text("다른 이야기", "theory"),
        locked_text("그 문항의 글", "what-to-do"),
        markdown_cell("학생의 메모", None),
        code_cell("def act_and_grad(): ...", [], "q1"),
        code_cell("def grad_norms(): ...", [], "q4"),
    ]
    html = page(lost("q1/0", "q4/0", executed={"cells": cells}))
    assert "그 문항의 글" in behind(html, "question-q1")["문항의 글"]
    assert "문항의 글" not in behind(html, "question-q4"), "it is another question's"


def test_a_written_answer_stands_under_its_question() -> None:
    assert "앞쪽 층이 거의 배우지" in behind(page(sample.partial()), "question-reflection")["내 답 5번째 셀"]


def test_what_is_untold_is_said_only_where_something_else_is_told() -> None:
    silent = (Outcome.FAILED, "")
    hint = "안내가 없는 항목은"
    assert hint in page(sample.record(found=sample.outcomes({"q4/0": LOST, "q4/1": silent})))
    assert hint not in page(sample.record(found=sample.outcomes({"q4/0": silent, "q4/1": silent})))
    assert hint not in page(lost("q4/0", "q4/1"))
    assert hint not in page(sample.perfect())


def test_a_very_long_answer_is_cut_where_it_stands_under_its_question() -> None:
    notebook = sample.notebook()
    notebook["cells"][2]["source"] = "x = 1\n" * 20_000
    html = page(lost(executed=notebook))
    assert "이하 생략" in behind(html, "question-q4")["내 답 3번째 셀"]
    assert len(html) < 2**20


@pytest.mark.parametrize("source", [None, 3, ["a", 3], {"a": 1}, "", " ", "$", "```", "<details>", "$\\frac$"])
def test_whatever_stands_for_a_text_breaks_no_page(source: Any) -> None:
    notebook = sample.notebook()
    notebook["cells"][-1]["source"] = source
    notebook["cells"][2]["metadata"]["autograder"] = {"cell": source, "answers": source}
    assert "여기부터 보세요" in page(lost(executed=notebook))


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Any]:
    contexts = []

    def show(html: str, width: int = 390) -> Any:
        path = tmp_path / "page.html"
        path.write_text(html, encoding="utf-8")
        contexts.append(browser.new_context(viewport={"width": width, "height": 800}, offline=True))
        shown = contexts[-1].new_page()
        shown.goto(path.as_uri(), wait_until="load")
        return shown

    yield show
    for context in contexts:
        context.close()


def in_view(shown: Any, anchor: str) -> bool:
    script = """id => {
      const box = document.getElementById(id).getBoundingClientRect();
      return box.height > 0 && box.top >= 0 && box.top < innerHeight;
    }"""
    shown.wait_for_function(script, arg=anchor, timeout=10_000)
    return True


@pytest.mark.browser
def test_the_links_open_what_is_folded_by_keyboard_alone(opened: Any) -> None:
    shown = opened(page(lost()))
    callout = shown.locator(".callout")
    for name, anchor in (("내 답", "question-q4-answer"), ("문항의 글", "question-q4-text")):
        shown.evaluate("scrollTo(0, 0)")
        assert not shown.evaluate(
            f"document.getElementById('{anchor}').checkVisibility({{contentVisibilityAuto: true}})"
        )
        callout.get_by_role("link", name=name).focus()
        shown.keyboard.press("Enter")
        assert in_view(shown, anchor)
    shown.locator("#question-q4-answer").get_by_role("link", name="노트북에서").focus()
    shown.keyboard.press("Enter")
    assert in_view(shown, "cell-3")
    shown.get_by_text("힌트").focus()
    shown.keyboard.press("Enter")
    assert shown.get_by_text("그대로입니다.").is_visible()


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_in_what_was_folded_and_it_fits(opened: Any, width: int) -> None:
    shown = opened(page(sample.blocked()), width)
    shown.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert violations(shown) == []
    assert shown.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
