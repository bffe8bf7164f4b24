"""Two courses on one hub, with assignments of one name: who is in which, and whose work goes where."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hub.running import Client, running_hub

ID = "01-vanishing-gradients"

pytestmark = [pytest.mark.soak, pytest.mark.xdist_group("hub")]


def submit(student: Client, course: str) -> bool:
    both = {"course_id": course, "assignment_id": ID}
    student.post("/assignments/fetch", data=both)
    return bool(student.post("/assignments/submit", data=both).json()["success"])


def test_a_student_of_two_courses_and_a_student_of_one(tmp_path: Path) -> None:
    both = {"AUTOGRADER_HUB_COURSE": "whydl,cs102", "AUTOGRADER_HUB_STUDENTS": "2"}
    with running_hub(tmp_path / "state", environment=both) as hub:
        assert set(hub.passwords) == {"teacher", "student1", "student2"}
        teacher, one, two = (hub.client(name) for name in ("teacher", "student1", "student2"))
        for person in (teacher, one, two):
            person.start_server()
        for action in ("assign", "release"):
            assert teacher.post(f"/formgrader/api/assignment/{ID}/{action}").json()["success"]
            path = f"/services/cs102/formgrader/api/assignment/{ID}/{action}"
            assert teacher.ask("POST", path).json()["success"]

        assert one.get("/courses").json()["value"] == ["whydl"]
        assert two.get("/courses").json()["value"] == ["cs102", "whydl"]
        assert submit(one, "whydl")
        assert not submit(one, "cs102")
        assert submit(two, "whydl")
        assert submit(two, "cs102")
        assert (hub.state / "home/student2/whydl" / ID).is_dir()
        assert (hub.state / "home/student2/cs102" / ID).is_dir()
        for course, names in (("whydl", ["student1", "student2"]), ("cs102", ["student2"])):
            inbound = (hub.exchange / course / "inbound").iterdir()
            assert sorted(path.name.partition("+")[0] for path in inbound) == names

        assert one.ask("GET", "/services/autograder/api/me").status_code == 200
        assert one.ask("GET", "/services/autograder-cs102/api/me").status_code in (401, 403)
        assert two.ask("GET", "/services/autograder-cs102/api/me").status_code == 200
        for student in (one, two):
            assert student.ask("GET", "/services/cs102/formgrader/api/assignments").status_code == 403
        assert teacher.ask("GET", "/services/autograder-cs102/api/course").status_code == 200
