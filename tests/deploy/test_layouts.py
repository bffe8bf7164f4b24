"""The production layouts, as far as they can be checked without their hosts.

Each one's JupyterHub configuration is loaded, and its groups, roles and services are set up in a database, by a real
JupyterHub of the major version that it pins (``make install`` puts that one into ``hub5`` beside this interpreter).
"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "course" / "deploy"
HUB5 = Path(sys.prefix) / "hub5"

# What a hub does at its start up to, and without, starting proxy and services.
START = """
import asyncio, json, sys
from jupyterhub.app import JupyterHub
import jupyterhub
from jupyterhub import orm

async def main():
    app = JupyterHub()
    await app.initialize(["-f", sys.argv[1]])
    roles = {r.name: sorted(r.scopes) for r in app.db.query(orm.Role)}
    of = {r.name: [g.name for g in r.groups] for r in app.db.query(orm.Role)}
    print(json.dumps({
        "version": jupyterhub.__version__, "roles": roles, "of": of,
        "spawner": app.config.Spawner.get("environment"),
        "groups": sorted(g.name for g in app.db.query(orm.Group)),
        "services": {s.name: {"url": s.url, "user": s.user, "command": s.command, "environment": s.environment}
                     for s in app._service_map.values()},
    }))
    import os
    sys.stdout.flush()
    os._exit(0)

asyncio.run(main())
"""
BASE = """
import json
import os
c = get_config()
c.JupyterHub.db_url = "sqlite:///:memory:"
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.ConfigurableHTTPProxy.auth_token = "0" * 64
c.JupyterHub.cookie_secret = b"0" * 32
"""

# What the host's own configuration and other drop-ins have set before ours is read.
OTHERS = """
c.Spawner.environment = {"A": "1"}
c.JupyterHub.services = [{"name": "culler", "command": ["true"]}]
c.JupyterHub.load_roles = [{"name": "culler", "services": ["culler"], "scopes": ["list:users"]}]
c.JupyterHub.load_groups = {"others": {"users": []}}
"""


def started(folder: Path, config: str) -> dict[str, Any]:
    """Return what a JupyterHub 5 made of a configuration; fails on anything that it does not know."""
    if not (HUB5 / "jupyterhub").is_dir():
        pytest.skip(f"no JupyterHub 5 in {HUB5}: `make install` puts it there")
    file = folder / "jupyterhub_config.py"
    file.write_text(BASE + config, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", START, str(file)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(HUB5)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "not recognized" not in done.stderr, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert found["version"].split(".")[0] == "5"
    return found


def assert_roles(found: dict[str, Any]) -> None:
    assert {"formgrade-whydl", "nbgrader-whydl"} <= set(found["groups"])
    assert found["of"]["course-staff"] == ["formgrade-whydl"]
    assert found["of"]["course-student"] == ["nbgrader-whydl"]
    assert "access:services!service=whydl" in found["roles"]["course-staff"]
    assert found["roles"]["course-student"] == [
        "access:services!service=autograder",
        "read:services!service=autograder",
    ]
    assert found["roles"]["course-service"] == ["read:groups!group=nbgrader-whydl"]
    for name in ("user", "server"):
        assert not any("services" in scope for scope in found["roles"][name])


def test_littlest_drop_in_is_taken_by_its_jupyterhub(tmp_path: Path) -> None:
    drop_in = DEPLOY / "tljh" / "autograder_course.py"
    found = started(tmp_path, f"{OTHERS}\nload_subconfig({str(drop_in)!r})\n")
    assert_roles(found)
    assert "culler" in found["services"]
    assert "culler" in found["roles"]
    assert "others" in found["groups"]
    assert found["spawner"]["A"] == "1"
    assert found["spawner"]["AUTOGRADER_COURSE_ID"] == "whydl"
    for service in (found["services"][name] for name in ("autograder", "whydl")):
        assert service["user"] == "grader"
        assert service["command"][0].startswith("/srv/grader/")
    settings = found["services"]["autograder"]["environment"]
    assert settings["AUTOGRADER_OWNER_CHECK"] == "on"
    assert settings["AUTOGRADER_UNIX_PREFIX"] == "jupyter-"


def test_a_scope_that_jupyterhub_5_does_not_know_would_be_seen(tmp_path: Path) -> None:
    drop_in = (DEPLOY / "tljh" / "autograder_course.py").read_text(encoding="utf-8")
    with pytest.raises(AssertionError):
        started(tmp_path, OTHERS + drop_in.replace('f"read:groups!', 'f"read:grups!'))


def test_littlest_files_are_closed_to_students(tmp_path: Path) -> None:
    for mask in ("000", "022"):
        dest = tmp_path / mask
        done = subprocess.run(
            ["bash", "-c", f"umask {mask}; bash {DEPLOY / 'tljh' / 'install.sh'} cs101"],
            env={**os.environ, "DESTDIR": str(dest)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        modes = {
            str(path.relative_to(dest)): stat.S_IMODE(path.stat().st_mode) for path in dest.rglob("*")
        }  # fmt: skip
        assert modes["srv/grader"] == 0o700
        assert modes["opt/tljh/config/jupyterhub_config.d"] == 0o700
        assert modes["srv/nbgrader/exchange"] == 0o1777
        for name, mode in modes.items():
            if name.startswith("opt/tljh/user"):
                assert mode & 0o022 == 0 or name in ("opt/tljh/user", "opt/tljh/user/etc"), name
                assert mode & 0o444 == 0o444, name
        drop_in = (dest / "opt/tljh/config/jupyterhub_config.d/autograder_course.py").read_text(encoding="utf-8")
        assert '"AUTOGRADER_COURSE_ID", "cs101"' in drop_in


def test_littlest_installer_refuses_an_id_that_is_none(tmp_path: Path) -> None:
    done = subprocess.run(
        ["bash", str(DEPLOY / "tljh" / "install.sh"), "a;b"],
        env={**os.environ, "DESTDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_kubernetes_values_are_taken_by_their_jupyterhub(tmp_path: Path) -> None:
    hub = values()["hub"]
    lines = [f"c.{cls}.{key} = {value!r}" for cls, keys in hub["config"].items() for key, value in keys.items()]
    roles = [{"name": name, **role} for name, role in hub["loadRoles"].items()]
    services = [{"name": name, "api_token": "0" * 64, **service} for name, service in hub["services"].items()]
    lines += [f"c.JupyterHub.load_roles = {roles!r}", f"c.JupyterHub.services = {services!r}"]
    found = started(tmp_path, "\n".join([*lines, *hub["extraConfig"].values()]))
    assert_roles(found)
    assert found["services"]["autograder"]["command"] == []


def test_kubernetes_values_have_the_charts_form() -> None:
    """Against the documented keys that are used, by hand: the chart's own schema is on no package index."""
    schema = yaml.safe_load((Path(__file__).parent / "z2jh-values.schema.yaml").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(values(), schema)
    wrong = values()
    wrong["singleuser"]["networkpolicy"] = {}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema)


