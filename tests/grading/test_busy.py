"""A machine that is too busy: others overtake, the work is graded again alone, then a person looks; never a zero."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.errors import InfrastructureError
from autograder.grading import leases, pipeline
from autograder.grading.fault import OUR_FAULT
from autograder.grading.ledger import JobKey, Ledger
from autograder.grading.pipeline import grade
from autograder.grading.runs import Run
from autograder.model import GradeRecord, RecordState, Submission
from autograder.report.words import reason_sentence
from tests.grading.test_pipeline import result, run, submission

__all__ = ["run"]

STARVED = "call q1: used 0.2 CPU-s, starved 300.0 s, asleep 0.1 s, wall 301.0 s"
BUSY = InfrastructureError("machine-busy", "채점 장비가 바쁩니다.", detail=STARVED)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Machine:
    """Grades at once; too busy for some students so many times. Notes who was graded, and with how many beside."""

    def __init__(self, together: int = 1, **busy: int) -> None:
        self.left = Counter(busy)
        self._together = together
        self._met = threading.Event()
        self.log: list[tuple[str, int]] = []
        self._now = 0
        self._lock = threading.Lock()

    def __call__(self, job: dict[str, Any], _silence: float) -> dict[str, Any]:
        student = job["notebook"]["student"]
        with self._lock:
            self._now += 1
            if self._now >= self._together:
                self._met.set()
        assert self._met.wait(10), "the first ones are graded at the same time"
        if student in self.order:
            threading.Event().wait(0.05)  # whatever may be graded beside it has begun
        with self._lock:
            self.log.append((student, self._now - 1))
            self._now -= 1
            busy = self.left[student] > 0
            self.left[student] -= 1
        if busy:
            raise BUSY
        return result()

    @property
    def order(self) -> list[str]:
        return [student for student, _ in self.log]


def run_all(run: Run, students: str, machine: Any, window: int = 3) -> list[GradeRecord]:
    with ThreadPoolExecutor(window) as executor:
        work = [submission(student) for student in students]
        return [p.record for p in grade(run, work, executor, machine, window=window)]


def test_others_overtake_and_it_is_graded_again_at_the_end_alone(run: Run) -> None:
    machine = Machine(together=3, a=1, b=2)
    records = {r.student: r for r in run_all(run, "abcdefgh", machine)}
    assert {r.score for r in records.values()} == {10}
    assert sorted(machine.order[:8]) == list("abcdefgh")
    assert sorted(machine.order[8:]) == ["a", "b", "b"]
    assert [beside for _, beside in machine.log[8:]] == [0, 0, 0]


def test_the_others_are_done_before_anybody_waits_for_a_busy_one(run: Run) -> None:
    assert [r.student for r in run_all(run, "abcd", Machine(a=1), window=1)] == ["b", "c", "d", "a"]


def test_after_two_lone_tries_a_person_looks_and_nothing_is_lost(run: Run) -> None:
    machine = Machine(a=99)
    records = {r.student: r for r in run_all(run, "ab", machine)}
    assert Counter(machine.order) == {"a": 3, "b": 1}
    busy = records["a"]
    assert (busy.state, busy.score, busy.reasons) == (RecordState.NEEDS_STAFF, None, ("machine-busy",))
    (verdict,) = busy.verdicts
    assert verdict.detail == STARVED
    assert "바빠" in verdict.message
    assert "불이익은 없습니다" in verdict.message
    assert "machine-busy" in OUR_FAULT
    assert "바빠" in reason_sentence("machine-busy", {})


def test_the_next_run_tries_it_again(run: Run) -> None:
    run_all(run, "a", Machine(a=99))
    machine = Machine()
    assert [r.score for r in run_all(run, "a", machine)] == [10]
    assert [r.score for r in run_all(run, "a", machine)] == [10]
    assert machine.order == ["a"], "graded once, and then known"


def test_a_busy_machine_uses_up_none_of_the_three_tries_of_other_trouble(run: Run) -> None:
    ends = iter([BUSY, OSError("pipe"), OSError("pipe"), BUSY, None])

    def machine(_job: dict[str, Any], _silence: float) -> dict[str, Any]:
        if (end := next(ends)) is not None:
            raise end
        return result()

    assert [r.score for r in run_all(run, "a", machine)] == [10]


def test_what_waits_for_its_second_try_is_held_by_nobody(run: Run) -> None:
    """A coordinator that is killed meanwhile leaves it queued, and another one may take it at once."""
    seen: list[str] = []

    def machine(job: dict[str, Any], _silence: float) -> dict[str, Any]:
        student = job["notebook"]["student"]
        if student == "a":
            raise BUSY
        seen.append(next(j.state for j in run.ledger.latest("01") if j.student == "a"))
        return result()

    with ThreadPoolExecutor(1) as executor:
        flights = grade(run, [submission("a"), submission("b")], executor, machine, window=1)
        assert next(flights).record.student == "b"
        flights.close()
    assert seen == ["queued"]
    assert run.ledger.counts("01") == {"queued": 1, "done": 1}


def test_what_another_coordinator_graded_meanwhile_is_taken_over(run: Run) -> None:
    machine = Machine(a=1)
    with ThreadPoolExecutor(1) as executor:
        flights = grade(run, [submission("a"), submission("b")], executor, machine, window=1)
        next(flights)
        run_all(run, "a", Machine())
        (rest,) = flights
    assert (rest.record.student, rest.record.score, rest.cached) == ("a", 10, True)
    assert machine.order == ["a", "b"]


def test_a_caller_with_a_queue_of_its_own_gets_it_back_at_once(run: Run) -> None:
    with ThreadPoolExecutor(1) as executor, pytest.raises(InfrastructureError, match="machine-busy"):
        list(grade(run, [submission("a")], executor, Machine(a=1), window=1, lone_flights=None))
    assert run.ledger.counts("01") == {"queued": 1}


@pytest.fixture
def slow(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A run whose clock goes when the test lets it, and whose leases are renewed every few milliseconds."""
    clock = Clock()
    run.ledger = Ledger(tmp_path / "slow.db", clock=clock)
    monkeypatch.setattr(leases, "RENEW_SECONDS", 0.002)
    return SimpleNamespace(run=run, clock=clock, other=Ledger(tmp_path / "slow.db", clock=clock))


