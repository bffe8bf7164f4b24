"""What the READMEs say of cost is what the committed figures say."""

import json

import pytest

from tests.bench import table


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_readme_says_what_the_figures_say(language: str) -> None:
    figures = json.loads(table.FIGURES.read_text(encoding="utf-8"))
    text = table.readmes()[language].read_text(encoding="utf-8")
    assert table.between_marks(text) == table.table(figures, language)


def test_figures_of_a_quick_run_are_not_published() -> None:
    with pytest.raises(ValueError, match="quick"):
        table.published({"quick": True})
