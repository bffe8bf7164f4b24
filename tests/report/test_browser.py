"""Pages in a real Chromium: nothing runs, nothing is fetched, everything fits and can be read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from autograder.report import class_report_html, feedback_html, sanitize_notebook
from tests.report import records as sample
from tests.report.browser import Seen, open_browser
from tests.report.hostile import PAYLOADS, hostile_notebook

pytestmark = pytest.mark.browser

ASSIGNMENT = sample.assignment()
Runner = Callable[..., Seen]
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

PAYLOAD_HOST = "192.0.2.1"
UNSANITISED: dict[str, dict[str, Any]] = {
    "markdown": {"cell_type": "markdown", "source": PAYLOADS["onerror"]},
    "link": {"cell_type": "markdown", "source": "<a href=\"javascript:void(window.__pwned='link')\">보기</a>"},
    "html": {
        "cell_type": "code",
        "source": "",
        "execution_count": None,
        "outputs": [{"output_type": "display_data", "metadata": {}, "data": {"text/html": PAYLOADS["script"]}}],
    },
}

# Contrast of every text against the background behind it (WCAG 2.2, 1.4.3; relative luminance as defined there).
CONTRAST = """() => {
  const channel = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
  const rgb = text => (text.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const behind = node => {
    for (let n = node; n; n = n.parentElement) {
      const c = rgb(getComputedStyle(n).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  document.querySelectorAll('details').forEach(d => d.open = true);
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.getClientRects().length) continue;
    const style = getComputedStyle(node);
    const ink = rgb(node.closest('svg') ? style.fill : style.color);
    const a = light(ink), b = light(behind(node));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.push([walker.currentNode.data.trim().slice(0, 30), ratio.toFixed(2)]);
  }
  return {poor, width: document.documentElement.scrollWidth, height: document.documentElement.scrollHeight,
          images: [...document.images].filter(i => !i.naturalWidth).length};
}"""


def without_policy(html: str) -> str:
    """Return a page without its content security policy: what is left must be harmless by itself."""
    bare = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    assert bare != html
    return bare


@pytest.mark.parametrize("guarded", [True, False], ids=["with-policy", "sanitising-alone"])
def test_no_payload_runs_on_a_students_page(run_page: Runner, guarded: bool) -> None:
    html = feedback_html(sample.hostile(), ASSIGNMENT)
    seen = run_page(html if guarded else without_policy(html), click=True)
    assert (seen.pwned, seen.dialogs, seen.console) == (None, [], [])
    assert [url for url in seen.requests if not url.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize("guarded", [True, False], ids=["with-policy", "sanitising-alone"])
def test_no_payload_runs_on_the_class_page(run_page: Runner, guarded: bool) -> None:
    html = class_report_html([sample.hostile(), *sample.everybody()], ASSIGNMENT)
    seen = run_page(html if guarded else without_policy(html), click=True)
    assert (seen.pwned, seen.dialogs, seen.console) == (None, [], [])
    assert [url for url in seen.requests if not url.startswith(("file:", "data:"))] == []


def formgraders_page(notebook: dict[str, Any], student: str) -> str:
    """Return the page that formgrader's handler makes of a notebook in autograded/: nbconvert's, without our policy."""
    import nbformat
    from nbconvert.exporters import HTMLExporter
    from nbgrader.server_extensions.formgrader import handlers

    exporter = HTMLExporter(template_name="formgrade", extra_template_basedirs=[handlers.template_path])
    words = ("assignment_id", "notebook_id", "submission_id", "notebook_path")
    resources: dict[str, Any] = {**dict.fromkeys(words, "x"), "base_url": "http://hub.invalid", "index": 0, "total": 1}
    resources |= dict.fromkeys(("student", "last_name", "first_name"), student)
    html, _ = exporter.from_notebook_node(nbformat.from_dict(notebook), resources=resources)
    return str(html)


def test_no_payload_runs_where_formgrader_shows_the_notebook(run_page: Runner) -> None:
    seen = run_page(formgraders_page(sanitize_notebook(hostile_notebook()), "김하나"), click=True)
    assert (seen.pwned, seen.dialogs) == (None, [])
    assert [url for url in seen.requests if PAYLOAD_HOST in url] == []


@pytest.mark.parametrize("payload", UNSANITISED)
def test_formgrader_runs_what_sanitising_would_have_missed(run_page: Runner, payload: str) -> None:
    notebook = sanitize_notebook({"cells": []})
    notebook["cells"] = [{"id": "x", "metadata": {}, **UNSANITISED[payload]}]
    assert run_page(formgraders_page(notebook, "김하나"), click=True).pwned is not None


def test_the_policy_alone_stops_payloads_that_sanitising_would_have_missed(run_page: Runner) -> None:
    html = feedback_html(sample.partial(), ASSIGNMENT)
    missed = sample.PAYLOADS["script"] + sample.PAYLOADS["onerror"] + sample.PAYLOADS["svg"] + sample.PAYLOADS["beacon"]
    assert run_page(without_policy(html).replace("</main>", missed + "</main>")).pwned is not None, (
        "the payloads do work"
    )
    seen = run_page(html.replace("</main>", missed + "</main>"), click=True)
    assert seen.pwned is None
    assert [url for url in seen.requests if url.startswith("http")] == []


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (360, "light"),
        (1280, "dark"),
        pytest.param(390, "dark", marks=pytest.mark.soak),
        pytest.param(768, "light", marks=pytest.mark.soak),
    ],
)
def test_every_page_fits_and_can_be_read(run_page: Runner, width: int, scheme: str) -> None:
    pages = {situation.__name__: feedback_html(situation(), ASSIGNMENT) for situation in SITUATIONS}
    pages["class"] = class_report_html(sample.everybody(), ASSIGNMENT)
    pages["class-hostile"] = class_report_html([sample.hostile()], ASSIGNMENT)
    pages["class-empty"] = class_report_html([], ASSIGNMENT)
    for name, html in pages.items():
        seen = run_page(html, width=width, scheme=scheme, script=CONTRAST)
        assert seen.console == [], name
        assert seen.measures["width"] <= width, name
        assert seen.measures["poor"] == [], name
        assert seen.measures["images"] == 0, name


def test_the_two_colour_schemes_differ(run_page: Runner) -> None:
    html = feedback_html(sample.partial(), ASSIGNMENT)
    script = "() => ({paper: getComputedStyle(document.body).backgroundColor})"
    papers: list[Any] = [run_page(html, scheme=scheme, script=script).measures["paper"] for scheme in ("light", "dark")]
    assert papers[0] != papers[1]


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_without_a_browser_these_tests_fail_in_ci_and_say_why_they_skip_elsewhere(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="no Chromium on this machine"):
        next(open_browser())