def test_work_that_takes_fifty_leases_is_leased_once(slow: SimpleNamespace) -> None:
    """While the job lives another coordinator asks for it again and again, each time when most of a lease is over."""
    taken: list[Any] = []
    graded: list[int] = []

    def machine(_job: dict[str, Any], _silence: float) -> dict[str, Any]:
        graded.append(1)
        (job,) = slow.other.latest("01")
        for _ in range(60):
            slow.clock.now += 0.9 * leases.LEASE_SECONDS
            renewed = until_renewed(slow, job.id)
            taken.append(slow.other.reclaim() or slow.other.lease(job.id, "another", 60.0) or not renewed)
            if taken[-1]:
                break
        return result()

    assert [r.score for r in run_all(slow.run, "a", machine)] == [10]
    assert slow.clock.now > 1000.0 + 50 * leases.LEASE_SECONDS
    assert not any(taken)
    assert graded == [1]
    assert slow.run.ledger.latest("01")[0].token == 1


def until_renewed(slow: SimpleNamespace, job_id: int) -> bool:
    """Wait until a lease holds for nearly its whole time again; False if that does not come."""
    pause = threading.Event()
    for _ in range(500):
        with slow.other.transaction() as connection:
            until = connection.exec_driver_sql(f"select lease_until from jobs where id = {job_id}").scalar()
        if until is not None and float(until) > slow.clock.now + 0.5 * leases.LEASE_SECONDS:
            return True
        pause.wait(0.01)
    return False


