"""What the service is told, and who takes the course."""

from pathlib import Path

import pytest

from autograder.errors import GraderError
from autograder.integrations.gradebook_roster import FOUND
from autograder.service.roster import Membership, course_students, hub_group
from autograder.service.settings import read_settings
from tests.integrations.course_folder import gradebook_without_submissions
from tests.service.course import Course
from tests.service.standin import StandIn


def test_the_environment_is_read(course: Course) -> None:
    found = read_settings({**course.environment(), "AUTOGRADER_ATTEMPTS_PER_HOUR": "7"})
    assert (found.root, found.attempts_per_hour, found.slots) == (course.root, 7, 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [("COURSE_ROOT", ""), ("COURSE_ROOT", "/nowhere"), ("SLOTS", "0"), ("SLOTS", "many"), ("OWNER_CHECK", "perhaps")],
)
def test_what_is_missing_or_makes_no_sense_is_named(course: Course, name: str, value: str) -> None:
    with pytest.raises(GraderError) as refused:
        read_settings({**course.environment(), f"AUTOGRADER_{name}": value})
    assert refused.value.code == "service-setting"
    assert f"AUTOGRADER_{name}" in refused.value.message


def test_either_source_makes_a_student_and_a_silent_one_harms_nobody() -> None:
    now = [0.0]
    group = {"kim"}

    def broken() -> set[str]:
        raise OSError("the hub does not answer")

    roster = Membership([broken, lambda: set(group)], clock=lambda: now[0])
    assert "kim" in roster
    assert "lee" not in roster
    group.add("lee")
    assert "lee" not in roster, "nobody is asked at every look"
    now[0] += 5
    assert "lee" in roster
    roster.meet("park")
    assert "park" in roster


def test_the_hubs_group_and_the_gradebook_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nbgrader.api import Gradebook

    hub = StandIn()
    for name, value in hub.environment(1).items():
        monkeypatch.setenv(name, value)
    assert hub_group("nbgrader-whydl") == {"kim", "lee", "park"}
    assert hub_group("no-such-group") == set()
    hub.close()
    assert course_students(tmp_path) == set()
    (tmp_path / "gradebook.db").write_bytes(gradebook_without_submissions())
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}", "whydl") as gradebook:
        gradebook.add_student("choi")
        gradebook.add_student("found", lms_user_id=FOUND)
    assert course_students(tmp_path) == {"choi"}, "whom our own writer created is no member"
