"""From a folder in the exchange to the gradebook and the student's feedback, with real grading under confinement."""

import datetime as dt
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from autograder.catalog import load_assignment
from autograder.errors import ConfinementError
from autograder.grading.ledger import Ledger
from autograder.service.desk import Desk
from autograder.service.receipt import Receipt
from autograder.service.receipts import Receipts
from autograder.service.trouble import Kind
from tests.service.conftest import Lent, desk_of
from tests.service.course import ID, Course, right, until, wrong
from tests.service.standin import StandIn

pytestmark = pytest.mark.xdist_group("service")


class Refusing:
    """Slots of a machine that cannot confine."""

    count = 1

    def grade(self, _job: dict, _silence: float) -> dict:  # type: ignore[type-arg]
        raise ConfinementError("cannot-confine-pidfd", "", detail="pidfd_open: Operation not permitted")


def test_staff_are_told_where_the_service_cannot_grade(desk: Desk, lent: Lent) -> None:
    """The rehearsal at the start is in the service's own slots; it is told until one goes well."""
    desk._slots = Refusing()  # type: ignore[assignment]
    desk._rehearse()
    (trouble,) = desk.book.troubles.now()

    assert trouble.code == "cannot-confine-pidfd"
    assert trouble.kind is Kind.MACHINE
    assert "autograder doctor" in trouble.message

    desk._slots = lent  # type: ignore[assignment]
    desk._rehearse()
    assert desk.book.troubles.now() == []


def states(desk: Desk, student: str = "kim") -> list[str]:
    return [r.state.value for r in desk.receipts.rows(student=student)]


def only(desk: Desk) -> Receipt:
    (row,) = desk.receipts.rows(summaries=True)
    return row


def followed(desk: Desk) -> None:
    """Let one pass over what was not entered be made."""
    desk._publisher._pass(desk.record, threading.Event(), changed=True)


def test_submit_to_gradebook_and_fetched_feedback(course: Course, desk: Desk, work: Callable[[], None]) -> None:
    handed = course.submit("kim", wrong())
    work()
    row = only(desk)
    assert (row.state, row.summary.score if row.summary else None) == ("done", 75.0)
    assert course.grades("kim") == (75.0, False)
    page = handed.feedback().read_text(encoding="utf-8")
    assert "gradient" in page
    assert "75" in page
    assert (course.root / "feedback" / "kim" / ID / "bench.html").read_text(encoding="utf-8") == page
    assert (course.root / "submitted" / "kim" / ID / "bench.ipynb").is_file()
    assert row.summary is not None
    assert row.summary.environment["unsafe"] is False
    assert abs(course.timestamp().replace(tzinfo=dt.UTC) - dt.datetime.fromisoformat(row.received_at)).seconds == 0


def test_an_incomplete_folder_is_left_until_it_is_complete(
    course: Course, desk: Desk, work: Callable[[], None]
) -> None:
    handed = course.submit(complete=False)
    work()
    assert desk.receipts.rows() == []
    handed.complete()
    work()
    assert states(desk) == ["done"]


def test_a_resubmission_counts_and_the_first_is_graded_no_more(
    course: Course, desk: Desk, work: Callable[[], None], lent: Lent
) -> None:
    course.submit("kim", wrong())
    desk.sweep()
    course.submit("kim", right())
    work()
    assert states(desk) == ["done", "superseded"]
    assert course.grades() == (100.0, False)
    assert lent.graded == 1


def test_an_older_result_that_comes_late_does_not_replace_a_newer_one(
    course: Course, desk: Desk, work: Callable[[], None]
) -> None:
    """A regrade of the first submission, asked for before the second arrived, ends after it."""
    first = course.submit("kim", wrong())
    work()
    (old,) = desk.receipts.rows()
    course.submit("kim", right())
    work()
    assert desk.regrade([old.ref]) == 1
    work()
    assert course.grades() == (100.0, False)
    assert "75" in first.feedback().read_text(encoding="utf-8")


def test_the_same_work_handed_in_twice_is_graded_once(
    course: Course, desk: Desk, work: Callable[[], None], lent: Lent
) -> None:
    first = course.submit("kim", right())
    work()
    second = course.submit("kim", right())
    work()
    assert lent.graded == 1
    assert first.feedback().exists()
    assert second.feedback().exists()


