"""The ledger: recorded once, resumable, fenced."""

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from autograder.errors import LedgerError
from autograder.grading.ledger import JobKey, Ledger, worker_name
from autograder.model import GradeRecord, RecordState, Submission

KEY = JobKey("suite", "1", "secret", "cpu")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def submission(student: str = "kim", digest: str = "a" * 64, received_at: str = "") -> Submission:
    return Submission(student, "01", digest, {}, "here", received_at)


def record(student: str = "kim", score: float = 1.0) -> GradeRecord:
    return GradeRecord(student, "01", "a" * 64, "suite", "1", RecordState.GRADED, score, 2, (), (), source="here")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(tmp_path: Path, clock: Clock) -> Ledger:
    return Ledger(tmp_path / "ledger.db", clock=clock)


def test_the_same_work_is_queued_once_and_graded_work_stays_graded(ledger: Ledger) -> None:
    first = ledger.enqueue(submission(), KEY)
    assert ledger.enqueue(submission(), KEY).id == first.id
    lease = ledger.lease(first.id, "me", 60)
    assert lease
    ledger.finish(lease, record())
    again = ledger.enqueue(submission(), KEY)
    assert again.finished
    assert again.record == record()


def test_the_same_work_handed_in_again_keeps_its_result_and_gets_its_new_time(ledger: Ledger) -> None:
    lease = ledger.lease(ledger.enqueue(submission(received_at="2026-09-01T00:00:00+00:00"), KEY).id, "me", 60)
    assert lease
    ledger.finish(lease, record())
    again = ledger.enqueue(submission(received_at="2026-09-02T00:00:00+00:00"), KEY)
    assert again.record
    assert again.record.received_at == "2026-09-02T00:00:00+00:00"
    assert [job.record for job in ledger.latest("01")] == [again.record]


def test_the_history_of_a_student_is_theirs_alone_and_ends_with_the_latest(ledger: Ledger) -> None:
    for student, digest, received_at in (("kim", "b", "2026-09-02"), ("kim", "a", "2026-09-01"), ("lee", "c", "")):
        ledger.enqueue(submission(student, digest * 64, received_at), KEY)
    assert [job.digest[0] for job in ledger.history("01", "kim")] == ["a", "b"]
    assert ledger.history("02", "kim") == []


@pytest.mark.parametrize(
    "key",
    [JobKey("suite2", "1", "secret", "cpu"), JobKey("suite", "2", "secret", "cpu"), JobKey("suite", "1", "s2", "cpu")],
)
def test_another_suite_grader_or_secret_is_another_job(ledger: Ledger, key: JobKey) -> None:
    assert ledger.enqueue(submission(), KEY).id != ledger.enqueue(submission(), key).id


def test_only_one_holds_a_lease_until_it_runs_out(ledger: Ledger, clock: Clock) -> None:
    job = ledger.enqueue(submission(), KEY)
    assert ledger.lease(job.id, "first", 60)
    assert ledger.lease(job.id, "second", 60) is None
    clock.now += 61
    assert ledger.lease(job.id, "second", 60)


def test_a_worker_back_from_the_dead_cannot_record_its_late_result(ledger: Ledger, clock: Clock) -> None:
    job = ledger.enqueue(submission(), KEY)
    stale = ledger.lease(job.id, "first", 60)
    clock.now += 61
    fresh = ledger.lease(job.id, "second", 60)
    assert stale
    assert fresh
    with pytest.raises(LedgerError, match="lease-lost"):
        ledger.finish(stale, record(score=0))
    ledger.finish(fresh, record(score=2))
    with pytest.raises(LedgerError, match="lease-lost"):
        ledger.finish(fresh, record(score=0))
    assert ledger.job(job.id).record == record(score=2)


def test_trouble_is_retried_three_times_and_then_kept_for_a_person(ledger: Ledger) -> None:
    job = ledger.enqueue(submission(), KEY)
    states = []
    for _ in range(3):
        lease = ledger.lease(job.id, "me", 60)
        assert lease
        states.append(ledger.fail(lease, "disk full").state)
    assert states == ["queued", "queued", "leased"]


def test_an_interrupt_gives_the_job_back_without_counting_an_attempt(ledger: Ledger) -> None:
    job = ledger.enqueue(submission(), KEY)
    lease = ledger.lease(job.id, "me", 60)
    assert lease
    ledger.release(lease)
    assert ledger.job(job.id).state == "queued"
    assert ledger.job(job.id).attempts == 0


