"""axe-core on a page in a real Chromium: what of WCAG and of its best practices a page breaks.

The script comes from the package axe-playwright-python, so nothing is fetched. Playwright's own calls are not bound by
a page's content security policy: a strict page is looked at as readers get it.
"""

from __future__ import annotations

import functools
from importlib.resources import files
from typing import Any

from playwright import sync_api as playwright

__all__ = ["violations"]

_TRIES = 3
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
    for left in range(_TRIES - 1, -1, -1):
        try:
            page.wait_for_load_state()
            if not page.evaluate("() => Boolean(window.axe)"):
                page.evaluate(_script())
            return list(page.evaluate(_RUN))
        except playwright.Error:  # the page was loaded anew in the meantime, as live pages are
            if not left:
                raise
    raise AssertionError("unreachable")


@functools.cache
def _script() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