def test_a_name_that_is_not_on_the_roster_waits_for_it(course: Course, desk: Desk, work: Callable[[], None]) -> None:
    course.submit("newcomer")
    work()
    assert (only(desk).state, only(desk).code) == ("refused", "student-unknown")
    desk.roster.meet("newcomer")
    desk._recheck()
    work()
    assert only(desk).state == "done"


def test_an_unknown_assignment_waits_for_it(course: Course, desk: Desk, work: Callable[[], None]) -> None:
    course.submit("kim", assignment="not-yet")
    work()
    desk._recheck()
    assert (only(desk).state, only(desk).code) == ("refused", "assignment-unknown")


@pytest.mark.parametrize("content", [b"", b"{not json", b'{"cells": 3}', "한글".encode("cp949")])
def test_a_malformed_notebook_gets_its_verdict_and_no_zero(
    course: Course, desk: Desk, work: Callable[[], None], content: bytes
) -> None:
    handed = course.submit("kim", content)
    work()
    row = only(desk)
    assert row.state == "needs-staff"
    assert row.summary is not None
    assert row.summary.score is None
    assert row.summary.verdicts[0].code
    assert course.grades()[1], "the gradebook waits for a person"
    assert row.summary.verdicts[0].message.split(".")[0] in handed.feedback().read_text(encoding="utf-8")


def test_a_link_in_place_of_the_notebook_gets_a_verdict(
    course: Course, desk: Desk, work: Callable[[], None], tmp_path: Path
) -> None:
    handed = course.submit("kim")
    (handed.folder / "bench.ipynb").rename(tmp_path / "real.ipynb")
    (handed.folder / "bench.ipynb").symlink_to(tmp_path / "real.ipynb")
    work()
    row = only(desk)
    assert row.state == "needs-staff"
    assert row.summary is not None
    assert row.summary.verdicts[0].code == "file-symlink"
    assert not any(p.is_symlink() for p in (course.root / "submitted").rglob("*"))


def test_a_folder_without_a_notebook_gets_a_verdict(course: Course, desk: Desk, work: Callable[[], None]) -> None:
    handed = course.submit("kim")
    (handed.folder / "bench.ipynb").unlink()
    work()
    summary = only(desk).summary
    assert summary is not None
    assert summary.verdicts[0].code == "notebook-missing"


def test_what_is_handed_in_cannot_be_changed_afterwards(course: Course, desk: Desk, work: Callable[[], None]) -> None:
    handed = course.submit("kim", wrong())
    desk.sweep()
    (handed.folder / "bench.ipynb").write_text(json.dumps(right()), encoding="utf-8")
    work()
    assert course.grades() == (75.0, False)


def test_a_disk_in_trouble_refuses_nobody(course: Course, desk: Desk, work: Callable[[], None]) -> None:
    inbox = course.settings.results / "inbox"
    inbox.write_text("no folder can be made here", encoding="utf-8")
    course.submit("kim")
    work()
    assert desk.receipts.rows() == []
    inbox.unlink()
    work()
    assert only(desk).state == "done"


def test_feedback_is_found_by_the_name_the_student_gave_the_notebook(
    course: Course, desk: Desk, work: Callable[[], None]
) -> None:
    handed = course.submit("kim", right(), name="my answer.ipynb")
    work()
    assert handed.feedback("my answer").exists()


def test_a_forged_time_changes_no_lateness(course: Course, desk: Desk, work: Callable[[], None]) -> None:
    course.submit("kim", stamp="2020-01-01 00:00:00.000000 UTC")
    work()
    assert course.timestamp().year > 2020
    assert only(desk).claimed_at.startswith("2020")


def test_more_than_an_hours_attempts_are_kept(course: Course, desk: Desk, work: Callable[[], None]) -> None:
    desk.settings = replace(desk.settings, attempts_per_hour=1)
    course.submit("kim", wrong())
    work()
    course.submit("kim", right())
    work()
    assert states(desk) == ["waiting", "done"]
    assert course.grades() == (75.0, False)
    hours = itertools.count(1)
    now = desk.receipts.clock()
    desk.receipts.clock = lambda: now + 3601 * next(hours)
    work()
    assert states(desk) == ["done", "done"]
    assert course.grades() == (100.0, False)


