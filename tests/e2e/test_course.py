"""A course in real browsers, from release to the final score: instructor, student, and one who means harm."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.people import ID, SHOTS, Instructor, Student
from tests.hub.running import COURSE, Hub, running_hub
from tests.report.browser import open_browser

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("e2e")]

ROOT = Path(__file__).resolve().parents[2]
SERVICE = "/services/autograder/"
REFLECTION = "층마다 1보다 작은 수를 곱하므로 입력에 가까운 층의 기울기가 지수적으로 작아집니다."
TRAP = "window.pwned&&window.pwned('{}')"
EVIL = f"""\
from IPython.display import HTML, SVG, Markdown, display
display(HTML('''<img src=x onerror="{TRAP.format("html")}"><script>{TRAP.format("script")}</script>'''))
display(SVG('''<svg xmlns="http://www.w3.org/2000/svg" onload="{TRAP.format("svg")}"><circle r="9"/></svg>'''))
display(Markdown('''<a href="javascript:{TRAP.format("link")}">점수 보기</a>'''))
print("q1: 10 / 10")
raise type('''<img src=x onerror="{TRAP.format("name")}">''', (Exception,), {{}})('''<b onmouseover=1>x</b>''')
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with running_hub(tmp_path_factory.mktemp("e2e") / "state", environment={"FAST": "1"}) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    yield from open_browser()


def answer(cell: str) -> str:
    """Return the instructor's solution of a cell, without the marks around it."""
    notebook = json.loads((ROOT / "solutions" / ID / f"{ID}.ipynb").read_text(encoding="utf-8"))
    found = next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == cell)
    return "\n".join(line for line in "".join(found["source"]).splitlines() if "### " not in line)


def until(what: Any, seconds: float = 180.0) -> float:
    """Wait for something and return how long it took."""
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < seconds, "waited too long"
        time.sleep(0.05)
    return time.monotonic() - began


def test_a_course_from_release_to_the_final_score(hub: Hub, browser: Any) -> None:
    people = [
        Instructor(browser, hub, "teacher"),
        Student(browser, hub, "student1"),
        Student(browser, hub, "student2"),
    ]
    teacher, student, rogue = people
    try:
        _release(teacher)
        waited = _solve_and_submit(student)
        _see_the_score(student, 10)
        _mean_harm(rogue)
        _look_at_the_class(teacher)
        total = _grade_by_hand(teacher, student)
        _see_the_total(student, total)
        assert [person.pwned for person in people] == [[], [], []]
    finally:
        for person in people:
            person.close()
    (SHOTS / "times.json").write_text(json.dumps({"seconds from submit to released feedback": round(waited, 2)}))


def _release(teacher: Instructor) -> None:
    """The instructor makes the students' version in formgrader and releases it."""
    teacher.sign_in()
    teacher.open("/user/teacher/formgrader/manage_assignments", f"tr:has-text('{ID}')")
    teacher.shot("01-formgrader")
    teacher.press("manage_assignments", ID, "assign")
    teacher.shot("02-made")
    teacher.press("manage_assignments", ID, "release")
    page = teacher.open("/user/teacher/formgrader/manage_assignments", f"tr:has-text('{ID}')")
    page.locator(f"tr:has-text('{ID}') td.status", has_text="released").wait_for()
    teacher.shot("03-released")


def _solve_and_submit(student: Student) -> float:
    """A student fetches, solves a question, sees the check turn green, runs all and submits; returns the wait."""
    student.sign_in()
    page = student.assignments()
    page.locator("button", has_text="Fetch").click()
    page.locator("button", has_text="Submit").wait_for()
    student.shot("04-fetched")
    student.open_notebook()
    student.shot("05-notebook")
    student.write(page.locator(".jp-CodeCell", has_text="def act_and_grad").first, answer("q1"))
    student.menu("Run", "Run All Above Selected Cell")
    page.locator(".jp-CodeCell", has_text="def act_and_grad").first.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")
    check = page.locator(".jp-CodeCell", has_text='check("q1")').first
    check.get_by_text("공개 점검 3개를 모두 통과했습니다").wait_for()
    check.scroll_into_view_if_needed()
    student.shot("06-check-turned-green")
    page.locator(".jp-MarkdownCell").last.scroll_into_view_if_needed()
    reflection = page.locator(".jp-MarkdownCell", has_text="여기에 답을 작성하세요.").last
    reflection.dblclick()
    student.write(reflection, REFLECTION)
    page.keyboard.press("Shift+Enter")
    student.run_everything()
    student.shot("07-all-run")
    student.assignments()
    feedback = student.hub.exchange / COURSE / "feedback"
    page.locator("button", has_text="Submit").click()
    waited = until(lambda: feedback.is_dir() and list(feedback.glob("*.html")))
    page.locator("button", has_text="Fetch Feedback").click()
    fetched = student.hub.state / "home" / "student1" / ID / "feedback"
    until(lambda: list(fetched.glob("*/*.html")))
    page.wait_for_timeout(1000)
    student.shot("08-feedback-fetched")
    return waited


