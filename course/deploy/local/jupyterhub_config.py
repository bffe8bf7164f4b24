"""JupyterHub on one machine for demonstrations and tests: every server runs as the same unix user.

Read by JupyterHub, which `__main__` beside it starts; what it needs to know comes in the environment: the state
folder and the first of four ports. Nothing here isolates users from one another.
"""

import hmac
import json
import os
import sys
from pathlib import Path

from jupyterhub.auth import Authenticator

HERE = Path(__file__).resolve().parent
STATE = Path(os.environ["AUTOGRADER_HUB_STATE"])
PORT = int(os.environ["AUTOGRADER_HUB_PORT"])
COURSE = os.environ["AUTOGRADER_HUB_COURSE"]
PASSWORDS = json.loads((STATE / "passwords.json").read_text(encoding="utf-8"))
TEACHERS = ["teacher"]
STUDENTS = sorted(set(PASSWORDS) - set(TEACHERS))
STAFF_GROUP, STUDENT_GROUP = f"formgrade-{COURSE}", f"nbgrader-{COURSE}"
HOMES, EXCHANGE = STATE / "home", STATE / "exchange"
COURSE_ROOT = HOMES / "teacher" / COURSE
BIN = Path(sys.executable).parent

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

# Everything listens on the loopback interface only; four ports in a row.
c.JupyterHub.bind_url = f"http://127.0.0.1:{PORT}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{PORT + 1}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{PORT + 2}"
c.ConfigurableHTTPProxy.command = [str(BIN / "configurable-http-proxy")]
c.ConfigurableHTTPProxy.pid_file = str(STATE / "proxy.pid")

c.JupyterHub.db_url = f"sqlite:///{STATE / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(STATE / "cookie_secret")
c.JupyterHub.cleanup_servers = True
c.JupyterHub.cleanup_proxy = True

c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(HOMES / "{username}")
c.Spawner.cmd = [str(BIN / "jupyterhub-singleuser")]
c.Spawner.args = ["--allow-root"] if os.geteuid() == 0 else []
c.Spawner.default_url = "/lab"
c.Spawner.http_timeout = 120
c.Spawner.start_timeout = 120


def _settings(spawner):
    """Return where a server finds its configuration: the role's own folder before the common one."""
    role = "staff" if spawner.user.name in TEACHERS else "student"
    return os.pathsep.join(str(HERE / "jupyter" / name) for name in (role, "common"))


c.Spawner.environment = {
    "PATH": os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)]),
    "JUPYTER_CONFIG_PATH": _settings,
    "AUTOGRADER_HUB_EXCHANGE": str(EXCHANGE),
    "AUTOGRADER_HUB_COURSE": COURSE,
}

c.JupyterHub.load_groups = {STAFF_GROUP: {"users": TEACHERS}, STUDENT_GROUP: {"users": STUDENTS}}
_SERVICE = ["access:services!service=autograder", "read:services!service=autograder"]
c.JupyterHub.load_roles = [
    {
        # Staff see the class and stop a runaway server. They do not get into students' servers: a page there runs what
        # the student wrote, with the rights of whoever looks at it.
        "name": "course-staff",
        "groups": [STAFF_GROUP],
        "scopes": [
            "admin-ui",
            f"list:users!group={STUDENT_GROUP}",
            f"read:users!group={STUDENT_GROUP}",
            f"read:groups!group={STUDENT_GROUP}",
            f"servers!group={STUDENT_GROUP}",
            *_SERVICE,
        ],
    },
    {"name": "course-student", "groups": [STUDENT_GROUP], "scopes": _SERVICE},
    {"name": "course-service", "services": ["autograder"], "scopes": [f"read:groups!group={STUDENT_GROUP}"]},
]
c.JupyterHub.services = [
    {
        "name": "autograder",
        "url": f"http://127.0.0.1:{PORT + 3}",
        "command": [sys.executable, "-m", "autograder.service"],
        "cwd": str(COURSE_ROOT),
        "environment": {
            "AUTOGRADER_COURSE_ROOT": str(COURSE_ROOT),
            "AUTOGRADER_COURSE_ID": COURSE,
            "AUTOGRADER_EXCHANGE": str(EXCHANGE),
            "AUTOGRADER_STAFF_GROUP": STAFF_GROUP,
            "AUTOGRADER_STUDENT_GROUP": STUDENT_GROUP,
        },
        "oauth_no_confirm": True,
        "display": True,
    }
]