def test_a_gradebook_in_trouble_is_written_later(
    course: Course, desk: Desk, work: Callable[[], None], lent: Lent
) -> None:
    (course.root / "gradebook.db").mkdir()  # no database can be opened there
    handed = course.submit("kim")
    desk.sweep()
    receipt = desk.receipts.claim(10)
    assert receipt is not None
    desk._grade_safely(receipt)
    row = only(desk)
    assert (row.state, row.score) == ("done", 100.0), "the student has the result"
    assert handed.feedback().exists()
    assert [t.code for t in desk.book.troubles.now()] == ["gradebook-unavailable"]
    (course.root / "gradebook.db").rmdir()
    followed(desk)
    assert course.grades() == (100.0, False)
    assert desk.book.troubles.now() == []
    assert lent.graded == 1, "the ledger had the result"


def test_staff_can_have_it_graded_again(course: Course, desk: Desk, work: Callable[[], None], lent: Lent) -> None:
    course.submit("kim")
    work()
    before = only(desk)
    assert desk.regrade([before.ref]) == 1
    waiting = only(desk)
    assert waiting.summary is not None, "the old result stays until the new one is there"
    work()
    assert lent.graded == 2
    assert only(desk).state == "done"


def test_a_regrade_whose_result_could_not_be_handed_on_is_not_made_twice(
    course: Course, desk: Desk, work: Callable[[], None], lent: Lent
) -> None:
    course.submit("kim")
    work()
    book, aside = course.root / "gradebook.db", course.root / "aside.db"
    book.rename(aside)
    book.mkdir()
    desk.regrade([only(desk).ref])
    receipt = desk.receipts.claim(10)
    assert receipt is not None
    desk._grade_safely(receipt)
    assert (only(desk).state, lent.graded) == ("done", 2)
    book.rmdir()
    aside.rename(book)
    followed(desk)
    assert (only(desk).state, only(desk).regrade, lent.graded) == ("done", None, 2)


def test_what_another_grader_is_at_is_waited_for(
    course: Course, desk: Desk, work: Callable[[], None], lent: Lent
) -> None:
    course.submit("kim")
    desk.sweep()
    assignment = load_assignment(ID, course.root)
    key = desk._run(None, assignment).key
    row = desk.ledger.enqueue(desk._arrivals.submission(only(desk), assignment), key)
    lease = desk.ledger.lease(row.id, "elsewhere:1:1", 600)
    assert lease is not None
    work()
    assert (only(desk).state, only(desk).code, lent.graded) == ("waiting", "graded-elsewhere", 0)
    desk.ledger.release(lease)
    later = desk.receipts.clock() + 60
    desk.receipts.clock = lambda: later
    work()
    assert (only(desk).state, lent.graded) == ("done", 1)


def test_what_the_command_line_graded_shows_and_can_be_graded_again(
    course: Course, desk: Desk, work: Callable[[], None], lent: Lent, tmp_path: Path
) -> None:
    from autograder.grading.pipeline import grade, store_submission
    from autograder.intake import read_source

    (tmp_path / "lee.ipynb").write_text(json.dumps(wrong()), encoding="utf-8")
    assignment = load_assignment(ID, course.root)
    (submission,) = read_source(tmp_path / "lee.ipynb", assignment)
    submission = replace(submission, student="lee")
    store_submission(course.settings.results / "submissions", submission)
    list(grade(desk._run(None, assignment), [submission], desk._jobs, lent.grade, window=1))
    desk._reconcile()
    desk._reconcile()
    row = only(desk)
    assert (row.student, row.state) == ("lee", "done")
    assert desk.regrade([row.ref]) == 1
    work()
    assert lent.graded == 2
    assert course.grades("lee") == (75.0, False)


