"""JupyterHub on one machine for demonstrations and tests: every server runs as the same unix user.

Read by JupyterHub, which `__main__` beside it starts; what it needs to know comes in the environment: the state
folder, the first port, the courses. Nothing here isolates users from one another.

The first course's service is called ``autograder`` and its formgrader is in the teacher's own server. Each further
course has a service ``autograder-COURSE`` and a formgrader of its own, ``COURSE``; students of even numbers are in it.
"""

import hmac
import json
import os
import runpy
import sys
from pathlib import Path

from jupyterhub.auth import Authenticator
from jupyterhub.services.service import Service

HERE = Path(__file__).resolve().parent
SETTINGS = HERE.parent / "settings"
STATE = Path(os.environ["AUTOGRADER_HUB_STATE"])
PORT = int(os.environ["AUTOGRADER_HUB_PORT"])
COURSES = os.environ["AUTOGRADER_HUB_COURSE"].split(",")
FIRST = COURSES[0]
TIMEZONE = os.environ.get("TZ") or "Asia/Seoul"
PASSWORDS = json.loads((STATE / "passwords.json").read_text(encoding="utf-8"))
TEACHERS = ["teacher"]
STUDENTS = sorted(set(PASSWORDS) - set(TEACHERS))
HOMES, EXCHANGE = STATE / "home", STATE / "exchange"
BIN = Path(sys.executable).parent
ROOT_ALLOWED = ["--allow-root"] if os.geteuid() == 0 else []

c = get_config()  # noqa: F821


class PasswordEach(Authenticator):
    """One password for each user, from the state folder."""

    async def authenticate(self, handler, data):
        """Return the user's name if the password is theirs."""
        name = data["username"]
        expected = PASSWORDS.get(name, "")
        right = hmac.compare_digest(data["password"].encode(), expected.encode())
        return name if expected and right else None


c.JupyterHub.authenticator_class = PasswordEach
c.Authenticator.allowed_users = set(PASSWORDS)

# Everything listens on the loopback interface only; the ports are in a row.
c.JupyterHub.bind_url = f"http://127.0.0.1:{PORT}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{PORT + 1}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{PORT + 2}"
c.ConfigurableHTTPProxy.command = runpy.run_path(str(HERE / "proxy.py"))["COMMAND"]
c.ConfigurableHTTPProxy.pid_file = str(STATE / "proxy.pid")

c.JupyterHub.db_url = f"sqlite:///{STATE / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(STATE / "cookie_secret")
c.JupyterHub.cleanup_servers = True
c.JupyterHub.cleanup_proxy = True
c.JupyterHub.template_paths = [str(HERE.parent / "templates")]

c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(HOMES / "{username}")
c.Spawner.cmd = [str(BIN / "jupyterhub-singleuser")]
c.Spawner.args = ROOT_ALLOWED
c.Spawner.default_url = "/lab"
# Thirty servers that start at once on two cores take minutes: the hub's own 30 s and 60 s would call them failed.
c.Spawner.http_timeout = 300
c.Spawner.start_timeout = 300


# A hub ends if a service of its own does not answer in time. JupyterHub 5 has ten seconds and no setting.
_PATIENCE = {"timeout": 300} if hasattr(Service, "timeout") else {}


def members(course):
    """Return the students of a course."""
    return STUDENTS if course == FIRST else [name for name in STUDENTS if name[-1:] in "02468"]


def course_root(course):
    """Return the course folder."""
    return HOMES / "teacher" / course


def _settings(spawner):
    """Return where a server finds its configuration."""
    return str(SETTINGS / ("staff" if spawner.user.name in TEACHERS else "student"))


def _courses(spawner):
    """Return the ids of a user's courses as their groups say it at this start of the server."""
    groups = {group.name for group in spawner.user.groups}
    return " ".join(course for course in COURSES if {f"nbgrader-{course}", f"formgrade-{course}"} & groups)


_COMMON = {"PATH": os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)]), "TZ": TIMEZONE}
c.Spawner.environment = {
    **_COMMON,
    "JUPYTER_CONFIG_PATH": _settings,
    "AUTOGRADER_EXCHANGE": str(EXCHANGE),
    "AUTOGRADER_COURSES": _courses,
    "AUTOGRADER_COURSE_FOLDERS": "on" if len(COURSES) > 1 else "off",
    "AUTOGRADER_COURSE_ROOT": str(course_root(FIRST)),
}

c.JupyterHub.load_groups = {}
c.JupyterHub.load_roles = []
c.JupyterHub.services = []


def _add(course, number):
    """Add a course: its groups, roles, service and, unless it is the first, its formgrader."""
    staff, students = f"formgrade-{course}", f"nbgrader-{course}"
    service = f"autograder-{course}" if number else "autograder"
    sees = [f"access:services!service={service}", f"read:services!service={service}"]
    manages = [f"access:services!service={course}", f"read:services!service={course}"] if number else []
    beside = f" ({course})" if len(COURSES) > 1 else ""
    key = f"autograder-{course.lower()}-{number}"
    c.JupyterHub.load_groups[staff] = {"users": TEACHERS}
    c.JupyterHub.load_groups[students] = {"users": members(course)}
    c.JupyterHub.load_roles += [
        {
            # Staff see the class and stop a runaway server. They do not get into students' servers: a page there runs
            # what the student wrote, with the rights of whoever looks at it.
            "name": f"{key}-staff",
            "groups": [staff],
            "scopes": [
                "admin-ui",
                f"list:users!group={students}",
                f"read:users!group={students}",
                f"read:groups!group={students}",
                f"servers!group={students}",
                *sees,
                *manages,
            ],
        },
        {"name": f"{key}-student", "groups": [students], "scopes": sees},
        {"name": f"{key}-service", "services": [service], "scopes": [f"groups!group={students}", "list:users"]},
    ]
    c.JupyterHub.services.append(
        {
            "name": service,
            "url": f"http://127.0.0.1:{PORT + 3 + number}",
            "command": [sys.executable, "-m", "autograder.service"],
            "cwd": str(course_root(course)),
            "environment": {
                "TZ": TIMEZONE,
                "AUTOGRADER_COURSE_ROOT": str(course_root(course)),
                "AUTOGRADER_COURSE_ID": course,
                "AUTOGRADER_EXCHANGE": str(EXCHANGE),
                "AUTOGRADER_STAFF_GROUP": staff,
                "AUTOGRADER_STUDENT_GROUP": students,
            },
            "info": {"title": f"채점 결과{beside}"},
            "oauth_no_confirm": True,
            "display": True,
            **_PATIENCE,
        }
    )
    if number:
        c.JupyterHub.services.append(
            {
                "name": course,
                "url": f"http://127.0.0.1:{PORT + 3 + len(COURSES) + number - 1}",
                "command": [str(BIN / "jupyterhub-singleuser"), *ROOT_ALLOWED],
                "cwd": str(course_root(course)),
                "environment": {
                    **_COMMON,
                    "HOME": str(HOMES / "teacher"),
                    "JUPYTER_CONFIG_PATH": str(SETTINGS / "staff"),
                    "JUPYTERHUB_DEFAULT_URL": "/lab",
                    "AUTOGRADER_COURSE_ROOT": str(course_root(course)),
                },
                "info": {"title": f"formgrader{beside}"},
                "oauth_no_confirm": True,
                "display": True,
                **_PATIENCE,
            }
        )


for _number, _course in enumerate(COURSES):
    _add(_course, _number)
