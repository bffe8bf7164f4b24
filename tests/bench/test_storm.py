"""The driver of the storm: its plan and figures, and a small storm of three works."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from tests.bench import storm

ID = "04-gpu-speedup"


def test_a_plan_is_of_works_with_known_scores_and_resubmissions_that_differ() -> None:
    handed = list(storm.plan(60, 600.0, storm.works([ID], 3), random.Random(3)))
    assert len(handed) == 60
    tries = Counter(h.student for h in handed)
    assert max(tries.values()) in (2, 3)
    assert all(h.at >= 0 for h in handed)
    again = [h for h in handed if h.attempt > 1]
    firsts = {h.student: h for h in handed if h.attempt == 1}
    assert all(h.work.notebook != firsts[h.student].work.notebook and h.at > firsts[h.student].at for h in again)
    assert any(h.work.expected == 100.0 for h in handed)


def test_seconds_are_summed_up() -> None:
    assert storm.spread([]) == {"n": 0}
    assert storm.spread([1.0, 2.0, 9.0]) == {"n": 3, "p50": 2.0, "p99": 9.0, "worst": 9.0}


@pytest.mark.soak
def test_a_small_storm_gives_everybody_a_receipt_and_the_score_of_an_idle_machine(tmp_path: Path) -> None:
    found = storm.Storm(tmp_path / "storm", 3, 2.0, 2, [ID], 1).run()
    assert found["without_result"] == 0
    assert found["scores_other"] == []
    assert found["first_behind_third"] == 0
    assert found["receipt_file"]["n"] == 3
    assert "| receipt in the exchange" in storm.table(found)