def test_a_name_that_nobody_has_never_gets_a_row_by_being_graded_again(
    course: Course, desk: Desk, work: Callable[[], None], lent: Lent, tmp_path: Path
) -> None:
    """Not the command line's work for a person, nor its graded work of somebody who is in no roster."""
    from autograder.grading.pipeline import grade, store_submission
    from autograder.grading.whose import Whose
    from autograder.intake.roster import Member, Roster

    assignment = load_assignment(ID, course.root)
    (tmp_path / "stranger.ipynb").write_text(json.dumps(wrong()), encoding="utf-8")
    for whose, state in ((Whose(Roster((Member("lee"),))), "needs-staff"), (Whose(), "done")):
        (submission,) = whose.read(tmp_path / "stranger.ipynb", assignment)
        store_submission(course.settings.results / "submissions", submission)
        list(grade(desk._run(None, assignment), [submission], desk._jobs, lent.grade, window=1))
        desk._reconcile()
        assert desk.regrade([only(desk).ref]) == 1
        before = lent.graded
        work()
        assert (only(desk).state, lent.graded) == (state, before), "its result is left as it was"
    assert not (course.root / "gradebook.db").exists()


def test_a_name_that_was_answered_leaves_the_class(course: Course, desk: Desk, lent: Lent, tmp_path: Path) -> None:
    from autograder.grading.answers import Answers, read_answers
    from autograder.grading.pipeline import grade
    from autograder.grading.whose import Whose
    from autograder.roll_call import write_answers

    assignment = load_assignment(ID, course.root)
    (tmp_path / "stranger.ipynb").write_text(json.dumps(wrong()), encoding="utf-8")
    seen = []
    for answers in (Answers(), Answers({"stranger": "lee"})):
        write_answers(course.settings.results, answers)
        work = Whose(None, read_answers(course.settings.results)).read(tmp_path / "stranger.ipynb", assignment)
        list(grade(desk._run(None, assignment), list(work), desk._jobs, lent.grade, window=1))
        desk._reconcile()
        seen.append([receipt.student for receipt in desk.receipts.latest(ID)])
    assert seen == [["stranger"], ["lee"]]


def test_a_second_service_for_the_same_course_refuses(course: Course, desk: Desk) -> None:
    from autograder.errors import GraderError

    with pytest.raises(GraderError) as refused:
        desk_of(course)
    assert refused.value.code == "service-running"


# The real process


@pytest.fixture
def hub() -> Iterator[StandIn]:
    made = StandIn()
    yield made
    made.close()


def start(course: Course, hub: StandIn, port: int) -> subprocess.Popen[bytes]:
    environment = {**os.environ, **hub.environment(port), **course.environment(), "OMP_NUM_THREADS": "1"}
    log = (course.base / "service.log").open("ab")
    return subprocess.Popen([sys.executable, "-m", "autograder.service"], env=environment, stdout=log, stderr=log)


@pytest.mark.soak
def test_killed_in_the_middle_it_goes_on(course: Course, hub: StandIn) -> None:
    """`kill -9` with one submission graded, one being graded and one waiting; nothing lost, nothing twice."""
    from tests.service.web import free_port

    port = free_port()
    slow = right("slow")
    slow["cells"][2]["source"] += "\nimport time\ntime.sleep(4)\n"
    service = start(course, hub, port)
    try:
        first = course.submit("kim", wrong())
        until(first.feedback().exists)
        middle, last = course.submit("lee", slow), course.submit("park", right())
        database = course.settings.results / "service.db"

        def being_graded() -> bool:
            receipts = Receipts(database)
            try:
                return any(r.state == "grading" for r in receipts.rows(student="lee"))
            finally:
                receipts.close()

        until(being_graded)
        family = psutil.Process(service.pid).children(recursive=True)
        service.send_signal(signal.SIGKILL)
        service.wait()
        until(lambda: not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in family))
        assert not last.feedback().exists()
        service = start(course, hub, port)
        until(middle.feedback().exists)
        until(last.feedback().exists)
    finally:
        service.terminate()
        assert service.wait(60) == 0, (course.base / "service.log").read_text()
    assert [course.grades(s) for s in ("kim", "lee", "park")] == [(75.0, False), (100.0, False), (100.0, False)]
    receipts, ledger = Receipts(course.settings.results / "service.db"), Ledger(course.settings.results / "ledger.db")
    assert sorted((r.student, r.state) for r in receipts.rows()) == [(s, "done") for s in ("kim", "lee", "park")]
    assert ledger.counts(ID) == {"done": 3}
    assert len(list((course.settings.results / "inbox").iterdir())) == 3
    receipts.close()
    ledger.close()
