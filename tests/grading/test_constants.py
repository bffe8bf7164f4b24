"""An answer of constants, copied from what the public check shows, earns at most a tenth of any question."""

from __future__ import annotations

import pytest

from autograder.grading.slots import Slots
from tests.grading.constants import earned, seen
from tests.grading.works import IDS

MOST = 0.10


def test_the_check_shows_what_a_copier_would_write_down() -> None:
    known = seen("01-vanishing-gradients", "q6")
    table, first = known["decay_factor"]
    assert len(table) > 1
    assert first == next(iter(table.values()))


@pytest.mark.soak
@pytest.mark.parametrize("assignment_id", IDS)
def test_constants_earn_next_to_nothing(assignment_id: str) -> None:
    with Slots(2) as slots:
        shares = {question: (share, passed) for question, share, passed in earned(assignment_id, slots)}
    assert shares
    assert {question: found for question, found in shares.items() if found[0] > MOST} == {}
