"""The order of the queue, the limit of an hour, and what replaces what."""

import dataclasses
from pathlib import Path

import pytest

from autograder.integrations.exchange import Delivery
from autograder.model import RecordState
from autograder.service.receipt import ReceiptState
from autograder.service.receipts import Receipts
from tests.report import records as sample

ONE = "01-vanishing-gradients"


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def receipts(tmp_path: Path, clock: Clock):  # type: ignore[no-untyped-def]
    made = Receipts(tmp_path / "service.db", clock=clock)
    yield made
    made.close()


def arrive(receipts: Receipts, ref: str, student: str = "kim", minute: int = 0, assignment: str = ONE) -> None:
    at = f"2026-03-02T10:{minute:02d}:00+00:00"
    receipts.add(ref, Delivery(f"f-{ref}", student, assignment, at, at, True, "0" * 128, (), ()))


def states(receipts: Receipts) -> dict[str, str]:
    return {r.ref: r.state.value for r in receipts.rows()}


def finish(receipts: Receipts, state: RecordState = RecordState.GRADED) -> str:
    receipt = receipts.claim(100)
    assert receipt is not None
    receipts.finish(receipt, dataclasses.replace(sample.record(receipt.student), state=state), None)
    return receipt.ref


def test_the_newer_of_two_waiting_submissions_takes_the_olders_place(receipts: Receipts) -> None:
    arrive(receipts, "a", minute=1)
    arrive(receipts, "other", student="lee", minute=1)
    arrive(receipts, "b", minute=2)
    assert states(receipts) == {"a": "superseded", "b": "waiting", "other": "waiting"}
    assert [finish(receipts), finish(receipts)] == ["other", "b"]
    assert receipts.claim(100) is None


def test_the_later_time_counts_not_the_later_arrival(receipts: Receipts) -> None:
    arrive(receipts, "late", minute=9)
    arrive(receipts, "early", minute=2)
    assert states(receipts) == {"late": "waiting", "early": "superseded"}


def test_a_resubmission_waits_until_the_first_is_graded(receipts: Receipts) -> None:
    arrive(receipts, "a", minute=1)
    first = receipts.claim(100)
    arrive(receipts, "b", minute=2)
    assert receipts.claim(100) is None
    assert first is not None
    receipts.finish(first, sample.record("kim"), None)
    assert finish(receipts) == "b"
    assert states(receipts) == {"a": "done", "b": "done"}


def test_what_exceeds_an_hours_attempts_waits_and_is_graded_later(receipts: Receipts, clock: Clock) -> None:
    for number in range(3):
        arrive(receipts, f"r{number}", minute=number)
        claimed = receipts.claim(2)
        if claimed:
            receipts.finish(claimed, sample.record("kim"), None)
        clock.now += 60
    third = receipts.get("r2")
    assert third is not None
    assert (third.state, third.code) == (ReceiptState.WAITING, "attempts-exceeded")
    assert third.not_before == 1_000_000.0 + 3600
    arrive(receipts, "free", student="lee", minute=5)
    assert receipts.claim(2).ref == "free"  # type: ignore[union-attr]
    clock.now = third.not_before - 1
    assert receipts.claim(2) is None
    clock.now = third.not_before + 1
    assert receipts.claim(2).ref == "r2"  # type: ignore[union-attr]


def test_staffs_regrades_come_after_submissions_and_use_up_no_attempt(receipts: Receipts) -> None:
    arrive(receipts, "a", minute=1)
    finish(receipts)
    assert receipts.request_regrade(["a"], lambda _: 7) == 1
    assert receipts.request_regrade(["a"], lambda _: 7) == 0, "it waits already"
    arrive(receipts, "b", student="lee", minute=2)
    assert finish(receipts) == "b"
    again = receipts.claim(1)
    assert again is not None
    assert (again.ref, again.regrade) == ("a", 7)


def test_what_a_dead_service_was_grading_waits_again(receipts: Receipts, tmp_path: Path, clock: Clock) -> None:
    arrive(receipts, "a")
    assert receipts.claim(100) is not None
    reopened = Receipts(tmp_path / "service.db", clock=clock)
    assert reopened.recover() == 1
    assert reopened.claim(1).ref == "a"  # type: ignore[union-attr]
    reopened.close()


def test_a_folder_is_written_down_once(receipts: Receipts) -> None:
    arrive(receipts, "a")
    receipts.add("again", dataclasses.replace(Delivery("f-a", "kim", ONE, "", "", True, "", (), ())))
    assert list(states(receipts)) == ["a"]


def test_trouble_puts_a_submission_back_and_it_is_tried_later(receipts: Receipts, clock: Clock) -> None:
    arrive(receipts, "a")
    claimed = receipts.claim(100)
    assert claimed is not None
    receipts.postpone(claimed, 30.0, "gradebook-unavailable", "locked")
    assert receipts.claim(100) is None
    clock.now += 31
    again = receipts.claim(1)
    assert again is not None
    assert again.tries == 1


def test_looking_at_the_ledger_again_moves_no_moment_of_a_result(receipts: Receipts, clock: Clock) -> None:
    """What the queue's waits are told from: how long gradings take."""
    arrive(receipts, "a")
    receipt = receipts.claim(100)
    assert receipt is not None
    clock.now += 8.0
    receipts.finish(receipt, sample.record("kim"), 5)
    before = receipts.rows()[0]
    clock.now += 120.0
    receipts.adopt(5, sample.record("kim"))
    assert receipts.rows()[0] == before
    arrive(receipts, "b", student="lee")
    assert receipts.outlook()["b"].seconds == 8.0
    receipts.adopt(5, dataclasses.replace(sample.record("kim"), graded_at="2026-03-09T10:00:00+09:00"))
    after = next(row for row in receipts.rows() if row.ref == "a")
    assert (after.finished, after.begun) == (clock.now, None), "nobody knows how long it took elsewhere"


def test_a_result_from_elsewhere_is_taken_in_once_and_updated(receipts: Receipts) -> None:
    record = sample.record("kim")
    receipts.adopt(5, record)
    receipts.adopt(5, dataclasses.replace(record, graded_at="2026-03-09T10:00:00+09:00"))
    (row,) = receipts.latest(ONE)
    assert row.summary is not None
    assert row.summary.graded_at == "2026-03-09T10:00:00+09:00"
    assert row.summary.executed is None
