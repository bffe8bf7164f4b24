"""A term on one hub in a day, at a real speed: thirty students in two sections, two courses, and what goes wrong.

Each step is what a person does: the instructor and the TA in formgrader and on the service's pages, four students in
JupyterLab, the other twenty-six by their hand-ins in the exchange. Pictures of the steps are in ``build/e2e/day-*``,
for a desktop and for a phone; every page of the service is looked at by axe-core.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import secrets
import subprocess
import sys
import time
import zoneinfo
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.catalog import load_assignment, read_master
from autograder.corpus import build_notebook, iter_cases
from tests.e2e.people import SHOTS, Instructor, Person, Student
from tests.e2e.test_course import ROOT, until
from tests.hub.running import COURSE, Hub, running_hub
from tests.report.axe import violations
from tests.report.browser import open_browser

pytestmark = [pytest.mark.browser, pytest.mark.soak, pytest.mark.xdist_group("e2e")]

ID = "03-optimizers"
OTHER = "04-gpu-speedup"
SECOND = "cs102"
SERVICE = "/services/autograder/"
SEOUL = zoneinfo.ZoneInfo("Asia/Seoul")
STUDENTS = [f"student{n}" for n in range(1, 31)]
RULES = """\
import math

from nbgrader.plugins import LateSubmissionPlugin


class TenADay(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 10 * math.ceil(total_seconds_late / 86400)
"""
CONFIG = """
import sys

sys.path.insert(0, str(Path(__file__).parent))
c.AssignLatePenalties.plugin_class = "rules.TenADay"
"""
SLOW = "import time\nfor _ in range(60):\n    time.sleep(1)\nprint('다 됐습니다')"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    environment = {"AUTOGRADER_HUB_COURSE": f"{COURSE},{SECOND}", "AUTOGRADER_HUB_STUDENTS": "30"}
    with running_hub(tmp_path_factory.mktemp("day") / "state", environment=environment) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from open_browser()


@pytest.fixture(scope="module")
def teacher(hub: Hub, browser: Any) -> Iterator[Instructor]:
    person = Instructor(browser, hub, "teacher")
    (hub.course / "rules.py").write_text(RULES, encoding="utf-8")
    config = hub.course / "nbgrader_config.py"
    config.write_text(config.read_text(encoding="utf-8") + CONFIG, encoding="utf-8")
    person.sign_in()
    yield person
    person.close()


@pytest.fixture(scope="module")
def first(hub: Hub, browser: Any, teacher: Instructor) -> Iterator[Student]:
    person = Student(browser, hub, "student1")
    yield person
    person.close()


def command(hub: Hub, *words: str) -> str:
    """Run `autograder` in the course folder and return what it prints."""
    program = str(Path(sys.executable).parent / "autograder")
    done = subprocess.run([program, *words], cwd=hub.course, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def look(person: Person, title: str) -> None:
    """Take pictures of a page of the service, on a desktop and a phone, and ask axe-core about both."""
    page = person.page
    for name, width, height in (("desktop", 1280, 900), ("phone", 390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(300)
        person.shot(f"day-{title}-{name}", whole=True)
        assert violations(page) == [], title
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{title} is too wide"
    page.set_viewport_size({"width": 1360, "height": 900})


def works() -> list[dict[str, Any]]:
    """Return twenty-eight different works of the assignment, as students of the corpus wrote them."""
    folders = [ROOT / "tests" / "corpus" / ID / kind for kind in ("class", "right", "wrong")]
    cases = [case for folder in folders for case in iter_cases(folder) if not case.limits]
    master = read_master(load_assignment(ID, ROOT))
    return [build_notebook(case, master) for case in cases[:28]]


def work(assignment: str) -> dict[str, Any]:
    """Return one student's work of an assignment."""
    case = next(iter_cases(ROOT / "tests" / "corpus" / assignment / "class"))
    return build_notebook(case, read_master(load_assignment(assignment, ROOT)))


def hand_in(
    hub: Hub, student: str, content: bytes, *, course: str = COURSE, assignment: str = ID, name: str = ""
) -> str:
    """Write a hand-in into the exchange in nbgrader's own order; returns its secret."""
    stamp = f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M:%S.%f} UTC"
    folder = hub.exchange / course / "inbound" / f"{student}+{assignment}+{stamp}+{secrets.token_urlsafe(9)}"
    folder.mkdir(parents=True)
    (folder / f"{assignment}.ipynb").write_bytes(content)
    (folder / "timestamp.txt").write_text(stamp, encoding="utf-8")
    secret = secrets.token_hex(64)
    (folder / "submission_secret.txt").write_text(secret, encoding="utf-8")
    return secret


