"""What the pages say of cost is what the committed figures say."""

import json
from pathlib import Path

import pytest

from tests.bench import table

PAGES = table.blocks(json.loads(table.FIGURES.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_says_what_the_figures_say(path: Path) -> None:
    assert table.between_marks(path.read_text(encoding="utf-8")) == PAGES[path]


def test_figures_of_a_quick_run_are_not_published() -> None:
    with pytest.raises(ValueError, match="quick"):
        table.published({"quick": True})
