"""Nobody is quoted with words that are not theirs: cards and quotations come from one data file."""

from __future__ import annotations

import pytest

from course.sources import card, quotations, quoted_in
from tests.course.masters import IDS, read_sources


def test_what_counts_as_a_quotation() -> None:
    assert quoted_in('> "가 나" [1]\n\n그는 “다 라”라고 "말"했다.\n> "마"¹ [2]') == ["가 나", "마", "다 라"]


@pytest.mark.parametrize("assignment_id", IDS)
def test_every_quotation_of_a_notebook_stands_in_the_data_file(assignment_id: str) -> None:
    known = [q.words for q in quotations()] + [q.text for q in quotations()]
    quoted = [words for source in read_sources(assignment_id).values() for words in quoted_in(source)]

    assert quoted
    assert [words for words in quoted if not any(words in whole for whole in known)] == []


@pytest.mark.parametrize("assignment_id", IDS)
def test_the_card_of_a_notebook_is_the_one_that_the_data_file_gives(assignment_id: str) -> None:
    sources = read_sources(assignment_id)

    assert sources["sources"] == card(assignment_id[:2])
    assert list(sources)[1] == "sources", "right behind the header"


def test_every_text_has_its_number_and_every_quotation_an_assignment() -> None:
    texts = {q.source for q in quotations()}
    assert len({text.number for text in texts}) == len(texts)
    assert all(q.assignments for q in quotations())


def test_an_assignment_without_quotations_is_refused() -> None:
    with pytest.raises(ValueError, match="99"):
        card("99")