def set_due(teacher: Instructor, when: dt.datetime) -> None:
    """Type a due date into formgrader's dialog, as the course's clock shows it."""
    page = teacher.open("/user/teacher/formgrader/manage_assignments", f"tr:has-text('{ID}')")
    page.locator(f"tr:has-text('{ID}') td.edit a").first.click()
    page.locator("input.modal-duedate:visible").wait_for()
    assert page.locator("input.modal-timezone").input_value() == "+0900"
    page.locator("input.modal-duedate").fill(f"{when.astimezone(SEOUL):%Y-%m-%dT%H:%M}")
    page.locator(".modal button.save:visible").click()
    page.locator(f"tr:has-text('{ID}') td.duedate", has_text=f"{when.astimezone(SEOUL):%Y-%m-%d %H:%M}").wait_for()


def api(teacher: Instructor, path: str) -> Any:
    return teacher.hub.client(teacher.name).ask("GET", f"{SERVICE}api/{path}").json()


def test_01_the_roster_fills_the_course(hub: Hub, teacher: Instructor, tmp_path: Path) -> None:
    rows = [
        f"{name},2026{10000 + n},{'김이박최정'[n % 5]}{['하늘', '서연', '도윤', '지우', '예준', '민서'][n % 6]}{n},"
        f"{name}@univ.ac.kr,{'AB'[n % 2]}"
        for n, name in enumerate(STUDENTS)
    ]
    file = tmp_path / "명단.csv"
    file.write_bytes("\r\n".join(["계정,학번,이름,메일,분반", *rows]).encode("cp949"))
    said = command(hub, "course", "roster", str(file), "--dry-run")
    assert "student30" in said
    command(hub, "course", "roster", str(file))
    again = command(hub, "course", "roster", str(file))
    assert "student30" not in again
    client = hub.client("student30")
    until(lambda: client.ask("GET", f"{SERVICE}api/me").status_code == 200, 60)


def test_02_the_instructor_sets_the_date_and_releases(teacher: Instructor) -> None:
    for action in ("assign", "release"):
        teacher.press("manage_assignments", ID, action)
    set_due(teacher, dt.datetime.now(SEOUL).replace(second=0, microsecond=0) + dt.timedelta(hours=3))
    page = teacher.open(SERVICE, "h1")
    text = page.locator("main").inner_text()
    assert "KST" in text
    assert ID in text
    assert OTHER not in page.locator("main table").first.inner_text()
    look(teacher, "02-course")


