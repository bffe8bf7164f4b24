"""The Littlest JupyterHub's installer on a tree that looks like its machine, with another course's files in it."""

from __future__ import annotations

import json
import os
import re
import runpy
import shlex
import stat
import subprocess
from pathlib import Path

import pytest
from jupyterhub.spawner import Spawner
from traitlets.config import Config

from tests.deploy.test_layouts import DEPLOY, assert_roles, started

ANOTHER_COURSE = """
c.Spawner.environment = {"A": "1", "JUPYTER_CONFIG_PATH": "/opt/stat200/jupyter"}
c.JupyterHub.services = [{"name": "stat200", "url": "http://127.0.0.1:10102", "command": ["true"]}]
c.JupyterHub.load_roles = [{"name": "course-staff", "groups": ["formgrade-stat200"], "scopes": ["list:users"]}]
c.JupyterHub.load_groups = {"formgrade-stat200": {"users": []}}
c.JupyterHub.template_paths = ["/opt/stat200/templates"]
"""
THEIRS = {
    "opt/tljh/config/config.yaml": "base_url: /jupyter\nservices:\n  cull: {timeout: 10104}\n",
    "opt/tljh/config/jupyterhub_config.d/stat200.py": ANOTHER_COURSE,
    "opt/tljh/user/etc/jupyter/nbgrader_config.py": "c = get_config()\nc.CourseDirectory.course_id = 'stat200'\n",
    "opt/tljh/user/etc/jupyter/jupyter_server_config.py": "c.ServerApp.tornado_settings = {}\n",
    "opt/tljh/user/etc/jupyter/jupyter_server_config.d/nbgrader.json": "{}",
    "opt/tljh/user/etc/jupyter/labconfig/page_config.json": '{"disabledExtensions": {"mine": true}}',
    "srv/nbgrader/exchange/stat200/outbound/hw1/hw1.ipynb": "{}",
    "etc/systemd/system/other.service": "[Unit]\n",
}


def run(tree: Path, words: str, mask: str = "022") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", f"umask {mask}; exec bash {shlex.quote(str(DEPLOY / 'tljh' / 'install.sh'))} {words}"],
        env={**os.environ, "DESTDIR": str(tree)},
        capture_output=True,
        text=True,
        check=False,
    )


def install(tree: Path, words: str, mask: str = "022") -> str:
    done = run(tree, words, mask)
    assert done.returncode == 0, done.stderr
    return done.stdout


def state(tree: Path) -> dict[str, tuple[int, bytes]]:
    """Return every file and folder with its mode and content."""
    return {
        str(path.relative_to(tree)): (
            stat.S_IMODE(path.stat().st_mode),
            path.read_bytes() if path.is_file() else b"",
        )
        for path in tree.rglob("*")
    }


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The machine's tree before the kit came."""
    root = tmp_path / "root"
    for name, text in THEIRS.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    (root / "srv/nbgrader/exchange").chmod(0o1777)
    (root / "opt/tljh/config").chmod(0o700)
    return root


def unchanged(before: dict[str, tuple[int, bytes]], tree: Path) -> bool:
    after = state(tree)
    return {name: after.get(name) for name in before} == before


def test_nothing_of_anothers_changes_from_install_to_uninstall(tree: Path) -> None:
    before = state(tree)

    install(tree, "whydl")
    install(tree, "cs102 --timezone America/New_York")
    assert unchanged(before, tree)
    installed = state(tree)
    assert "쓰기" not in install(tree, "whydl")
    assert state(tree) == installed
    assert not [name for name in installed if ".bak-" in name or name.endswith(".new")]

    (tree / "srv/grader/whydl/gradebook.db").write_text("marks")
    install(tree, "uninstall cs102")
    assert unchanged(before, tree)
    left = state(tree)
    assert not [name for name in left if "cs102" in name and not name.startswith("srv/grader/")]
    assert "srv/grader/cs102" in left

    install(tree, "uninstall whydl")
    assert unchanged(before, tree)
    ours = sorted(set(state(tree)) - set(before))
    assert ours == [
        "srv/grader",
        *("srv/grader/cs102", "srv/grader/home", "srv/grader/home/cs102", "srv/grader/home/whydl"),
        *("srv/grader/whydl", "srv/grader/whydl/gradebook.db"),
    ]


