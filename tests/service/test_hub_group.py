"""The hub's group of students follows the course's roster: by a stand-in at every look, and once by a real hub."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import GraderError, InfrastructureError
from autograder.integrations.course_roster import GROUP_STATE, ROSTER_FILE, group_lines
from autograder.service.desk import Desk
from autograder.service.hub_group import HubGroup, ask_hub
from tests.hub.running import COURSE, Hub, running_hub
from tests.service.course import until
from tests.service.standin import StandIn
from tests.service.web import Web

ROOT = Path(__file__).resolve().parents[2]
GROUP = "nbgrader-whydl"


class FakeHub:
    """Users and one group, as the hub's API answers for them; a request for an unknown user is refused whole."""

    def __init__(self, *users: str, inside: tuple[str, ...] = ()) -> None:
        self.users, self.inside = list(users), set(inside)
        self.requests: list[str] = []
        self.page = 2

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        self.requests.append(f"{method} {path.partition('?')[0]}")
        if path.startswith("users?"):
            offset = int(path.rpartition("offset=")[2])
            newest = self.users[::-1]
            end = offset + self.page
            following = {"offset": end} if end < len(newest) else None
            return {"items": [{"name": n} for n in newest[offset:end]], "_pagination": {"next": following}}
        if body is None:
            return {"name": GROUP, "users": sorted(self.inside)}
        if unknown := [name for name in body["users"] if name not in self.users]:
            raise InfrastructureError("hub-group", "없는 사용자입니다.", detail=f"No such user: {unknown[0]}")
        self.inside = self.inside | set(body["users"]) if method == "POST" else self.inside - set(body["users"])
        return {}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "graded").mkdir()
    roster(tmp_path, "kim", "lee", "park")
    return tmp_path


def roster(root: Path, *accounts: str, removed: tuple[str, ...] = ()) -> None:
    rows = [f"{name}," for name in accounts] + [f"{name},제외" for name in removed]
    new = root / "new"
    new.write_text("계정,명단 상태\n" + "\n".join(rows), encoding="utf-8")
    new.replace(root / ROSTER_FILE)


def group_of(root: Path, hub: FakeHub) -> HubGroup:
    return HubGroup(root, root / "graded", GROUP, ask=hub)