def test_03_a_student_hands_in_and_has_a_receipt_within_seconds(hub: Hub, first: Student) -> None:
    first.sign_in()
    page = first.assignments()
    page.locator("button", has_text="Fetch").first.click()
    page.locator("button", has_text="Submit").first.wait_for()
    first.shot("day-03-lab")
    client = hub.client("student1")
    path = f"/api/contents/{COURSE}/{ID}/{ID}.ipynb"
    notebook = work(ID)
    for cell in notebook["cells"]:  # one question is left as it was released
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "q3":
            fresh = client.get(path).json()["content"]
            same = next(c for c in fresh["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "q3")
            cell["source"] = same["source"]
    assert client.put(path, json={"type": "notebook", "format": "json", "content": notebook}).status_code == 200
    page.locator("button", has_text="Submit").first.click()
    began = time.monotonic()
    beside = hub.state / "home" / "student1" / COURSE / ID
    receipt = beside / "제출 확인.md"
    until(lambda: receipt.is_file() and "1번째 제출" in receipt.read_text(encoding="utf-8"), 20)
    assert time.monotonic() - began < 10
    said = receipt.read_text(encoding="utf-8")
    assert "KST" in said
    assert "q3은 아직 비어 있습니다" in said
    page.goto(f"{hub.url}{SERVICE}")
    page.locator(".card").first.wait_for()
    assert "KST" in page.locator("main").inner_text()
    look(first, "03-receipt")
    page.get_by_text("채점 완료").first.wait_for()
    look(first, "03-mine")
    page.locator(".card a").first.click()
    page.get_by_text("문항별 결과").wait_for()
    look(first, "03-result")


def test_04_a_wrong_file_is_told_before_the_date(hub: Hub, browser: Any) -> None:
    hand_in(hub, "student2", json.dumps(work(OTHER)).encode())
    client = hub.client("student2")

    def told() -> Any:
        own = client.ask("GET", f"{SERVICE}api/me").json()
        return next((s for a in own["assignments"] for s in a["submissions"] if s.get("receipt")), None)

    until(told, 20)
    assert "과제의 노트북이 아니라" in json.dumps(told(), ensure_ascii=False)


def test_05_a_notebook_of_a_minute_freezes_nobody(hub: Hub, browser: Any) -> None:
    student = Student(browser, hub, "student3")
    try:
        student.sign_in()
        client = hub.client("student3")
        client.post("/assignments/fetch", data={"course_id": COURSE, "assignment_id": ID})
        path = f"/api/contents/{COURSE}/{ID}/{ID}.ipynb"
        notebook = client.get(path).json()["content"]
        notebook["cells"].append(
            {"cell_type": "code", "metadata": {}, "source": SLOW, "outputs": [], "execution_count": None}
        )
        client.put(path, json={"type": "notebook", "format": "json", "content": notebook})
        page = student.assignments()
        page.locator("#fetched_assignments_list a.assignment-notebooks-link", has_text=ID).click()
        page.locator("#fetched_assignments_list a:visible", has_text=ID).nth(1).wait_for()
        assert not page.locator("button:visible", has_text="Validate").count()
        began = time.monotonic()
        assert client.get("/api/contents").status_code == 200
        assert time.monotonic() - began < 5
        student.shot("day-05-validate")
        student.open(f"/user/student3/lab/tree/{COURSE}/{ID}/{ID}.ipynb", ".jp-NotebookPanel .jp-Cell")
        assert not student.page.get_by_role("button", name="Validate").count()
    finally:
        student.close()


def test_06_half_a_class_within_a_minute(hub: Hub, teacher: Instructor) -> None:
    notebooks = works()
    times: dict[str, float] = {}
    for student, notebook in zip(STUDENTS[3:], notebooks, strict=False):
        hand_in(hub, student, json.dumps(notebook).encode())
        times[student] = time.monotonic()
        time.sleep(60 / 27)
    seen = api(teacher, f"class/{ID}")
    assert seen["students"] >= 27
    look_at = teacher.open(f"{SERVICE}class/{ID}", "h1")
    assert look_at
    look(teacher, "06-queue")

    def over() -> bool:
        live = api(teacher, f"class/{ID}")
        return not live["waiting"] and not live["grading"]

    until(over, 600)
    teacher.open(f"{SERVICE}class/{ID}", "text=모든 학생")
    look(teacher, "06-class")


def test_07_late_work_and_a_moved_date(hub: Hub, teacher: Instructor) -> None:
    set_due(teacher, dt.datetime.now(SEOUL).replace(second=0, microsecond=0) - dt.timedelta(hours=1))
    text = json.dumps(works()[0], ensure_ascii=False).encode()
    hand_in(hub, "student4", text)
    client = hub.client("student4")

    def shown() -> str:
        return json.dumps(client.ask("GET", f"{SERVICE}api/me").json(), ensure_ascii=False)

    until(lambda: "늦" in shown() and "−10" in shown(), 180)
    set_due(teacher, dt.datetime.now(SEOUL).replace(second=0, microsecond=0) + dt.timedelta(days=1))
    until(lambda: "−10" not in shown(), 180)


def test_08_grading_by_hand_reaches_the_student_by_itself(hub: Hub, teacher: Instructor, first: Student) -> None:
    client = hub.client("teacher")
    rows = client.get(f"/formgrader/api/submitted_notebooks/{ID}/{ID}").json()
    submission = next(row["id"] for row in rows if row["student"] == "student1")
    teacher.grade_by_hand(submission, {"reflection": 7}, ("reflection", "자기 말로 잘 썼습니다."))
    teacher.shot("day-08-formgrader")
    released = hub.exchange / COURSE / "feedback"
    until(lambda: any("자기 말로" in p.read_text(encoding="utf-8") for p in released.glob("*.html")), 120)
    totals = set()
    own = hub.client("student1").ask("GET", f"{SERVICE}api/me").json()
    mine = next(s for a in own["assignments"] if a["id"] == ID for s in a["submissions"] if s["counts"])
    totals.add(float(mine["points"]["total"]))
    page = first.open(SERVICE, ".card")
    look(first, "08-mine")
    page.locator(".card a", has_text="피드백").first.click()
    page.get_by_text("자기 말로 잘 썼습니다.").first.wait_for()
    look(first, "08-feedback")
    found = re.search(r"([\d.]+)\s*/\s*110", page.locator("body").inner_text())
    assert found
    totals.add(float(found[1]))
    text = command(hub, "export", "csv", ID)
    row = next(r for r in csv.DictReader(io.StringIO(text)) if r["계정"] == "student1")
    totals.add(float(row["최종 점수"]))
    assert len(totals) == 1, totals


def test_09_autograde_answers_at_once_and_is_followed(hub: Hub, teacher: Instructor) -> None:
    page = teacher.open(f"/user/teacher/formgrader/manage_submissions/{ID}", "tr:has-text('student5')")
    page.locator("tr:has-text('student5') td.autograde a").first.click()
    dialog = page.locator(".modal-dialog:visible")
    dialog.locator(".modal-title", has_text="채점 중: student5").wait_for(timeout=10_000)
    teacher.shot("day-09-autograde")
    client, began = hub.client("teacher"), time.monotonic()
    assert client.get("/api/contents").status_code == 200
    assert time.monotonic() - began < 5
    dialog.locator(".modal-title", has_text="Success").wait_for()
    assert "점수: " in dialog.inner_text()


def test_10_points_changed_in_mid_term(hub: Hub, teacher: Instructor) -> None:
    master = hub.course / "solutions" / ID / f"{ID}.ipynb"
    before = master.read_text(encoding="utf-8")
    notebook = json.loads(before)
    cell = next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "q2-check")
    cell["metadata"]["nbgrader"]["points"] += 5
    master.write_text(json.dumps(notebook, ensure_ascii=False, indent=1), encoding="utf-8")
    page = teacher.open("/user/teacher/formgrader/manage_assignments", f"tr:has-text('{ID}')")
    page.locator(f"tr:has-text('{ID}') td.assign a").first.click()
    dialog = page.locator(".modal-dialog:visible")
    dialog.locator(".modal-title", has_text=re.compile("Success|Error")).wait_for()
    page.wait_for_timeout(500)
    said = dialog.inner_text()
    assert "배점" in said, said[-2000:]
    teacher.shot("day-10-generate-refused")
    hand_in(hub, "student6", json.dumps(works()[3]).encode())
    for path in (SERVICE, f"{SERVICE}class/{ID}"):
        page = teacher.open(path, "h1")
        until(lambda page=page: page.reload() and page.get_by_text("채점을 멈춘 것").count(), 120)
        assert "장비" not in page.locator(".callout").first.inner_text()
    look(teacher, "10-stopped")
    master.write_text(before, encoding="utf-8")
    until(lambda: not api(teacher, f"class/{ID}")["stopped"], 120)
    until(lambda: not api(teacher, f"class/{ID}")["waiting"], 300)


def test_11_a_second_course_on_the_same_hub(hub: Hub, teacher: Instructor) -> None:
    for words in (("generate_assignment", OTHER), ("release_assignment", OTHER)):
        program = str(Path(sys.executable).parent / "nbgrader")
        folder = hub.course.parent / SECOND
        done = subprocess.run(
            [program, *words], cwd=folder, capture_output=True, text=True, check=False, timeout=300
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    client = hub.client("student2")  # the further course is taken by those with even numbers
    client.start_server()
    lists = {course: client.get(f"/assignments?course_id={course}").json()["value"] for course in (COURSE, SECOND)}
    assert {a["assignment_id"] for a in lists[SECOND]} == {OTHER}
    assert OTHER not in {a["assignment_id"] for a in lists[COURSE]}
    hand_in(hub, "student2", json.dumps(work(OTHER)).encode(), course=SECOND, assignment=OTHER)
    url = f"/services/autograder-{SECOND}/"

    def done() -> bool:
        own = client.ask("GET", f"{url}api/me").json()
        return any(s["has_result"] for a in own["assignments"] for s in a["submissions"])

    until(done, 300)
    assert OTHER not in {a["id"] for a in client.ask("GET", f"{SERVICE}api/me").json()["assignments"]}


def test_12_the_final_table_has_everybody(hub: Hub, teacher: Instructor) -> None:
    text = command(hub, "export", "csv", "--bom").lstrip("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    mine = [r for r in rows if r["과제"] == ID]
    assert {r["계정"] for r in mine} == set(STUDENTS)
    assert all(r["학번"] and r["이름"] and r["메일"] for r in mine)
    assert {r["분반"] for r in mine} == {"A", "B"}
    assert [r["계정"] for r in mine if r["상태"] == "미제출"] == ["student3"]
    (SHOTS / "day-12-final.csv").write_text(text, encoding="utf-8")