def test_leases_of_a_dead_process_are_taken_back_at_once_and_those_of_a_living_one_kept(ledger: Ledger) -> None:
    code = "from autograder.grading.ledger import worker_name; print(worker_name())"
    dead = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    mine, gone = ledger.enqueue(submission("mine"), KEY), ledger.enqueue(submission("gone"), KEY)
    ledger.lease(mine.id, worker_name(), 600)
    ledger.lease(gone.id, dead, 600)
    assert ledger.reclaim() == 1
    assert ledger.job(gone.id).state == "queued"
    assert ledger.job(mine.id).state == "leased"
    assert str(os.getpid()) in worker_name()


def test_regrade_queues_a_finished_job_again_and_no_other(ledger: Ledger) -> None:
    job = ledger.enqueue(submission(), KEY)
    lease = ledger.lease(job.id, "me", 60)
    assert lease
    assert ledger.enqueue(submission(), KEY, regrade=True).state == "leased"
    ledger.finish(lease, record())
    assert ledger.enqueue(submission(), KEY, regrade=True).state == "queued"


def test_the_latest_submission_is_the_last_received_or_else_the_last_seen(ledger: Ledger) -> None:
    for digest in ("a" * 64, "b" * 64, "a" * 64):
        ledger.enqueue(submission("seen", digest), KEY)
    ledger.enqueue(submission("timed", "b" * 64, "2026-03-02T00:00:00+00:00"), KEY)
    ledger.enqueue(submission("timed", "a" * 64, "2026-03-01T00:00:00+00:00"), KEY)
    assert {job.student: job.digest[0] for job in ledger.latest("01")} == {"seen": "a", "timed": "b"}


def test_a_ledger_of_a_newer_schema_is_refused(tmp_path: Path) -> None:
    Ledger(tmp_path / "ledger.db").close()
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'ledger.db'}")
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE ledger_meta SET value = 99"))
    with pytest.raises(LedgerError, match="ledger-newer"):
        Ledger(tmp_path / "ledger.db")


def test_an_unusable_database_is_a_named_error(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").mkdir()
    with pytest.raises(LedgerError, match="ledger-unavailable"):
        Ledger(tmp_path / "ledger.db")


def test_what_is_recorded_survives_a_power_cut_and_a_first_claim_need_not(ledger: Ledger) -> None:
    levels: list[int] = []
    sa.event.listen(ledger._engine, "commit", lambda c: levels.append(c.exec_driver_sql("PRAGMA synchronous").scalar()))
    job, lease = ledger.claim(submission(), KEY, "me", 60)
    assert lease
    assert job.state == "queued"
    assert levels == [1]  # NORMAL: what may be undone is only that the work has come
    ledger.finish(lease, record())
    assert levels == [1, 2]  # FULL
    again, nothing = ledger.claim(submission(received_at="2026-09-02T00:00:00+00:00"), KEY, "me", 60)
    assert nothing is None
    assert again.record
    assert levels == [1, 2, 2]  # the new time of work that has its result already is not undone


def test_a_claim_is_an_enqueue_and_a_lease(ledger: Ledger, clock: Clock) -> None:
    job, lease = ledger.claim(submission(), KEY, "first", 60)
    assert lease
    assert ledger.claim(submission(), KEY, "second", 60)[1] is None
    clock.now += 61
    same, taken = ledger.claim(submission(), KEY, "second", 60)
    assert taken
    assert same.id == job.id
    with pytest.raises(LedgerError, match="lease-lost"):
        ledger.finish(lease, record())
    ledger.finish(taken, record())
    assert ledger.claim(submission(), KEY, "third", 60, regrade=True)[1]


def test_an_older_ledger_gets_the_index_it_lacks(tmp_path: Path) -> None:
    Ledger(tmp_path / "ledger.db").close()
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'ledger.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP INDEX by_seen")
    Ledger(tmp_path / "ledger.db").close()
    assert "by_seen" in {index["name"] for index in sa.inspect(engine).get_indexes("jobs")}


def test_the_latest_records_come_without_executed_notebooks_where_nobody_needs_them(ledger: Ledger) -> None:
    for number in range(150):  # more than one batch
        student = f"s{number:03d}"
        _, lease = ledger.claim(submission(student), KEY, "me", 60)
        assert lease
        ledger.finish(lease, dataclasses.replace(record(student), executed={"cells": [number]}))
    whole, light = ledger.latest("01"), ledger.latest("01", executed=False)
    assert [job.student for job in whole] == [job.student for job in light] == [f"s{n:03d}" for n in range(150)]
    assert [job.record.executed for job in whole if job.record] == [{"cells": [n]} for n in range(150)]
    assert {job.record.executed for job in light if job.record} == {None}  # type: ignore[comparison-overlap]
