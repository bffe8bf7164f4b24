"""How reports look in a real Chromium: axe-core finds nothing, no Korean word breaks, no number lies under a line."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.report import class_report_html, course_report_html, feedback_html
from autograder.report.class_report import Links
from autograder.report.plots import histogram
from tests.report import records as sample
from tests.report.axe import violations

pytestmark = pytest.mark.browser

ASSIGNMENT = sample.assignment()
EVERYBODY = sample.everybody()

BROKEN_WORDS = """() => {
  const broken = [], hangul = /[가-힣]/;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, text = node.data, range = document.createRange();
    if (!node.parentElement.getClientRects().length || node.parentElement.closest('pre, .cell, svg')) continue;
    const line = i => { range.setStart(node, i); range.setEnd(node, i + 1); return range.getClientRects()[0]?.top; };
    for (let i = 0; i + 1 < text.length; i++)
      if (hangul.test(text[i]) && hangul.test(text[i + 1]) && Math.abs(line(i) - line(i + 1)) > 4)
        broken.push(text.slice(Math.max(0, i - 8), i + 1) + '/' + text.slice(i + 1, i + 9));
  }
  return broken;
}"""

OVERPRINTED = """() => {
  const found = [];
  for (const svg of document.querySelectorAll('svg.histogram')) {
    const shown = [...svg.querySelectorAll('text, line.middle, rect')].filter(e => e.getClientRects().length);
    for (const text of shown.filter(e => e.tagName === 'text'))
      for (const other of shown) {
        if (other === text) continue;
        const a = text.getBBox(), b = other.getBBox(), half = other.tagName === 'line' ? 1 : 0;
        const inset = text.classList.contains('count') ? a.height * 0.25 : 0;  // digits reach neither edge of their box
        if (a.x < b.x + b.width + half && b.x - half < a.x + a.width &&
            a.y + inset < b.y + b.height && b.y < a.y + a.height - inset)
          found.push(`${text.textContent} and ${other.outerHTML.slice(0, 90)} in ${svg.getAttribute('aria-label')}`);
      }
  }
  return found;
}"""


def links(record: Any) -> Links:
    return Links(f"feedback/{record.student}.html", f"records/{record.student}.json")


PAGES = {
    **{
        made.__name__: feedback_html(made(), ASSIGNMENT)
        for made in (sample.perfect, sample.partial, sample.blocked, sample.error, sample.timeouts, sample.fatal)
    },
    "class": class_report_html(EVERYBODY, ASSIGNMENT, links=links, course="report.html"),
    "class-empty": class_report_html([], ASSIGNMENT),
    "course": course_report_html(
        {ASSIGNMENT.id: [*EVERYBODY, dataclasses.replace(EVERYBODY[0], student="남궁하늘빛나")]},
        [ASSIGNMENT],
        {ASSIGNMENT.id: "report-01.html"},
        feedback=lambda r: links(r).feedback,
    ),
}


@pytest.fixture(scope="module")
def shown(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A function that shows a page, its details open, and returns Playwright's page."""
    folder: Path = tmp_path_factory.mktemp("pages")
    contexts: dict[tuple[int, str], Any] = {}

    def show(html: str, width: int, scheme: str = "light") -> Any:
        path = folder / "page.html"
        path.write_text(html, encoding="utf-8")
        key = (width, scheme)
        if key not in contexts:
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
            contexts[key] = context.new_page()
        page = contexts[key]
        page.goto(path.as_uri(), wait_until="load")
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        return page

    yield show
    for page in contexts.values():
        page.context.close()


@pytest.mark.parametrize(("width", "scheme"), [pytest.param(1280, "light", marks=pytest.mark.soak), (390, "dark")])
def test_axe_finds_nothing_on_a_report_and_no_korean_word_breaks(shown: Any, width: int, scheme: str) -> None:
    for name, html in PAGES.items():
        page = shown(html, width, scheme)
        assert violations(page) == [], name
        assert page.evaluate(BROKEN_WORDS) == [], name


@pytest.mark.parametrize("width", [320, 768])
def test_no_korean_word_breaks_on_narrow_screens(shown: Any, width: int) -> None:
    for name, html in PAGES.items():
        page = shown(html, width)
        assert page.evaluate(BROKEN_WORDS) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_axe_finds_what_is_wrong(shown: Any) -> None:
    found = violations(shown(PAGES["class-empty"].replace("<h1>", '<img src="data:,"><h1>'), 1280))
    assert [line.split(":")[0] for line in found] == ["image-alt"]


@pytest.mark.parametrize("width", [390, 1280])
def test_no_number_of_a_histogram_lies_under_anything(shown: Any, width: int) -> None:
    whole: list[list[float]] = [
        [45],
        [0],
        [100],
        [55] * 200,
        [*([55] * 150), *([95] * 50)],
        [10.0 * place + 5 for place in range(10) for _ in range(20)],
        [float(place) for place in range(101)],
        [44, 45, 45, 46, 90],
    ]
    pictures = [histogram(scores, 100) for scores in whole] + [histogram([16.6] * 120, 33.3)]
    page = shown(PAGES["class"].replace("<main>", "<main>" + "".join(pictures), 1), width)
    assert page.evaluate(OVERPRINTED) == []
