"""The fixtures `browser` (one Chromium for a module) and `run_page`, imported by each conftest that needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.report.browser import Seen, open_browser, page_runner


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from open_browser()


@pytest.fixture
def run_page(browser: Any, tmp_path: Path) -> Callable[..., Seen]:
    return page_runner(browser, tmp_path)
