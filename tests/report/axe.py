"""axe-core on a page in a real Chromium: what of WCAG and of its best practices a page breaks.

The script comes from the package axe-playwright-python, so nothing is fetched. Playwright's own calls are not bound by
a page's content security policy. A page that stands alone is looked at in a copy, any other as readers get it.
"""

from __future__ import annotations

import contextlib
import functools
from importlib.resources import files
from typing import Any

from playwright import sync_api as playwright

__all__ = ["violations"]

_TRIES = 3
_STANDS_ALONE = "() => !document.querySelector('script[src], link[rel=stylesheet]')"
"""A page that fetches nothing may be served where no script runs: there a timer of axe's would wait for ever."""
_RUN = """async () => {
  const found = await window.axe.run(document, {resultTypes: ['violations']});
  return found.violations.flatMap(rule => rule.nodes.map(node =>
    `${rule.id}: ${node.target.join(' ')}: ${node.html.slice(0, 200)}: ${node.failureSummary}`));
}"""


def violations(page: Any) -> list[str]:
    """Return what axe-core finds wrong on a page, each as ``rule: element: html: what to do``; [] where all is well.

    Args:
        page: a page of Playwright's synchronous interface, loaded. What it hides (a closed ``details``, say) is not
            looked at, so show it first.
    """
    if page.evaluate(_STANDS_ALONE):
        with contextlib.closing(page.context.browser.new_page(viewport=page.viewport_size)) as copy:
            copy.set_content(page.content())
            return _found(copy)
    for left in range(_TRIES - 1, -1, -1):
        try:
            page.wait_for_load_state()
            return _found(page)
        except playwright.Error:  # the page was loaded anew in the meantime, as live pages are
            if not left:
                raise
    raise AssertionError("unreachable")


def _found(page: Any) -> list[str]:
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(_script())
    return list(page.evaluate(_RUN))


@functools.cache
def _script() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
