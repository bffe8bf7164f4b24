"""A real Chromium for tests of pages: shows one page, pokes at it, and reports what ran."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

__all__ = ["Seen", "open_browser", "page_runner"]

ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


@dataclass
class Seen:
    """What a page did: `pwned` is what a payload left behind, None if nothing ran."""

    pwned: Any = None
    dialogs: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    measures: dict[str, Any] = field(default_factory=dict)


def open_browser() -> Iterator[Any]:
    """Yield a browser; where there is none, fail in CI and skip elsewhere, saying why."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None:
        reason = "no Chromium on this machine: install the package chromium to run the browser tests"
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail(reason)
        print(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        yield browser
        browser.close()


def page_runner(browser: Any, folder: Path) -> Callable[..., Seen]:
    """Return a function that shows HTML from a file (as a student opens it) and reports what ran."""

    def run(
        html: str, *, width: int = 1280, height: int = 900, scheme: str = "light", click: bool = False, script: str = ""
    ) -> Seen:
        path = folder / "page.html"
        path.write_text(html, encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, offline=True)
        seen = Seen()
        # Evidence must outlive the page: a javascript: link replaces the document it is clicked in.
        context.expose_binding("__witness", lambda _source, what: setattr(seen, "pwned", what))
        context.add_init_script(
            "Object.defineProperty(window, '__pwned', {set: what => window.__witness(String(what))})"
        )
        page = context.new_page()
        page.on("dialog", lambda dialog: (seen.dialogs.append(dialog.message), dialog.dismiss()))
        page.on("console", lambda message: seen.console.append(message.text))
        # A request that the policy stops never leaves the browser; it is announced first and fails as "csp".
        page.on("request", lambda request: seen.requests.append(request.url))
        page.on("requestfailed", lambda request: request.failure == "csp" and seen.requests.remove(request.url))
        page.goto(path.as_uri(), wait_until="load")
        if click:
            # Playwright's own calls are not bound by the page's policy; events it sends are what a reader's hand does.
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            page.evaluate(
                "for (const e of document.querySelectorAll('a, b, img, svg, input, #trap, [onclick], [autofocus]')) {"
                " if (!e.getAttribute('href')?.startsWith('http'))"
                " e.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: false}));"
                " e.dispatchEvent(new MouseEvent('mouseover', {bubbles: true})); e.focus && e.focus(); }"
            )
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        if script:
            seen.measures = page.evaluate(script)
        context.close()
        return seen

    return run