def _see_the_score(student: Student, score: int) -> None:
    """The service's page shows the score, and the feedback says what was lost and why."""
    page = student.open(SERVICE, ".card")
    page.get_by_text("채점 완료").first.wait_for()
    assert f"{score} / 100점" in page.locator(".card").first.inner_text()
    student.shot("09-own-submissions", whole=True)
    page.locator(".card a").first.click()
    page.get_by_text("문항별 결과").wait_for()
    student.shot("10-own-result", whole=True)
    page.get_by_text("피드백 열기").click()
    page.get_by_text("활성화 함수와 도함수").first.wait_for()
    student.shot("11-feedback", whole=True)


def _mean_harm(rogue: Student) -> None:
    """Another student hands in scripts wherever text is shown, and somebody else's name."""
    client = rogue.hub.client(rogue.name)
    client.start_server()
    both = {"course_id": COURSE, "assignment_id": ID}
    client.post("/assignments/fetch", data=both)
    path = f"/api/contents/{ID}/{ID}.ipynb"
    notebook = client.get(path).json()["content"]
    for cell in notebook["cells"]:
        mark = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if mark == "q1":
            cell["source"] = EVIL
        elif mark == "reflection":
            cell["source"] = f'<img src=x onerror="{TRAP.format("markdown")}"> <script>{TRAP.format("tag")}</script>답'
    saved = client.put(path, json={"type": "notebook", "format": "json", "content": notebook})
    assert saved.status_code == 200, saved.text
    client.post("/assignments/submit", data=both)
    feedback = rogue.hub.exchange / COURSE / "feedback"
    until(lambda: len(list(feedback.glob("*.html"))) >= 2)
    page = rogue.page
    page.goto(f"{rogue.hub.url}/hub/login?next={SERVICE}")
    page.fill("#username_input", rogue.name)
    page.fill("#password_input", rogue.hub.passwords[rogue.name])
    page.click("#login_submit")
    page.locator(".card").first.wait_for()
    assert "0 / 100점" in page.locator(".card").first.inner_text()
    for path in (f"{SERVICE}class/{ID}", "/user/student1/api/contents", "/user/teacher/formgrader"):
        answered = page.goto(rogue.hub.url + path)
        assert answered.status in (403, 404), path
    rogue.shot("12-no-way-in")


def _look_at_the_class(teacher: Instructor) -> None:
    """The instructor opens everything that shows what the second student wrote; none of it runs."""
    page = teacher.open(f"{SERVICE}class/{ID}", "text=모든 학생")
    teacher.shot("13-class", whole=True)
    page.locator("a", has_text="student2").first.click()
    page.get_by_text("문항별 결과").wait_for()
    teacher.shot("14-second-student", whole=True)
    page.get_by_text("피드백 열기").click()
    page.get_by_text("활성화 함수와 도함수").first.wait_for()
    page.wait_for_timeout(500)
    teacher.shot("15-second-students-feedback", whole=True)
    page = teacher.open(f"/user/teacher/formgrader/submissions/{_submission(teacher, 'student2')}/", "input.score")
    page.wait_for_timeout(1500)
    for link in page.locator("a", has_text="점수 보기").all():
        link.click()
    teacher.shot("16-formgrader-second-student")
    assert teacher.pwned == []


def _grade_by_hand(teacher: Instructor, student: Student) -> float:
    """The instructor grades the reflection, overrides a score, has it graded again and exports; returns the total."""
    submission = _submission(teacher, student.name)
    teacher.grade_by_hand(
        submission, {"reflection": 8, "q1-check": 10}, ("reflection", "곱이 왜 지수인지 잘 썼습니다.")
    )
    teacher.shot("17-graded-by-hand")
    row = f"manage_submissions/{ID}"
    teacher.press(row, student.name, "autograde")
    teacher.shot("18-graded-again")
    teacher.press(row, student.name, "generate-feedback")
    teacher.press(row, student.name, "release-feedback")
    teacher.open(f"/user/teacher/formgrader/{row}", f"tr:has-text('{student.name}')")
    teacher.shot("19-feedback-released")
    program = [str(Path(sys.executable).parent / "autograder"), "export", "csv", ID]
    done = subprocess.run(program, cwd=teacher.hub.course, capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, done.stderr
    rows = [row for row in csv.reader(io.StringIO(done.stdout)) if row and student.name in row]
    assert len(rows) == 1, done.stdout
    assert "18" in rows[0], rows
    return 18.0


def _see_the_total(student: Student, total: float) -> None:
    """The student fetches the feedback again and finds the new total, there and in the service."""
    page = student.open("/user/student1/lab", "#jp-main-dock-panel")
    page = student.assignments() if not page.get_by_text("Released assignments").count() else page
    fetched = student.hub.state / "home" / "student1" / ID / "feedback"

    def shows_it() -> bool:
        return any("잘 썼습니다" in path.read_text(encoding="utf-8") for path in fetched.glob("*/*.html"))

    page.locator("button", has_text="Fetch Feedback").first.click()
    until(shows_it)
    student.open(SERVICE, ".card")
    page.locator(".card a", has_text="피드백").first.click()
    page.get_by_text("곱이 왜 지수인지 잘 썼습니다.").first.wait_for()
    student.shot("20-new-total", whole=True)
    text = page.locator("body").inner_text()
    assert f"{total:g}" in text.replace("\n", " ")


def _submission(teacher: Instructor, student: str) -> str:
    """Return formgrader's id of a student's notebook."""
    client = teacher.hub.client("teacher")
    found = client.get(f"/formgrader/api/submitted_notebooks/{ID}/{ID}").json()
    return str(next(row["id"] for row in found if row["student"] == student))
