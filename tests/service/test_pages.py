"""The pages in a real browser: what changes by itself, on a phone, by keyboard, and without any script."""

from collections.abc import Iterator
from typing import Any

import pytest

from autograder.model import Outcome
from autograder.service.desk import Desk
from tests.report import records as sample
from tests.service.conftest import REAL, hand_in, result
from tests.service.web import Web

pytestmark = pytest.mark.browser
WIDTHS = (390, 1280)


@pytest.fixture
def open_page(browser: Any, web: Web) -> Iterator[Any]:
    contexts = []

    def go(path: str, who: str, **options: Any) -> Any:
        web.hub.who = who
        context = browser.new_context(**{"viewport": {"width": 390, "height": 844}, **options})
        contexts.append(context)
        page = context.new_page()
        page.trouble = []
        page.on("console", lambda message: page.trouble.append(message.text))
        page.on("pageerror", lambda error: page.trouble.append(str(error)))
        page.goto(web.address + path)
        return page

    yield go
    for context in contexts:
        context.close()


def fill(desk: Desk) -> str:
    for record in sample.everybody():
        hand_in(desk, record.student, record)
    return hand_in(desk, "kim", sample.partial())


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_window_and_nothing_is_blocked(desk: Desk, open_page: Any, width: int) -> None:
    ref = fill(desk)
    hand_in(desk, "lee")
    pages = [("", "kim"), (f"submissions/{ref}", "kim"), ("", "teacher"), (f"class/{REAL}", "teacher")]
    if width == WIDTHS[0]:
        pages += [(f"class/{REAL}/regrade?scope=all", "teacher"), (f"submissions/{ref}", "teacher")]
    for path, who in pages:
        page = open_page(path, who, viewport={"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0, path
        assert page.trouble == [], path
        assert page.evaluate("document.querySelectorAll('main, h1').length") == 2, path
        unnamed = "[...document.querySelectorAll('select, input:not([type=hidden])')].filter(e => !e.labels.length)"
        assert page.evaluate(f"{unnamed}.length") == 0, path


def test_a_result_appears_by_itself_and_is_announced(desk: Desk, web: Web, open_page: Any) -> None:
    ref = hand_in(desk, "kim")
    page = open_page("", "kim")
    status = page.get_by_role("status")
    assert "기다리는 제출물이 1건" in status.inner_text()
    receipt = desk.receipts.claim(10)
    assert receipt is not None
    desk.receipts.finish(receipt, result("kim"), None)
    page.get_by_text("채점 완료").wait_for(timeout=60_000)
    assert "모든 제출물의 결과가 나왔습니다" in status.inner_text()
    assert page.trouble == []
    page.get_by_role("link", name="자세히 보기").click()
    page.wait_for_url(f"**/submissions/{ref}")


def test_a_lost_question_leads_to_its_place_in_the_feedback_and_to_what_is_behind_it(
    desk: Desk, open_page: Any
) -> None:
    """The feedback is served without scripts, in an origin of its own; its links open what is folded all the same."""
    found = sample.outcomes({"q4/0": (Outcome.FAILED, "노름을 확인해 보세요.")})
    ref = hand_in(desk, "kim", sample.record(found=found))
    record = sample.record("kim", found=found)
    desk.record = lambda _receipt: record  # type: ignore[method-assign]
    page = open_page(f"submissions/{ref}", "kim")
    page.get_by_role("link", name="문항의 글과 내 답 보기").click()
    page.wait_for_url(f"**/submissions/{ref}/feedback#question-q4")
    page.locator("#question-q4").get_by_role("link", name="내 답").click()
    page.locator("#question-q4-answer").wait_for(timeout=30_000)
    page.locator("#question-q4").get_by_role("link", name="문항의 글").click()
    page.locator("#question-q4-text").get_by_role("table").wait_for(timeout=30_000)
    assert page.trouble == []


def test_staff_regrade_a_student_by_keyboard_alone(desk: Desk, open_page: Any) -> None:
    fill(desk)
    page = open_page(f"class/{REAL}", "teacher")
    page.get_by_label("학생", exact=True).focus()
    page.keyboard.type("kim")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/regrade?scope=student&which=kim")
    assert "kim 학생의 마지막 제출물" in page.inner_text("main")
    page.get_by_role("button", name="다시 채점").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/class/{REAL}")
    assert "다시 채점 대기" in page.inner_text("#part-queue")
    assert page.trouble == []


def test_without_script_the_pages_say_to_load_again(desk: Desk, open_page: Any) -> None:
    hand_in(desk, "kim")
    page = open_page("", "kim", java_script_enabled=False)
    assert "새로 고치세요" in page.inner_text("main")
    receipt = desk.receipts.claim(10)
    assert receipt is not None
    desk.receipts.finish(receipt, result("kim"), None)
    page.reload()
    assert "채점 완료" in page.inner_text("main")


def test_a_lost_connection_is_told_and_found_again(desk: Desk, open_page: Any) -> None:
    hand_in(desk, "kim")
    page = open_page("", "kim")
    page.context.set_offline(True)
    page.get_by_role("alert").wait_for(timeout=60_000)
    page.context.set_offline(False)
    page.get_by_role("alert").wait_for(state="hidden", timeout=60_000)
