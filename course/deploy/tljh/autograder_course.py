"""Drop-in for The Littlest JupyterHub (``jupyterhub_config.d/``): the course's groups, roles, formgrader and grader.

The hub reads it as root under JupyterHub 5, so nothing here needs JupyterHub 6. Two services run as the unix user
`grader`, whose home is closed to everybody else: the web service of the grader, and one JupyterLab with formgrader that
the course's staff share. Students' servers run as ``jupyter-NAME`` and find neither programs nor files of the
grader's in their reach. `install.sh` beside this file makes all of it.
"""

import os

COURSE = os.environ.get("AUTOGRADER_COURSE_ID", "whydl")
GRADER = "grader"
HOME = "/srv/grader"
EXCHANGE = "/srv/nbgrader/exchange"
BIN = f"{HOME}/venv/bin"
COURSE_ROOT = f"{HOME}/{COURSE}"
STAFF_GROUP, STUDENT_GROUP = f"formgrade-{COURSE}", f"nbgrader-{COURSE}"
STUDENT_ENVIRONMENT = {"AUTOGRADER_COURSE_ID": COURSE, "AUTOGRADER_EXCHANGE": EXCHANGE}

c = get_config()  # noqa: F821

# Everything is added to what is there: the hub's own configuration has services and roles already (the idle culler).

c.Spawner.environment.update(STUDENT_ENVIRONMENT)

# Members are added in JupyterHub's administration; an empty list removes nobody.
c.JupyterHub.load_groups.update({STAFF_GROUP: {"users": []}, STUDENT_GROUP: {"users": []}})

_SEES = ["access:services!service=autograder", "read:services!service=autograder"]
c.JupyterHub.load_roles.extend(
    [
        {
            "name": "course-staff",
            "groups": [STAFF_GROUP],
            "scopes": [*_SEES, f"access:services!service={COURSE}", f"read:services!service={COURSE}"],
        },
        {"name": "course-student", "groups": [STUDENT_GROUP], "scopes": _SEES},
        {"name": "course-service", "services": ["autograder"], "scopes": [f"read:groups!group={STUDENT_GROUP}"]},
    ]
)

_COMMON = {"HOME": HOME, "PATH": f"{BIN}:/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
c.JupyterHub.services.extend(
    [
        {
            "name": "autograder",
            "url": "http://127.0.0.1:10101",
            "command": [f"{BIN}/python", "-P", "-m", "autograder.service"],
            "user": GRADER,
            "cwd": HOME,
            "environment": {
                **_COMMON,
                "AUTOGRADER_COURSE_ROOT": COURSE_ROOT,
                "AUTOGRADER_COURSE_ID": COURSE,
                "AUTOGRADER_EXCHANGE": EXCHANGE,
                "AUTOGRADER_STAFF_GROUP": STAFF_GROUP,
                "AUTOGRADER_STUDENT_GROUP": STUDENT_GROUP,
                # The owner of what is handed in has to be the student's own unix user.
                "AUTOGRADER_OWNER_CHECK": "on",
                "AUTOGRADER_UNIX_PREFIX": "jupyter-",
            },
            "oauth_no_confirm": True,
            "display": True,
        },
        {
            "name": COURSE,
            "url": "http://127.0.0.1:10102",
            "command": [f"{BIN}/jupyterhub-singleuser"],
            "user": GRADER,
            "cwd": HOME,
            "environment": {
                **_COMMON,
                "JUPYTER_CONFIG_PATH": f"{HOME}/jupyter",
                "JUPYTERHUB_DEFAULT_URL": "/lab",
                "AUTOGRADER_COURSE_ID": COURSE,
            },
            "oauth_no_confirm": True,
            "display": True,
        },
    ]
)