def test_a_caller_that_takes_its_time_between_two_results_keeps_its_leases(slow: SimpleNamespace) -> None:
    """The generator stands still while its caller writes files; leases of what is in flight must not."""
    release = threading.Event()

    def machine(job: dict[str, Any], _silence: float) -> dict[str, Any]:
        if job["notebook"]["student"] == "b":
            release.wait(30)
        return result()

    with ThreadPoolExecutor(2) as executor:
        flights = grade(slow.run, [submission("a"), submission("b")], executor, machine, window=2)
        assert next(flights).record.student == "a"
        (b,) = (job for job in slow.other.latest("01") if job.student == "b")
        for _ in range(5):
            slow.clock.now += 0.9 * leases.LEASE_SECONDS
            assert until_renewed(slow, b.id)
            assert slow.other.lease(b.id, "another", 60.0) is None
        release.set()
        assert [p.record.score for p in flights] == [10]


def test_a_dead_coordinators_work_is_taken_over_once_its_lease_is_over(slow: SimpleNamespace) -> None:
    """It was on another machine, where nobody here can see that it is dead."""
    key: JobKey = slow.run.key
    _, dead = slow.other.claim(submission("a"), key, "elsewhere:7:99", leases.LEASE_SECONDS)
    assert dead is not None
    assert run_all(slow.run, "a", Machine()) == [], "it may live"
    slow.clock.now += leases.LEASE_SECONDS + 1
    assert [r.score for r in run_all(slow.run, "a", Machine())] == [10]
    assert not slow.other.renew(dead, 60.0), "it comes back too late"


def test_a_lease_that_is_finished_or_lost_is_not_renewed(slow: SimpleNamespace) -> None:
    ledger: Ledger = slow.run.ledger
    work: Submission = submission("a")
    _, first = ledger.claim(work, slow.run.key, "one", 60.0)
    assert first is not None
    assert ledger.renew(first, 60.0)
    slow.clock.now += 61
    _, second = ledger.claim(work, slow.run.key, "two", 60.0)
    assert second is not None
    assert not ledger.renew(first, 60.0)
    assert ledger.renew(second, 60.0)
    ledger.release(second)
    assert not ledger.renew(second, 60.0)
    assert ledger.latest("01")[0].state == "queued"


def test_dropping_an_old_lease_of_a_job_keeps_the_new_one(slow: SimpleNamespace) -> None:
    """The renewing thread finds out late that a lease was given back, when the job is held again."""
    ledger: Ledger = slow.run.ledger
    held = leases.Leases(ledger)
    _, first = ledger.claim(submission("a"), slow.run.key, "one", 60.0)
    assert first is not None
    ledger.release(first)
    second = ledger.lease(first.job_id, "one", 60.0)
    assert second is not None
    held.hold(second)
    held.drop(first)
    slow.clock.now += 59
    held.renew()
    slow.clock.now += 59
    assert ledger.lease(first.job_id, "two", 60.0) is None


def test_a_waiting_run_that_loses_its_ledger_for_a_moment_goes_on_renewing(
    slow: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder.errors import LedgerError

    ledger: Ledger = slow.run.ledger
    _, lease = ledger.claim(submission("a"), slow.run.key, "one", 60.0)
    assert lease is not None
    tries: list[int] = []
    renewed = threading.Event()

    def renew(*_: Any) -> bool:
        tries.append(1)
        if len(tries) < 3:
            raise LedgerError("ledger-unavailable", "잠겨 있습니다.")
        renewed.set()
        return True

    monkeypatch.setattr(ledger, "renew", renew)
    with leases.Leases(ledger) as held:
        held.hold(lease)
        assert renewed.wait(10)


def test_the_silence_told_to_judges_is_wide(run: Run) -> None:
    told: list[float] = []

    def machine(_job: dict[str, Any], silence: float) -> dict[str, Any]:
        told.append(silence)
        return result()

    run_all(run, "a", machine)
    assert told == [pipeline.SILENCE_SECONDS]
    assert told[0] >= 600.0
