"""Formulas on formgrader's page, typeset by MathJax in a real browser: none paints outside its student's cell.

The page asks a content delivery network for MathJax 2.7; here the browser gets 2.7.9 from a package, with the settings
that the page asks for and the output that this package has (HTML-CSS in the place of CommonHTML; the commands are the
same).
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from nbgrader.server_extensions.formgrader import handlers
from PIL import Image

from autograder.integrations.formgrader import clipped
from autograder.report import sanitize_notebook
from tests.report.test_browser import formgraders_page

pytestmark = pytest.mark.browser

HOSTILE = {
    "kern": r"$\kern-6em\text{100점 만점}$",
    "hskip": r"$\hskip -6em \text{100점 만점}$",
    "mspace": r"$\mspace{-100mu}\text{100점 만점}$",
    "hspace": r"$\hspace{-6em}\text{100점 만점}$",
    "raise": r"$\smash{\raise 4em{\text{100점 만점}}}$",
    "moveleft": r"$\moveleft 6em{\text{100점 만점}}$",
    "llap": r"$\llap{\text{100점 만점}}$",
    "smash": r"$\smash{\begin{matrix}1\\2\\3\\4\\5\\6\\7\\8\\9\\10\\11\\12\end{matrix}}$",
    "rule": r"$\smash{\Rule{9em}{9em}{9em}}$",
    "macro": r"$\def\x{\kern-6em}\x\text{100점 만점}$",
    "environment": r"$\newenvironment{x}{\kern-6em}{}\begin{x}\text{100점}\end{x}$",
    "let": r"$\let\frac\llap\frac{\text{100점 만점}}$",
    "reference": r"&#36;&#92;kern-6em&#92;text{100점 만점}&#36;",
    "escaped": "\\begin{Bmatrix}\\\\llap{\\text{100점 만점}}\\end{Bmatrix}",
    "thin": "$" + r"\!" * 36 + r"\text{100점}$",
    "root": r"$\sqrt[\leftroot{-100}\uproot{100}100]{x}$",
    "arrow": r"$\xrightarrow[\text{100점 만점 100점 만점}]{\text{b}}$",
}
EVERY_DAY = ("kern",)
PAINTING = ["kern", "hskip", "mspace", "hspace", "moveleft", "llap", "smash", "macro", "reference", "thin"]
"""Those that are seen outside of their cells where nothing is done about them; `make soak` tries them all."""
CALM = r"$$\frac{\partial L}{\partial w} = \sum_{i=1}^{n} \begin{pmatrix} 1 & 2 \\[4pt] 3 & 4 \end{pmatrix} x_i^{2}$$"

INK = ".MathJax, .MathJax * { color: #f00 !important; border-color: #f00 !important }"
CELLS = """() => [...document.querySelectorAll('.rendered_html')].map(c => {
  const box = c.getBoundingClientRect();
  return [box.left + scrollX, box.top + scrollY, box.right + scrollX, box.bottom + scrollY];
})"""


class Painted(NamedTuple):
    """What is seen of a page: formulas, those MathJax complains of, and pixels of them outside of their cells."""

    formulas: int
    complaints: int
    outside: int


Show = Callable[[str], Painted]
_EDGE = 20
"""Pixels of ink that may be on a cell's edge: the tips of letters."""


@pytest.fixture
def typeset(browser: Any, tmp_path: Path) -> Iterator[Show]:
    """A function that shows a page with MathJax and says what is seen of its formulas."""
    found = find_spec("jupyter_server_mathjax")
    assert found is not None and found.submodule_search_locations, "a package of the tests: `make install`"
    static = Path(found.submodule_search_locations[0]) / "static"
    own = Path(handlers.static_path)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script("window.MathJax = {'HTML-CSS': {availableFonts: [], webFont: 'STIX-Web'}}")

    def answer(route: Any) -> None:
        name = route.request.url.partition("/mathjax/2.7.7/")[2].partition("?")[0]
        file = static / name if name else own / route.request.url.partition("/formgrader/static/")[2]
        if name == "config/TeX-AMS_CHTML-full.js":
            text = (static / "config/TeX-AMS-MML_HTMLorMML-full.js").read_text(encoding="utf-8")
            text = text.replace("config/TeX-AMS-MML_HTMLorMML-full.js", name)
            route.fulfill(body=text, content_type="text/javascript")
        elif file.is_file():
            route.fulfill(path=file)
        else:
            route.fulfill(status=404)

    context.route(re.compile("^http"), lambda route: route.abort())
    context.route(re.compile("^https://.*/mathjax/2.7.7/|^http://hub.invalid/formgrader/static/.*css"), answer)

    def show(html: str) -> Painted:
        path = tmp_path / "page.html"
        path.write_text(html.replace("/latest.js?", "/MathJax.js?"), encoding="utf-8")  # the one loads the other
        page = context.new_page()
        page.goto(path.as_uri(), wait_until="load")
        page.wait_for_function("window.MathJax && MathJax.Hub && MathJax.isReady && !MathJax.Hub.queue.running")
        page.evaluate("() => new Promise(done => MathJax.Hub.Queue(done))")
        page.add_style_tag(content=INK)
        cells = page.evaluate(CELLS)
        picture = np.asarray(Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")).astype(int)
        red = (picture[..., 0] - picture[..., 1] > 60) & (picture[..., 0] - picture[..., 2] > 60)
        for left, top, right, bottom in cells:
            red[max(0, math.floor(top)) : math.ceil(bottom), max(0, math.floor(left)) : math.ceil(right)] = False
        found = Painted(
            page.locator(".rendered_html .MathJax").count(), page.locator(".merror, .noError").count(), int(red.sum())
        )
        page.close()
        return found

    yield show
    context.close()


def notebook(*sources: str) -> dict[str, Any]:
    cells = [{"cell_type": "markdown", "id": f"c{n}", "metadata": {}, "source": s} for n, s in enumerate(sources)]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def test_a_hostile_formula_lies_inside_its_cell(typeset: Show) -> None:
    """Of the page without our style: what is left of a formula keeps within its box by itself."""
    seen = typeset(formgraders_page(sanitize_notebook(notebook(CALM, *HOSTILE.values(), CALM)), "김하나"))

    assert seen.formulas >= 3, "MathJax did typeset"
    assert seen.outside <= _EDGE


def test_a_formula_of_a_course_is_typeset_without_a_complaint(typeset: Show) -> None:
    seen = typeset(formgraders_page(sanitize_notebook(notebook(CALM)), "김하나"))

    assert (seen.formulas, seen.complaints) == (1, 0)


@pytest.mark.parametrize(
    "name", [name if name in EVERY_DAY else pytest.param(name, marks=pytest.mark.soak) for name in PAINTING]
)
def test_what_the_list_would_have_missed_is_clipped_to_its_cell(typeset: Show, name: str) -> None:
    page = formgraders_page(notebook(CALM, HOSTILE[name], CALM), "김하나")

    assert typeset(page).outside > 5 * _EDGE, "the formula does paint over the page"
    assert typeset(clipped(page)).outside <= _EDGE


def test_what_is_wider_than_the_page_is_clipped_too(typeset: Show) -> None:
    """No command is needed for that: a formula of many letters is."""
    page = formgraders_page(
        sanitize_notebook(notebook("$" + r"a\quad " * 400 + "$", "$$" + "x" * 2000 + "$$")), "김하나"
    )

    assert typeset(clipped(page)).outside <= _EDGE