def state(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((root / "graded" / GROUP_STATE).read_text(encoding="utf-8"))
    return found


def test_members_are_added_once_the_hub_knows_them_and_others_stay(folder: Path) -> None:
    hub = FakeHub("teacher", "kim", "auditor", inside=("auditor",))
    group = group_of(folder, hub)

    group.look()
    assert hub.inside == {"auditor", "kim"}
    assert state(folder)["not_on_the_hub"] == ["lee", "park"]
    assert "lee, park" in "\n".join(group_lines(folder / "graded"))

    hub.users.append("lee")
    group.look()
    assert hub.inside == {"auditor", "kim", "lee"}


def test_when_everybody_is_in_only_the_group_is_asked_for(folder: Path) -> None:
    hub = FakeHub("kim", "lee", "park", inside=("kim", "lee", "park"))
    group_of(folder, hub).look()
    assert hub.requests == [f"GET groups/{GROUP}"]


def test_only_the_newest_users_are_listed_again(folder: Path) -> None:
    """Of a hub of many users a look costs one page."""
    hub = FakeHub(*(f"u{n}" for n in range(40)), "kim")
    group = group_of(folder, hub)
    group.look()
    hub.requests.clear()
    group.look()
    assert hub.requests.count("GET users") == 1
    hub.users += ["x", "y", "lee", "z"]
    group.look()
    assert "lee" in hub.inside


def test_a_user_who_is_gone_keeps_nobody_out_for_long(folder: Path) -> None:
    hub = FakeHub("kim", "lee")
    group = group_of(folder, hub)
    group.look()
    hub.inside.clear()
    hub.users.remove("lee")
    group.look()
    assert hub.inside == set()
    assert state(folder)["trouble"]
    group.look()
    assert hub.inside == {"kim"}
    assert state(folder)["trouble"] == ""


def test_who_was_removed_is_taken_out_once(folder: Path) -> None:
    """Somebody put back by hand after that stays; the state outlives the service."""
    hub = FakeHub("kim", "lee", "park", inside=("kim", "lee", "park"))
    roster(folder, "kim", removed=("lee",))
    group_of(folder, hub).look()
    assert hub.inside == {"kim", "park"}, "park is on no list: somebody put them there"

    hub.inside.add("lee")
    group_of(folder, hub).look()
    assert "lee" in hub.inside

    roster(folder, "kim", "lee")
    group_of(folder, hub).look()
    roster(folder, "kim", removed=("lee",))
    group_of(folder, hub).look()
    assert "lee" not in hub.inside, "removed anew"


def test_an_account_that_the_hub_writes_otherwise_is_told(folder: Path) -> None:
    roster(folder, "KIM")
    hub = FakeHub("kim")
    group_of(folder, hub).look()
    assert hub.inside == set()
    assert "'kim'" in "\n".join(group_lines(folder / "graded"))


def test_trouble_changes_nothing_and_is_logged_once(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    hub = FakeHub("kim")

    def down(*_: Any) -> Any:
        raise InfrastructureError("hub-unreachable", "대답하지 않습니다.")

    group = HubGroup(folder, folder / "graded", GROUP, ask=down)
    group.look()
    group.look()
    assert caplog.text.count("hub-unreachable") == 1
    (folder / ROSTER_FILE).write_text("이름\n김하늘\n", encoding="utf-8")
    broken = group_of(folder, hub)
    broken.look()
    assert "roster-invalid" in caplog.text
    assert hub.requests == []


def test_a_course_without_a_roster_asks_nothing(tmp_path: Path) -> None:
    hub = FakeHub("kim")
    group_of(tmp_path, hub).look()
    assert hub.requests == []
    assert not (tmp_path / "graded").exists()


def test_the_hubs_refusals_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = StandIn()
    for name, value in hub.environment(1).items():
        monkeypatch.setenv(name, value)
    assert ask_hub("GET", f"groups/{GROUP}")["users"]
    with pytest.raises(GraderError) as caught:
        ask_hub("GET", "users?limit=1")
    assert caught.value.code == "hub-scope"
    hub.close()
    with pytest.raises(GraderError) as caught:
        ask_hub("GET", f"groups/{GROUP}")
    assert caught.value.code == "hub-unreachable"


def test_a_member_who_is_not_in_the_group_yet_is_told_to_wait(desk: Desk, web: Web) -> None:
    """And the next look asks the hub anew, not its answer of five minutes ago."""
    assert "not-allowed" in web.get("", "stranger").text
    roster(desk.settings.root, "stranger")
    shown = web.get("", "stranger")
    assert shown.status == 403
    assert "roster-joining" in shown.text
    assert web.get("api/me", "stranger").json()["error"] == "roster-joining"
    web.hub.without_access = {"stranger"}
    assert web.get("api/me", "stranger").json()["error"] == "roster-joining"
    web.hub.without_access = set()

    from tests.service import standin

    standin.GROUPS[GROUP].append("stranger")
    try:
        assert web.get("", "stranger").status == 200
    finally:
        standin.GROUPS[GROUP].remove("stranger")


CONFIG = """
from pathlib import Path

path = Path({path!r})
exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), {{**globals(), "__file__": str(path)}})
c = get_config()
c.Authenticator.allowed_users = {{"teacher"}}  # the others are unknown to the hub until they log in
c.Authenticator.allow_all = True
c.JupyterHub.load_groups["{group}"] = {{"users": []}}
for role in c.JupyterHub.load_roles:
    if role["name"] == "course-service":
        role["scopes"] = ["groups!group={group}", "list:users"]
"""
LAUNCHER = """
import sys
from pathlib import Path

sys.path.insert(0, {root!r})
from course.deploy.local import __main__ as launcher

launcher.HERE = Path({folder!r})
sys.exit(launcher.main())
"""


@pytest.fixture
def fresh_hub(tmp_path: Path) -> Iterator[Hub]:
    """A hub whose students have never logged in, and whose service has the scopes that the roster needs, no more."""
    own = ROOT / "course" / "deploy" / "local" / "jupyterhub_config.py"
    (tmp_path / "jupyterhub_config.py").write_text(CONFIG.format(path=str(own), group=f"nbgrader-{COURSE}"))
    launcher = tmp_path / "launch.py"
    launcher.write_text(LAUNCHER.format(root=str(ROOT), folder=str(tmp_path)))
    with running_hub(tmp_path / "state", prefix=(sys.executable, str(launcher))) as hub:
        yield hub


@pytest.mark.soak
@pytest.mark.xdist_group("hub")
def test_a_student_who_logs_in_for_the_first_time_is_in_the_group_soon(fresh_hub: Hub) -> None:
    from click.testing import CliRunner

    from autograder.cli import main

    given = fresh_hub.state / "given.csv"
    given.write_text("계정,학번,이름,분반\nstudent1,007,김하늘,1\nstudent2,8,이서연,2\n", encoding="cp949")
    words = ["course", "roster", str(given), "--root", str(fresh_hub.course)]
    assert CliRunner().invoke(main, words).exit_code == 0

    student = fresh_hub.client("student1")
    answers = [student.ask("GET", "/services/autograder/api/me")]
    started = time.monotonic()
    while answers[-1].status_code != 200:
        assert answers[-1].json()["error"] == "roster-joining"
        assert time.monotonic() - started < 20, fresh_hub.log[-3000:]
        time.sleep(0.5)
        answers.append(student.ask("GET", "/services/autograder/api/me"))
    print(f"{len(answers)} answers, in the group after {time.monotonic() - started:.1f} s")
    until(lambda: state(fresh_hub.course)["not_on_the_hub"] == ["student2"], 20)
    assert "added student1" in fresh_hub.log

    given.write_text("계정\nstudent2\n", encoding="utf-8")
    assert CliRunner().invoke(main, [*words, "--remove"]).exit_code == 0
    until(lambda: "took out student1" in fresh_hub.log, 20)
    assert state(fresh_hub.course)["taken_out"] == ["student1"]
