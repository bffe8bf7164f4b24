"""The service behind the real JupyterHub: signed in by its own pages and tokens, graded by the real process."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from autograder.corpus import build_notebook, iter_cases
from tests.hub.running import COURSE, Hub, running_hub
from tests.service.course import until

pytestmark = [pytest.mark.soak, pytest.mark.xdist_group("hub")]

ROOT = Path(__file__).resolve().parents[2]
ID = "04-gpu-speedup"
SERVICE = "/services/autograder/"


@pytest.fixture(scope="module")
def real_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with running_hub(tmp_path_factory.mktemp("service") / "state") as started:
        yield started


def submit(hub: Hub, student: str) -> Path:
    """Put a work of the corpus into the hub's exchange, as nbgrader's submit does; returns where its feedback goes."""
    import datetime as dt
    import hashlib
    import secrets

    case = next(iter_cases(ROOT / "tests" / "corpus" / ID / "class"))
    master = json.loads((ROOT / "solutions" / ID / f"{ID}.ipynb").read_text(encoding="utf-8"))
    stamp = f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M:%S.%f} UTC"
    (hub.exchange / COURSE / "outbound" / ID).mkdir(parents=True, exist_ok=True)  # only what is released is taken
    folder = hub.exchange / COURSE / "inbound" / f"{student}+{ID}+{stamp}"
    folder.mkdir(parents=True)
    (folder / f"{ID}.ipynb").write_text(json.dumps(build_notebook(case, master)), encoding="utf-8")
    (folder / "timestamp.txt").write_text(stamp, encoding="utf-8")
    secret = secrets.token_hex(64)
    (folder / "submission_secret.txt").write_text(secret, encoding="utf-8")
    name = hashlib.md5((secret + ID).encode()).hexdigest()
    return hub.exchange / COURSE / "feedback" / f"{name}.html"


def sign_in(hub: Hub, name: str) -> requests.Session:
    """Return a browser's session that came to the service through the hub's sign-in form."""
    browser = requests.Session()
    browser.headers["Sec-Fetch-Mode"] = "navigate"
    page = browser.get(hub.url + SERVICE, timeout=60)
    assert "/hub/login" in page.url
    token = next(c.value for c in browser.cookies if c.name == "_xsrf" and c.path.startswith("/hub"))
    form = {"username": name, "password": hub.passwords[name], "_xsrf": token}
    page = browser.post(page.url, data=form, timeout=60)
    assert page.url.startswith(hub.url + SERVICE), page.url
    return browser


def test_students_and_staff_through_the_real_hub(real_hub: Hub) -> None:
    feedback = submit(real_hub, "student1")
    student, other, staff = (real_hub.client(n) for n in ("student1", "student2", "teacher"))
    assert requests.get(real_hub.url + SERVICE + "api/me", timeout=60).status_code == 401
    until(feedback.exists, 300)
    until(lambda: any(s["has_result"] for s in mine(student)), 60)
    (submission,) = mine(student)
    ref = submission["ref"]
    assert submission["state"] in ("done", "needs-staff")
    assert mine(other) == []
    assert other.ask("GET", f"{SERVICE}api/submissions/{ref}").status_code == 404
    assert student.ask("GET", f"{SERVICE}api/course").status_code == 403
    live = staff.ask("GET", f"{SERVICE}api/class/{ID}").json()
    assert live["students"] == 1

    browser = sign_in(real_hub, "student1")
    page = browser.get(real_hub.url + SERVICE, timeout=60)
    assert "내 제출물" in page.text
    assert ref in page.text
    shown = browser.get(f"{real_hub.url}{SERVICE}submissions/{ref}/feedback", timeout=60)
    assert shown.status_code == 200
    assert "과제 채점 결과" in shown.text

    office = sign_in(real_hub, "teacher")
    ask = f"{real_hub.url}{SERVICE}class/{ID}/regrade?scope=all"
    form = office.get(ask, timeout=60).text
    assert office.post(ask, data={"scope": "all"}, timeout=60).status_code == 403
    token = form.split('name="_xsrf" value="')[1].split('"')[0]
    answer = office.post(ask, data={"scope": "all", "_xsrf": token}, timeout=60)
    assert answer.status_code == 200
    until(lambda: mine(student)[0]["state"] in ("done", "needs-staff"), 120)


def mine(client):  # type: ignore[no-untyped-def]
    groups = client.ask("GET", f"{SERVICE}api/me").json()["assignments"]
    return [s for group in groups for s in group["submissions"]]
