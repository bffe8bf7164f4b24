"""The local hub: who may go where, an assignment's way out and back, and an end that leaves nothing behind."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from course.validate import ANSWER
from tests.hub.running import COURSE, PATIENCE, Client, Hub, free_ports

ID = "01-vanishing-gradients"
BOTH = {"course_id": COURSE, "assignment_id": ID}

pytestmark = pytest.mark.xdist_group("hub")


@pytest.fixture(scope="module", autouse=True)
def slow_answers(hub: Hub) -> Iterator[list[Future[int]]]:
    """Ask a backend that takes 25 s, through a proxy with the running one's command line, while other tests go on."""

    class Slow(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(25)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *words: object) -> None:
            """Stay quiet."""

    running = psutil.Process(int((hub.state / "proxy.pid").read_text()))
    options = [word for word in running.cmdline() if not word.startswith(("--ip", "--port", "--api-", "--error-"))]
    kept = [word for word in options if word.startswith(("--proxy-", "--timeout")) or word.endswith("proxy.py")]
    backend = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    threading.Thread(target=backend.serve_forever, daemon=True).start()
    port = free_ports(2)
    command = [
        *(sys.executable, "-P", *kept, "--ip=127.0.0.1", f"--port={port}", f"--api-port={port + 1}"),
        f"--default-target=http://127.0.0.1:{backend.server_port}",
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as proxy:
        pool = ThreadPoolExecutor(12)
        try:
            yield [pool.submit(_status, f"http://127.0.0.1:{port}/slow") for _ in range(12)]
        finally:
            proxy.terminate()
            pool.shutdown(cancel_futures=True)
            backend.shutdown()


def _status(url: str) -> int:
    for _ in range(300):
        try:
            return requests.get(url, timeout=PATIENCE).status_code
        except requests.ConnectionError:  # the proxy is not up yet
            time.sleep(0.1)
    return 0


@pytest.fixture(scope="module")
def teacher(hub: Hub) -> Client:
    found = hub.client("teacher")
    found.start_server()
    return found


@pytest.fixture(scope="module")
def student(hub: Hub) -> Client:
    found = hub.client("student1")
    found.start_server()
    return found


@pytest.fixture(scope="module")
def released(hub: Hub, teacher: Client) -> None:
    for action in ("assign", "release"):
        answer = teacher.post(f"/formgrader/api/assignment/{ID}/{action}").json()
        assert answer["success"], answer
    assert (hub.exchange / COURSE / "outbound" / ID).is_dir()


@pytest.fixture(scope="module")
def fetched(hub: Hub, student: Client, released: None) -> Path:
    student.post("/assignments/fetch", data=BOTH)
    return hub.state / "home" / "student1" / ID


def test_a_wrong_password_and_anothers_are_refused(hub: Hub) -> None:
    for password in ("wrong", "", hub.passwords["student2"]):
        with pytest.raises(AssertionError, match="cannot log in"):
            Client(hub.url, "student1", password)
    assert len(set(hub.passwords.values())) == 4


def test_a_student_gets_no_formgrader_and_a_teacher_does(teacher: Client, student: Client) -> None:
    assert teacher.get("/formgrader/manage_assignments").status_code == 200
    names = {found["name"] for found in teacher.get("/formgrader/api/assignments").json()}
    assert ID in names
    assert student.get("/formgrader/manage_assignments").status_code == 404
    assert student.get("/formgrader/api/assignments").status_code == 404
    page = student.get("/lab").text
    for name in ("formgrader", "create-assignment", "course-list"):
        assert f"@jupyter/nbgrader:{name}" in page.partition('"disabledExtensions"')[2].partition("]")[0]
    assert student.get(f"/assignments?course_id={COURSE}").json()["success"]


def test_a_student_reaches_neither_others_nor_the_administration(hub: Hub, teacher: Client, student: Client) -> None:
    for other in ("student2", "teacher"):
        assert student.ask("GET", f"/user/{other}/api/contents").status_code in (302, 403, 404)
        assert student.ask("GET", f"/hub/api/users/{other}").status_code in (403, 404)
        assert student.ask("POST", f"/hub/api/users/{other}/server").status_code in (403, 404)
        assert student.ask("POST", f"/hub/api/users/{other}/tokens", json={}).status_code in (403, 404)
    assert student.ask("GET", "/hub/api/users").status_code == 403
    assert student.ask("GET", "/hub/api/groups").status_code == 403
    assert student.ask("POST", "/hub/api/shutdown", json={}).status_code == 403
    seen = {model["name"] for model in teacher.ask("GET", "/hub/api/users").json()}
    assert {"student1", "student2", "student3"} <= seen


def test_staff_manage_students_servers_without_getting_into_them(teacher: Client, student: Client) -> None:
    assert teacher.ask("GET", "/hub/api/users/student1").json()["servers"][""]["ready"]
    assert teacher.ask("GET", "/user/student1/api/contents").status_code == 403
    assert teacher.ask("POST", "/hub/api/users/student1/tokens", json={}).status_code in (403, 404)
    assert teacher.ask("POST", "/hub/api/shutdown", json={}).status_code == 403


def test_nobody_has_nbgraders_validate_which_would_freeze_the_server(teacher: Client, student: Client) -> None:
    """A notebook of a minute is no matter: nothing is run, and the answer says in Korean where the checks are."""
    for person in (teacher, student):
        page = person.get("/lab").text
        assert "@jupyter/nbgrader:validate-assignment" in page.partition('"disabledExtensions"')[2].partition("]")[0]
        began = time.monotonic()
        answer = person.post("/assignments/validate", json={"path": "a-minute.ipynb"}).json()
        assert time.monotonic() - began < 5
        assert answer == {"success": False, "value": ANSWER}
    assert "@autograder/course" in student.get("/lab").text
    script = student.get("/lab/extensions/@autograder/course/static/course.js")
    assert "#fetched_assignments_list" in script.text


def test_jupyterlab_speaks_korean(teacher: Client, student: Client) -> None:
    for person in (teacher, student):
        found = person.get("/lab/api/translations/ko_KR").json()
        assert found["message"] == ""
        assert found["data"]["jupyterlab"]["Run"] == ["실행"]
        default = person.get("/lab/api/settings/@jupyterlab/translation-extension:plugin").json()
        assert default["schema"]["properties"]["locale"]["default"] == "ko_KR"


def test_the_services_menu_says_it_in_korean(hub: Hub) -> None:
    with requests.Session() as browser:
        browser.get(f"{hub.url}/hub/login", timeout=PATIENCE)
        form = {
            "username": "student1",
            "password": hub.passwords["student1"],
            "_xsrf": browser.cookies.get("_xsrf", path="/hub/"),
        }
        browser.post(f"{hub.url}/hub/login", data=form, timeout=PATIENCE, allow_redirects=False)
        page = browser.get(f"{hub.url}/hub/home", timeout=PATIENCE).content.decode()
    menu = page.partition('class="dropdown-menu"')[2].partition("</ul>")[0]
    assert re.findall(r">([^<>]+)</a>", menu) == ["채점 결과"]
    assert 'href="/services/autograder/"' in menu


def test_pages_may_be_framed_by_the_hub_alone(teacher: Client) -> None:
    assert "frame-ancestors 'self'" in teacher.get("/formgrader/manage_assignments").headers["Content-Security-Policy"]


def test_the_service_knows_staff_students_and_strangers(hub: Hub, teacher: Client, student: Client) -> None:
    assert student.ask("GET", "/services/autograder/api/me").status_code == 200
    assert student.ask("GET", "/services/autograder/api/course").status_code == 403
    assert teacher.ask("GET", "/services/autograder/api/course").status_code == 200
    assert requests.get(
        f"{hub.url}/services/autograder/api/me", timeout=PATIENCE, allow_redirects=False
    ).status_code in (
        302,
        401,
        403,
    )


def test_a_released_assignment_is_fetched_without_its_answers(fetched: Path) -> None:
    text = (fetched / f"{ID}.ipynb").read_text(encoding="utf-8")
    assert "BEGIN SOLUTION" not in text
    assert "NotImplementedError" in text
    assert (fetched / "checks").is_dir()


def test_a_students_kernel_runs_the_notebooks_own_checks(student: Client, fetched: Path) -> None:
    notebook = json.loads((fetched / f"{ID}.ipynb").read_text(encoding="utf-8"))
    sources = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    start = next(number for number, source in enumerate(sources) if "import" in source)
    # What the last cell leaves running has to be gone too when the hub has stopped: `running_hub` sees to that.
    detached = "import subprocess; subprocess.Popen(['sleep', '3600'], start_new_session=True)"
    cells = [sources[start], 'check("q1")', detached]
    printed = asyncio.run(_run_in_kernel(student, f"{ID}/{ID}.ipynb", cells))
    assert "ModuleNotFoundError" not in printed
    assert '"execute_result"' in printed or "display_data" in printed
    assert "0.0" in printed


def test_work_is_submitted_under_the_students_name_and_collected(
    hub: Hub, teacher: Client, student: Client, fetched: Path
) -> None:
    answer = student.post("/assignments/submit", data=BOTH).json()
    assert answer["success"], answer
    inbound = [path.name for path in (hub.exchange / COURSE / "inbound").iterdir()]
    assert [name.split("+")[:2] for name in inbound] == [["student1", ID]]
    answer = teacher.post(f"/formgrader/api/assignment/{ID}/collect").json()
    assert answer["success"], answer
    assert (hub.course / "submitted" / "student1" / ID / f"{ID}.ipynb").is_file()


def test_what_students_may_not_read_is_closed_to_other_users(hub: Hub) -> None:
    for path in (hub.state, hub.course):
        assert path.stat().st_mode & 0o077 == 0
    assert (hub.state / "passwords.json").stat().st_mode & 0o077 == 0


def test_a_request_of_25_seconds_is_answered_through_the_proxy(slow_answers: list[Future[int]]) -> None:
    """Twelve at once, for the library's own limits are ten requests and 20 s. It was asked at the module's start."""
    assert [answer.result(timeout=PATIENCE) for answer in slow_answers] == [200] * 12


async def _run_in_kernel(client: Client, path: str, sources: list[str]) -> str:
    """Run sources in a new kernel of a notebook's session; return everything that was sent back, as text."""
    made = client.post("/api/sessions", json={"path": path, "type": "notebook", "kernel": {"name": "python3"}})
    assert made.status_code == 201, made.text
    kernel = made.json()["kernel"]["id"]
    url = f"{client.url.replace('http', 'ws', 1)}/user/{client.name}/api/kernels/{kernel}/channels"
    socket = await websocket_connect(HTTPRequest(url, headers={"Authorization": f"token {client.token}"}))
    printed = ""
    try:
        for source in sources:
            header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "session": "tests", "version": "5.3"}
            content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False}
            message: dict[str, Any] = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
            await socket.write_message(json.dumps({**message, "channel": "shell", "buffers": []}))
            while True:
                text = await asyncio.wait_for(socket.read_message(), PATIENCE)
                assert isinstance(text, str), "the kernel is gone"
                reply = json.loads(text)
                if reply["parent_header"].get("msg_id") == header["msg_id"]:
                    printed += text
                    if reply["msg_type"] == "status" and reply["content"]["execution_state"] == "idle":
                        break
    finally:
        socket.close()
        client.ask("DELETE", f"/user/{client.name}/api/sessions/{made.json()['id']}")
    return printed