def test_what_somebody_edited_is_kept_as_a_backup(tree: Path) -> None:
    install(tree, "whydl")
    file = tree / "opt/tljh/user/share/autograder/student/labconfig/page_config.json"
    file.write_text("edited by hand")

    told = install(tree, "whydl")
    assert "백업" in told
    (backup,) = file.parent.glob("page_config.json.bak-*")
    assert backup.read_text() == "edited by hand"
    assert "nbgrader" in file.read_text(encoding="utf-8")

    backup.unlink()
    file.write_text("edited again")
    install(tree, "uninstall whydl")
    assert not file.exists()
    assert [found.read_text() for found in file.parent.glob("*.bak-*")] == ["edited again"]


def test_a_dry_run_names_every_file_and_writes_none(tree: Path) -> None:
    before = state(tree)
    told = install(tree, "whydl --dry-run")
    assert state(tree) == before
    promised = set(re.findall(r"쓰기 +(\S+)", told))
    install(tree, "whydl")
    written = {f"/{name}" for name in set(state(tree)) - set(before) if (tree / name).is_file()}
    assert promised == written - {"/opt/tljh/config/autograder/installed.json"}

    installed = state(tree)
    told = install(tree, "uninstall whydl --dry-run")
    assert state(tree) == installed
    assert set(re.findall(r"지움 +(\S+)", told)) == promised


@pytest.mark.parametrize("mask", ["000", "022", "077"])
def test_files_are_open_and_closed_whatever_the_umask(tree: Path, mask: str) -> None:
    before = set(state(tree))
    install(tree, "cs101", mask)
    modes = {name: mode for name, (mode, _) in state(tree).items() if name not in before}
    for name in ("srv/grader/cs101", "srv/grader/home/cs101", "opt/tljh/config/autograder"):
        assert modes[name] == 0o700, name
    for name in ("srv/grader", "srv/grader/home", "srv/grader/settings"):
        assert modes[name] == 0o750, name
    for name, mode in modes.items():
        if name.startswith("opt/tljh/user"):
            assert mode & 0o022 == 0, name
            assert mode & 0o444 == 0o444, name
        elif name.startswith("opt/tljh/config") and (tree / name).is_file() and "templates" not in name:
            assert mode == 0o600, name
        if name.endswith(".service"):
            assert b"API_TOKEN" not in (tree / name).read_bytes()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("'a;b'", "course-id-invalid"),
        ("venv", "course-id-invalid"),
        ("stat200", "name-taken"),
        ("whydl --timezone 'Seoul; x'", "timezone-invalid"),
        ("uninstall whydl", "course-missing"),
    ],
)
def test_what_would_meet_anothers_name_is_refused_before_anything_is_written(tree: Path, words: str, code: str) -> None:
    before = state(tree)
    done = run(tree, words)
    assert done.returncode == 2
    assert f"[{code}]" in done.stderr
    assert state(tree) == before


