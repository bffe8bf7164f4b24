"""Drop-in for The Littlest JupyterHub (``jupyterhub_config.d/``): groups, roles and services of each course.

The courses stand in ``autograder/courses.json`` beside the folder of this file; `install.py` writes both. The hub reads
them as root under JupyterHub 5, so nothing here needs JupyterHub 6. Each course has two services, which systemd runs as
the course's own unix user: the web service of the grader, and one JupyterLab with formgrader that the staff share.

Nothing that belongs to somebody else changes. Services, roles, groups and templates are added to those that are there.
What a course's members need in the environment of their servers is added by a wrapper of `Spawner.get_env`, because a
configuration value would replace what another drop-in has set under the same name; people of no course of ours get
nothing. The name of this file lets it be read last.
"""

import json
import os
import sys
from pathlib import Path

from jupyterhub.spawner import Spawner

CONFIG = Path(__file__).resolve().parent.parent / "autograder"
EXCHANGE = "/srv/nbgrader/exchange"
STUDENT_SETTINGS = "/opt/tljh/user/share/autograder/student"
PATIENCE_SECONDS = 300
"""For a server's start. A class that logs in at once waits for its machine; the hub's own 30 s and 60 s are for one."""

c = get_config()  # noqa: F821


def _courses():
    """Return the courses by their id. A registry that cannot be read costs our courses, not the hub."""
    try:
        return dict(json.loads((CONFIG / "courses.json").read_text(encoding="utf-8"))["courses"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"[autograder-courses-unreadable] {CONFIG / 'courses.json'}: {error}", file=sys.stderr)
        return {}


def _has_own_pages():
    """Say whether other configuration has pages of its own, which go before ours: then services have plain names."""
    files = [*CONFIG.parent.glob("jupyterhub_config.d/*.py"), *CONFIG.parent.glob("*.y*ml")]
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in files if file != Path(__file__).resolve()]
    return any("template_paths" in text for text in texts)


def _add(course, entry, several):
    """Add a course's groups, roles and services."""
    staff, students = f"formgrade-{course}", f"nbgrader-{course}"
    service, formgrader, key = entry["service"], entry["formgrader"], entry["key"]
    beside = f" ({course})" if several else ""

    # Members are added in JupyterHub's administration; an empty list removes nobody.
    c.JupyterHub.load_groups.update({staff: {"users": []}, students: {"users": []}})
    sees = [f"access:services!service={service}", f"read:services!service={service}"]
    manages = [f"access:services!service={formgrader}", f"read:services!service={formgrader}"]
    c.JupyterHub.load_roles.extend(
        [
            {"name": f"autograder-{key}-staff", "groups": [staff], "scopes": [*sees, *manages]},
            {"name": f"autograder-{key}-student", "groups": [students], "scopes": sees},
            {
                "name": f"autograder-{key}-service",
                "services": [service],
                "scopes": [f"groups!group={students}", "list:users"],
            },
        ]
    )

    # systemd runs the services. As services of the hub's own they would end the whole hub if one of them were slow to
    # start (JupyterHub 5 waits ten seconds), and each restart of the hub would stop a grading.
    titles = ("채점 결과", "formgrader")
    for number, name in enumerate((service, formgrader)):
        c.JupyterHub.services.append(
            {
                "name": name,
                "url": f"http://127.0.0.1:{entry['ports'][number]}",
                "api_token": entry["tokens"][number],
                "info": {"title": f"{titles[number]}{beside}"},
                "oauth_no_confirm": True,
                "display": True,
            }
        )


def _with_courses(get_env, courses):
    """Return `Spawner.get_env` that adds what members of courses need, in front of what is there."""

    def extended(spawner):
        environment = get_env(spawner)
        groups = {group.name for group in getattr(spawner.user, "groups", ())}
        own = [course for course in courses if {f"nbgrader-{course}", f"formgrade-{course}"} & groups]
        if own:
            others = environment.get("JUPYTER_CONFIG_PATH")
            environment["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, [STUDENT_SETTINGS, others]))
            environment["AUTOGRADER_COURSES"] = " ".join(own)
            environment["AUTOGRADER_COURSE_FOLDERS"] = "on"
            environment["AUTOGRADER_EXCHANGE"] = EXCHANGE
            environment.setdefault("TZ", courses[own[0]]["timezone"])
            spawner.start_timeout = max(spawner.start_timeout, PATIENCE_SECONDS)
            spawner.http_timeout = max(spawner.http_timeout, PATIENCE_SECONDS)
        return environment

    extended.wraps_for_courses = get_env
    return extended


_found = _courses()
for _course, _entry in _found.items():
    _add(_course, _entry, len(_found) > 1)
if _has_own_pages():
    c.JupyterHub.template_paths.append(str(CONFIG / "templates"))
else:
    c.JupyterHub.template_paths.insert(0, str(CONFIG / "templates"))
Spawner.get_env = _with_courses(getattr(Spawner.get_env, "wraps_for_courses", Spawner.get_env), _found)
