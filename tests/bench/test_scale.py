"""At scale nothing is lost, nothing is recorded twice, and the coordinator does not grow with the class."""

from pathlib import Path

import pytest

from tests.bench.scale import Plan, carry_out, measure

NOTHING_AMISS = {"lost": 0, "doubled": 0, "without_result": 0, "rows_doubled": 0}


@pytest.mark.soak
@pytest.mark.xdist_group("heavy")
@pytest.mark.parametrize(
    "plan",
    [
        Plan(10_000),
        Plan(10_000, files=True),
        Plan(10_000, "dask", 2, kill=True),
    ],
    ids=["local", "local with files", "dask with workers killed"],
)
def test_ten_thousand_submissions_each_end_with_one_result_in_bounded_memory(plan: Plan) -> None:
    figures = measure(plan)
    assert {name: figures[name] for name in NOTHING_AMISS} == NOTHING_AMISS
    held = figures["resident_mb"]
    assert held["end"] - held["half"] < 40, held  # 5,000 more submissions; each notebook alone is more than 8 KB
    assert held["peak"] < 400, held


def test_a_class_through_the_real_ledger_and_threads_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOGRADER_SUITES", str(tmp_path / "suites"))
    figures = carry_out(Plan(30, workers=2), tmp_path)
    assert {name: figures[name] for name in NOTHING_AMISS} == NOTHING_AMISS
    assert figures["ledger_mb"] > 0