def test_courses_live_on_one_hub_beside_another_course(tree: Path, tmp_path: Path) -> None:
    for words in ("whydl", "cs102 --timezone America/New_York", "CS.102"):
        install(tree, words)
    folder = tree / "opt/tljh/config/jupyterhub_config.d"
    config = "".join(f"load_subconfig({str(file)!r})\n" for file in sorted(folder.glob("*.py")))

    both = started(tmp_path, config, "nbgrader-cs102 nbgrader-whydl", "formgrade-stat200")
    assert_roles(both)
    assert_roles(both, "autograder-cs102", "cs102")
    assert {"stat200", "autograder", "whydl", "autograder-cs102", "cs102", "autograder-CS.102"} <= set(both["services"])
    assert "course-staff" in both["roles"]
    assert "formgrade-stat200" in both["groups"]
    assert len(set(both["ports"])) == len(both["ports"]) == 7
    assert "10104" not in both["ports"]
    assert len(both["roles"]) == len({name.lower() for name in both["roles"]})
    assert both["templates"][:2] == ["/opt/stat200/templates", str(tree / "opt/tljh/config/autograder/templates")]
    # Nothing of ours is run by the hub: a slow start of a managed service would end it.
    assert all(not service["command"] for name, service in both["services"].items() if name != "stat200")

    server, stranger = both["servers"]
    assert server["A"] == "1"
    assert server["JUPYTER_CONFIG_PATH"] == "/opt/tljh/user/share/autograder/student:/opt/stat200/jupyter"
    assert server["AUTOGRADER_COURSES"] == "whydl cs102"
    assert server["TZ"] == "Asia/Seoul"
    assert server["http_timeout"] == 300

    assert stranger["JUPYTER_CONFIG_PATH"] == "/opt/stat200/jupyter"
    assert stranger["http_timeout"] == 30
    assert not [name for name in stranger if name.startswith("AUTOGRADER_")]


def test_a_registry_that_cannot_be_read_costs_our_courses_and_not_the_hub(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tree, "whydl")
    (tree / "opt/tljh/config/autograder/courses.json").write_text("{")
    monkeypatch.setattr(Spawner, "get_env", Spawner.get_env)
    config = Config()
    runpy.run_path(str(tree / "opt/tljh/config/jupyterhub_config.d/zz_autograder.py"), {"get_config": lambda: config})
    assert "autograder-courses-unreadable" in capsys.readouterr().err
    assert "services" not in config.JupyterHub
    assert "registry-unreadable" in run(tree, "whydl").stderr


def test_our_pages_go_before_the_hubs_where_nobody_else_has_pages(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tree, "whydl")
    config_folder = tree / "opt/tljh/config"
    (config_folder / "jupyterhub_config.d/stat200.py").write_text("")
    monkeypatch.setattr(Spawner, "get_env", Spawner.get_env)
    config = Config()
    runpy.run_path(str(config_folder / "jupyterhub_config.d/zz_autograder.py"), {"get_config": lambda: config})
    paths = config.JupyterHub.template_paths.get_value(["default"])
    assert paths == [str(config_folder / "autograder/templates"), "default"]


def test_a_scope_that_jupyterhub_5_does_not_know_would_be_seen(tree: Path, tmp_path: Path) -> None:
    install(tree, "whydl")
    file = tree / "opt/tljh/config/jupyterhub_config.d/zz_autograder.py"
    file.write_text(file.read_text(encoding="utf-8").replace("groups!group", "grups!group"), encoding="utf-8")
    with pytest.raises(AssertionError):
        started(tmp_path, f"load_subconfig({str(file)!r})\n")


def test_units_and_the_hub_agree(tree: Path) -> None:
    """A service of the hub's and the unit that runs it have one name, port and token."""
    install(tree, "whydl")
    install(tree, "cs102")
    config = tree / "opt/tljh/config/autograder"
    for course, entry in json.loads((config / "courses.json").read_text())["courses"].items():
        for number, kind in enumerate(("web", "formgrader")):
            unit = (tree / f"etc/systemd/system/autograder-{kind}-{entry['key']}.service").read_text()
            (file,) = re.findall(r"EnvironmentFile=(\S+)", unit)
            own = dict(re.findall(r"^(\w+)='(.*)'$", (tree / file[1:]).read_text(), re.MULTILINE))
            name = entry["service" if kind == "web" else "formgrader"]
            assert own["JUPYTERHUB_SERVICE_NAME"] == name
            assert own["JUPYTERHUB_SERVICE_PREFIX"] == f"/jupyter/services/{name}/"
            assert own["JUPYTERHUB_SERVICE_URL"].endswith(f":{entry['ports'][number]}")
            assert own["JUPYTERHUB_API_TOKEN"] == entry["tokens"][number]
            assert own["AUTOGRADER_COURSE_ROOT"] == f"/srv/grader/{course}"
            assert f"User=grader-{entry['key']}\n" in unit
