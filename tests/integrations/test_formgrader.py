"""Formgrader in a real Jupyter server: what its buttons answer and when, and what its lists say meanwhile."""

from __future__ import annotations

import fcntl
import json
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from autograder.grading.ledger import Ledger
from autograder.integrations.exchange import Delivery
from autograder.integrations.formgrader_requests import Requests, RequestState
from autograder.integrations.formgrader_worker import serve, words_of
from autograder.service import formgrader as service
from autograder.service.receipt import ReceiptState
from autograder.service.receipts import Receipts
from tests.integrations.formgrader_server import FormgraderServer, running_formgrader
from tests.integrations.plugin_course import ID, RIGHT, PluginCourse
from tests.report import records as sample

pytestmark = pytest.mark.xdist_group("formgrader")
LIST = f"/formgrader/api/submissions/{ID}"
PROGRESS = f"/formgrader/api/submission/{ID}/-everybody-/autograde"
SLOW = "import time\ntime.sleep(3)\n" + RIGHT["q1"]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> PluginCourse:
    made = PluginCourse(tmp_path_factory.mktemp("formgrader") / "course")
    made.hand_in("kim", {"q1": SLOW})
    made.hand_in("lee")
    return made


@pytest.fixture(scope="module")
def server(course: PluginCourse) -> Iterator[FormgraderServer]:
    with running_formgrader(course.root, course.suites) as started:
        yield started


def click(server: FormgraderServer, student: str) -> Any:
    return server.post(f"/formgrader/api/submission/{ID}/{student}/autograde")


def row(server: FormgraderServer, student: str) -> Any:
    return next(found for found in server.get(LIST) if found["student"] == student)


