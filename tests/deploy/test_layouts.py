"""The production layouts, as far as they can be checked without their hosts.

Each one's JupyterHub configuration is loaded, and its groups, roles and services are set up in a database, by a real
JupyterHub of the major version that it pins (``make install`` puts that one into ``hub5`` beside this interpreter).
"""

from __future__ import annotations

import json
import os
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

def environment(app, groups):
    # What the server of a member of some groups gets.
    user = orm.User(name="kim" + str(len(groups)) + "-".join(groups))
    app.db.add(user)
    user.groups = [orm.Group.find(app.db, name) for name in groups]
    app.db.commit()
    spawner = app.users[user.id].spawners[""]
    return {**spawner.get_env(), "http_timeout": spawner.http_timeout}

async def main():
    app = JupyterHub()
    await app.initialize(["-f", sys.argv[1]])
    roles = {r.name: sorted(r.scopes) for r in app.db.query(orm.Role)}
    of = {r.name: [g.name for g in r.groups] for r in app.db.query(orm.Role)}
    print(json.dumps({
        "version": jupyterhub.__version__, "roles": roles, "of": of,
        "servers": [environment(app, groups.split()) for groups in sys.argv[2:]],
        "groups": sorted(g.name for g in app.db.query(orm.Group)),
        "services": {s.name: {"url": s.url, "user": s.user, "command": s.command, "environment": s.environment}
                     for s in app._service_map.values()},
        "templates": app.template_paths,
        "titles": {s.name: s.info.get("title") for s in app._service_map.values()},
        "ports": sorted(s.url.rpartition(":")[2] for s in app._service_map.values() if s.url),
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


def started(folder: Path, config: str, *groups: str) -> dict[str, Any]:
    """Return what a JupyterHub 5 made of a configuration; fails on anything that it does not know.

    Args:
        folder: where its files go.
        config: what the layout adds to the configuration.
        groups: of users, with spaces between a user's groups; their servers' environments are in what is returned.
    """
    if not (HUB5 / "jupyterhub").is_dir():
        pytest.skip(f"no JupyterHub 5 in {HUB5}: `make install` puts it there")
    file = folder / "jupyterhub_config.py"
    file.write_text(BASE + config, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", START, str(file), *groups],
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


def assert_roles(found: dict[str, Any], key: str = "autograder-whydl", course: str = "whydl") -> None:
    service = "autograder" if course == "whydl" else f"autograder-{course}"
    assert {f"formgrade-{course}", f"nbgrader-{course}"} <= set(found["groups"])
    assert found["of"][f"{key}-staff"] == [f"formgrade-{course}"]
    assert found["of"][f"{key}-student"] == [f"nbgrader-{course}"]
    assert f"access:services!service={course}" in found["roles"][f"{key}-staff"]
    assert found["roles"][f"{key}-student"] == [
        f"access:services!service={service}",
        f"read:services!service={service}",
    ]
    assert found["roles"][f"{key}-service"] == [f"groups!group=nbgrader-{course}", "list:users"]
    assert found["titles"][service].startswith("채점 결과")
    for name in ("user", "server"):
        assert not any("services" in scope for scope in found["roles"][name])


def test_kubernetes_values_are_taken_by_their_jupyterhub(tmp_path: Path) -> None:
    hub = values()["hub"]
    lines = [f"c.{cls}.{key} = {value!r}" for cls, keys in hub["config"].items() for key, value in keys.items()]
    roles = [{"name": name, **role} for name, role in hub["loadRoles"].items()]
    services = [{"name": name, "api_token": "0" * 64, **service} for name, service in hub["services"].items()]
    lines += [f"c.JupyterHub.load_roles = {roles!r}", f"c.JupyterHub.services = {services!r}"]
    # The chart's spawner is not here; what its configuration adds is tried with the hub's own.
    config = "\n".join([*lines, *hub["extraConfig"].values()]).replace("c.KubeSpawner.", "c.Spawner.")
    found = started(tmp_path, config, "nbgrader-whydl", "")
    assert_roles(found)
    assert found["services"]["autograder"]["command"] == []
    assert [server["AUTOGRADER_COURSES"] for server in found["servers"]] == ["whydl", ""]


def test_kubernetes_shows_the_same_pages_as_the_other_hubs() -> None:
    pages = {Path(page["mountPath"]): page["stringData"] for page in values()["hub"]["extraFiles"].values()}
    folder = Path(values()["hub"]["templatePaths"][0])
    assert pages == {folder / p.name: p.read_text(encoding="utf-8") for p in (DEPLOY / "templates").iterdir()}


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
    doctor, service = pod["initContainers"][0], pod["containers"][0]
    assert doctor["command"][:2] == ["autograder", "doctor"]
    for place in ("image", "securityContext", "volumeMounts", "resources"):
        assert doctor[place] == service[place], f"the doctor's {place} is not the service's"
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