def test_students_pods_mount_nothing_of_the_graders() -> None:
    storage = values()["singleuser"]["storage"]
    claims = {volume["persistentVolumeClaim"]["claimName"] for volume in storage["extraVolumes"]}
    assert claims == {"nbgrader-exchange"}
    (deployment,) = [part for part in grader() if part["kind"] == "Deployment"]
    pod = deployment["spec"]["template"]["spec"]
    assert {v["persistentVolumeClaim"]["claimName"] for v in pod["volumes"]} == {"nbgrader-exchange", "grader-home"}
    assert pod["initContainers"][0]["command"] == ["autograder", "doctor"]
    for container in pod["initContainers"] + pod["containers"]:
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
    (policy,) = [part for part in grader() if part["kind"] == "NetworkPolicy"]
    sources = [s["podSelector"]["matchLabels"]["component"] for rule in policy["spec"]["ingress"] for s in rule["from"]]
    assert sorted(sources) == ["hub", "proxy"]


def test_the_graders_pod_and_the_values_agree() -> None:
    hub = values()["hub"]
    (deployment,) = [part for part in grader() if part["kind"] == "Deployment"]
    (service,) = [part for part in grader() if part["kind"] == "Service"]
    ports = {port["port"] for port in service["spec"]["ports"]}
    for container in deployment["spec"]["template"]["spec"]["containers"]:
        own = {entry["name"]: entry.get("value") or entry["valueFrom"] for entry in container["env"]}
        name = own["JUPYTERHUB_SERVICE_NAME"]
        port = own["JUPYTERHUB_SERVICE_URL"].rpartition(":")[2]
        assert hub["services"][name]["url"] == f"http://{service['metadata']['name']}:{port}"
        assert int(port) in ports
        assert own["JUPYTERHUB_API_TOKEN"]["secretKeyRef"]["key"] == f"hub.services.{name}.apiToken"
        assert own["JUPYTERHUB_SERVICE_PREFIX"] == f"/services/{name}/"


def test_the_students_image_takes_the_students_wheel_only() -> None:
    lines = (DEPLOY / "z2jh" / "student.Dockerfile").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith(("COPY", "ADD"))] == [
        "COPY whydl_course-*.whl /tmp/",
        "COPY settings/ /usr/local/etc/jupyter/",
    ]


def values() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "z2jh" / "values.yaml").read_text(encoding="utf-8"))
    return found


def grader() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((DEPLOY / "z2jh" / "grader.yaml").read_text(encoding="utf-8")))