def test_grading_is_begun_once_followed_and_stops_nobody(course: PluginCourse, server: FormgraderServer) -> None:
    first = click(server, "kim")
    assert first["started"]
    assert "채점을 시작했습니다" in first["log"]
    second = click(server, "kim")
    assert second["started"]
    assert "이미 채점을 맡겼습니다" in second["log"]
    click(server, "lee")

    answered = []
    while "kim" in server.get(PROGRESS)["students"]:
        began = time.monotonic()
        server.get("/api/contents")
        took = time.monotonic() - began
        shown = row(server, "kim")
        if shown["autograder"]:
            assert not shown["autograded"], "an old score would stand as if it were the one that comes"
            answered.append(took)
        time.sleep(0.2)
    assert len(answered) >= 3, "the server answers while it is graded"
    assert sorted(answered)[len(answered) // 2] < 1

    server.until(PROGRESS, lambda found: not found["students"])
    shown = row(server, "kim")
    assert shown["autograded"]
    assert shown["score"] == 100
    assert shown["autograder"] is None
    assert course.record("lee").score == 100
    with closing(Ledger(course.root / "graded" / "ledger.db")) as ledger:
        assert [job.token for job in ledger.history(ID, "kim")] == [1], "two clicks, one grading"


@pytest.mark.soak
def test_a_failure_is_told_in_the_answer_or_in_the_list(course: PluginCourse, server: FormgraderServer) -> None:
    tests = course.suites / ID / "test_q2.py"
    right = tests.read_text(encoding="utf-8")
    tests.write_text(right.replace("student.square", "student.sqaure"), encoding="utf-8")
    course.hand_in("park")
    answer = click(server, "park")
    server.until(PROGRESS, lambda found: found["students"].get("park", {}).get("state") == "failed")
    shown = row(server, "park")
    assert shown["autograder"]["label"] == "채점하지 못함"
    assert "suite-wrong" in shown["autograder"]["words"]
    assert "test_q2.py 10번째 줄" in shown["autograder"]["words"]
    assert answer.get("started") or "suite-wrong" in answer["log"]

    tests.write_text(right, encoding="utf-8")
    click(server, "park")
    server.until(LIST, lambda found: [r["autograded"] for r in found if r["student"] == "park"] == [True])
    assert row(server, "park")["autograder"] is None


def test_generate_says_what_is_wrong_in_its_dialog(course: PluginCourse, server: FormgraderServer) -> None:
    assert server.post(f"/formgrader/api/assignment/{ID}/assign")["success"]
    released = course.root / "assignments" / ID / f"{ID}.ipynb"
    before = released.read_bytes()
    master = course.root / "solutions" / ID / f"{ID}.ipynb"
    text = master.read_text(encoding="utf-8")
    master.write_text(text.replace('"points": 40', '"points": 20'), encoding="utf-8")
    answer = server.post(f"/formgrader/api/assignment/{ID}/assign")
    master.write_text(text, encoding="utf-8")

    assert answer == {
        "success": False,
        "log": "'q2'의 배점이 원본 노트북에는 20점, 시험지(assignment.toml)에는 40점입니다. "
        "원본 노트북의 배점을 40점으로 되돌린 뒤 다시 Generate를 누르세요.",
    }
    assert released.read_bytes() == before


@pytest.mark.parametrize(
    ("zone", "typed", "offset", "stored", "shown"),
    [
        ("Asia/Seoul", "2026-12-01T23:59", "+0900", "2026-12-01T14:59:00", "2026-12-01 23:59:00 KST"),
        ("Asia/Seoul", "2026-12-01T23:59", "", "2026-12-01T14:59:00", "2026-12-01 23:59:00 KST"),
        ("Asia/Seoul", "2026-12-01T23:59", "+0000", "2026-12-01T23:59:00", "2026-12-02 08:59:00 KST"),
        ("America/New_York", "2026-12-01T23:59", None, "2026-12-02T04:59:00", "2026-12-01 23:59:00 EST"),
        ("America/New_York", "2026-07-01T23:59", None, "2026-07-02T03:59:00", "2026-07-01 23:59:00 EDT"),
    ],
)
def test_a_due_date_is_meant_in_the_courses_zone(
    course: PluginCourse, server: FormgraderServer, zone: str, typed: str, offset: str | None, stored: str, shown: str
) -> None:
    """None stands for the offset that formgrader's dialog fills in: today's."""
    (course.root / "course.toml").write_text(f'timezone = "{zone}"\n', encoding="utf-8")
    path = f"/formgrader/api/assignment/{ID}"
    offset = server.get(path)["duedate_timezone"] if offset is None else offset
    answer = server.put(path, {"duedate_notimezone": typed, "duedate_timezone": offset})
    (course.root / "course.toml").unlink()

    assert answer["display_duedate"] == shown
    with course.gradebook() as gradebook:
        assert gradebook.find_assignment(ID).duedate.isoformat() == stored


@pytest.mark.soak
def test_the_page_follows_what_is_graded(course: PluginCourse, server: FormgraderServer, browser: Any) -> None:
    course.hand_in("choi", {"q1": SLOW})
    page = browser.new_context(extra_http_headers={"Authorization": "token secret"}).new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{server.url}/formgrader/manage_submissions/{ID}?token=secret")
    chosen = page.locator("tr:has-text('choi')")
    chosen.locator("td.autograde a").click()
    dialog = page.locator(".modal-dialog:visible")
    dialog.locator(".modal-title", has_text="채점 중: choi").wait_for()
    assert chosen.locator("td.status", has_text="채점").is_visible()
    dialog.locator(".modal-title", has_text="Success").wait_for(timeout=120_000)
    assert "'choi'의 채점을 마쳤습니다." in dialog.inner_text()
    assert "점수: 100 / 110" in dialog.inner_text()
    chosen.locator("td.status", has_text="needs manual grading").wait_for()
    assert errors == []
    page.context.close()


# -- requests, without a server


def test_a_request_is_asked_once_while_it_is_open(tmp_path: Path) -> None:
    requests = Requests(tmp_path)
    assert requests.ask("kim", ID)[1]
    assert not requests.ask("kim", ID)[1]
    assert requests.ask("lee", ID)[1]
    assert [request.student for request in requests.all()] == ["kim", "lee"]


def test_requests_are_graded_in_their_order_and_an_exception_ends_only_its_own(tmp_path: Path) -> None:
    now = iter(range(1000))
    requests = Requests(tmp_path, clock=lambda: float(next(now)))
    for student in ("kim", "lee", "park"):
        requests.ask(student, ID)
    seen = []

    def grade(request: Any) -> tuple[bool, str]:
        seen.append(request.student)
        if request.student == "lee":
            raise ValueError("broken")
        return True, ""

    serve(requests, grade, idle=0.1)
    assert seen == ["kim", "lee", "park"]
    assert [request.state for request in requests.all()] == ["done", "failed", "done"]
    assert "broken" in requests.all()[1].words


def test_what_a_dead_worker_had_begun_has_failed_and_may_be_asked_again(tmp_path: Path) -> None:
    requests = Requests(tmp_path)
    requests.ask("kim", ID)
    with requests.worker_lock.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        requests.take()
        assert requests.all()[0].state is RequestState.GRADING
    (found,) = requests.all()
    assert found.state is RequestState.FAILED
    assert "grading-interrupted" in found.words
    assert requests.ask("kim", ID)[1]


def test_the_words_of_a_failure_are_its_sentences() -> None:
    log = (
        "[INFO] Already graded kim\n"
        "[ERROR] There was an error processing assignment for student 'lee': 멈췄습니다. [x]\n"
        "[ERROR] [suite-wrong] 틀렸습니다.\n"
    )
    assert words_of({"success": False, "log": log}) == "멈췄습니다. [x]\n[suite-wrong] 틀렸습니다."


# -- the service's side


@pytest.fixture
def results(tmp_path: Path) -> Iterator[Path]:
    """The result folder of a course whose service runs, and had the work of kim."""
    folder = tmp_path / "graded"
    with closing(Receipts(folder / "service.db")) as receipts, closing(Ledger(folder / "ledger.db")):
        receipts.add("r1", delivery("kim", "2026-09-21T14:10:04+00:00"))
        receipts.finish(receipts.claim(20), sample.record("kim"), None)  # type: ignore[arg-type]
    with (folder / "service.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def delivery(student: str, at: str) -> Delivery:
    return Delivery(f"{student}+{ID}+{at}+0", student, ID, at, at, True, "", (), ())


def test_the_service_grades_again_what_it_had(results: Path) -> None:
    assert service.underway(results, ID) == {}
    assert service.ask(results, "kim", ID, "2026-09-21 14:10:04.000000") == "채점 서비스에 다시 채점을 맡겼습니다."
    with closing(Receipts(results / "service.db")) as receipts:
        (found,) = receipts.rows()
    assert found.state is ReceiptState.WAITING
    assert found.regrade == -1
    assert service.underway(results, ID)["kim"][0] == "waiting"
    assert "이미 맡고 있습니다" in str(service.ask(results, "kim", ID, None))


def test_the_service_is_not_asked_for_what_it_never_had(results: Path) -> None:
    assert service.ask(results, "lee", ID, "2026-09-21 14:10:04") is None, "nobody handed that in"
    assert service.ask(results, "kim", ID, "2026-09-22 14:10:04") is None, "what was put there is later"
    assert service.ask(results, "kim", ID, "") is None, "nobody knows what was put there"


def test_a_service_that_does_not_run_is_not_asked(results: Path) -> None:
    service.ask(results, "kim", ID, None)
    (results / "service.lock").unlink()
    assert service.ask(results, "kim", ID, None) is None
    assert service.underway(results, ID) == {}, "the rows of a dead service say nothing"


def test_what_is_in_the_services_way_is_told(results: Path) -> None:
    service.ask(results, "kim", ID, None)
    with closing(Receipts(results / "service.db")) as receipts:
        receipts.postpone(receipts.claim(20), 600, "suite-refused", "suite-wrong")  # type: ignore[arg-type]
    state, words = service.underway(results, ID)["kim"]
    assert state == "blocked"
    assert "시험지가 거절되어" in words
    json.dumps(service.underway(results, ID))
