"""nbgrader's autograde step, by its command and by what formgrader's button calls, with everything real behind it."""

from __future__ import annotations

import copy
import json
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest

from autograder.errors import ConfinementError
from autograder.grading import warm
from autograder.grading.figures import make_figures
from autograder.grading.ledger import Ledger
from autograder.grading.slots import Slots
from autograder.grading.warm import WarmSlots
from autograder.integrations import submitted
from tests.integrations.plugin_course import COURSE, ID, LATER, RIGHT, WRONG, PluginCourse

pytestmark = pytest.mark.xdist_group("gradebook")


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PluginCourse:
    made = PluginCourse(tmp_path / "course")
    monkeypatch.setenv("AUTOGRADER_SUITES", str(made.suites))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    return made


def graded(course: PluginCourse, student: str = "*", *, force: bool = True) -> dict[str, Any]:
    result = course.autograde(student, force=force)
    assert result["success"], result
    return result


def test_the_command_grades_a_class_and_everything_after_it_works(course: PluginCourse) -> None:
    course.hand_in("kim")
    course.hand_in("이서연", WRONG)
    course.hand_in("broken", text="{")
    said = course.command("autograde", ID)
    assert "Graded kim/00-small: 100 / 100" in said
    assert course.grades("kim") == {
        "q1-check": (60.0, None, False),
        "q2-check": (40.0, None, False),
        "reflection": (None, None, True),
    }
    assert course.grades("이서연")["q1-check"] == (30.0, None, False)
    assert "소수를 두 배로 만듭니다." in str(course.comments("이서연")["q1"][0])
    assert set(course.grades("broken").values()) == {(None, None, True)}

    found = {s["student"]: s for s in course.api().get_submissions(ID)}
    assert {s["autograded"] for s in found.values()} == {True}
    assert found["kim"]["score"] == 100

    api = course.api()
    assert api.generate_feedback(ID)["success"]
    assert api.release_feedback(ID)["success"]
    assert len(list((course.root / "exchange" / COURSE / "feedback").glob("*.html"))) == 3


def test_all_scores_are_written_before_figures_are_made(course: PluginCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    """The notebooks of ``autograded/`` are written again, by replacing the file; no row is."""
    experiment = {"cell_type": "code", "metadata": {}, "source": "print('실험', double(21))"}
    experiment |= {"outputs": [], "execution_count": None}

    def with_experiment(notebook: dict[str, Any]) -> None:
        notebook["cells"].append(experiment)

    master = course.master()
    with_experiment(master)
    (course.root / "solutions" / ID / f"{ID}.ipynb").write_text(json.dumps(master), encoding="utf-8")
    for student in ("kim", "lee"):
        course.hand_in(student, change=with_experiment)
    seen: list[dict[str, Any]] = []

    def make_and_look(*arguments: Any, **options: Any) -> Iterator[Any]:
        seen.extend(course.grades(student) for student in ("kim", "lee"))
        seen.append(course.rows())
        assert "실험 42" not in shown()
        yield from make_figures(*arguments, **options)

    def shown() -> str:
        folders = (course.root / "autograded" / student / ID for student in ("kim", "lee"))
        return "".join((folder / f"{ID}.ipynb").read_text(encoding="utf-8") for folder in folders)

    monkeypatch.setattr(submitted, "make_figures", make_and_look)
    said = graded(course)["log"]
    assert said.rindex("Graded ") < said.index("Figures of ")
    assert [grades["q1-check"][0] for grades in seen[:2]] == [60.0, 60.0]
    assert shown().count("실험 42") == 2
    assert course.rows() == seen[2]


@pytest.mark.soak
def test_every_step_works_as_a_command(course: PluginCourse) -> None:
    course.command("generate_assignment", ID)
    for student in ("kim", "이서연"):
        course.hand_in(student)
    course.command("autograde", ID)
    assert "Already graded" in course.command("autograde", ID), "unchanged work is not run again"
    course.command("generate_feedback", ID)
    course.command("release_feedback", ID)
    course.command("export", "--to", "grades.csv")
    course.command("autograde", ID, "--student", "nobody", status=1)
    assert len(list((course.root / "exchange" / COURSE / "feedback").glob("*.html"))) == 2
    assert "이서연" in (course.root / "grades.csv").read_text(encoding="utf-8")


def test_the_button_grades_one_student_and_leaves_the_others_alone(course: PluginCourse) -> None:
    course.hand_in("kim")
    course.hand_in("lee")
    graded(course, "lee")
    found = {s["student"]: s["autograded"] for s in course.api().get_submissions(ID)}
    assert found == {"kim": False, "lee": True}


def test_a_resubmission_brings_its_score_and_its_time_together(course: PluginCourse) -> None:
    course.hand_in("kim", WRONG)
    graded(course)
    course.hand_in("kim", at=LATER)
    graded(course, force=False)
    assert course.grades("kim")["q1-check"] == (60.0, None, False)
    assert course.received("kim") == "2026-09-22 14:10:04"


def test_the_same_work_handed_in_again_is_not_run_again_but_has_its_new_time(course: PluginCourse) -> None:
    course.hand_in("kim")
    graded(course)
    before = course.record("kim").graded_at
    course.hand_in("kim", at=LATER)
    assert "Already graded" in graded(course, force=False)["log"]
    assert course.record("kim").graded_at == before
    assert course.received("kim") == "2026-09-22 14:10:04"
    assert course.api().get_submission(ID, "kim")["autograded"]


def test_a_forced_regrade_runs_the_work_again_and_keeps_what_a_person_decided(course: PluginCourse) -> None:
    course.hand_in("kim")
    graded(course)
    course.decide("kim", "reflection", 8.5, "좋습니다")
    course.decide("kim", "q1-check", 55, "주석이 없습니다", extra=2)
    before = course.rows()
    assert "Graded kim" in graded(course)["log"]
    assert course.rows() == before


def test_a_resubmission_after_a_manual_score_asks_for_another_look(course: PluginCourse) -> None:
    course.hand_in("kim")
    graded(course)
    course.decide("kim", "reflection", 8.5, "좋습니다")
    course.decide("kim", "q2-check", 40, "손으로 확인함")
    course.hand_in("kim", {"q2": "def square(x):\n    return 2 * x", "reflection": "다른 생각입니다."}, at=LATER)
    graded(course)
    assert course.grades("kim")["reflection"] == (None, 8.5, True)
    assert course.grades("kim")["q2-check"] == (0.0, 40.0, True)
    assert course.comments("kim")["q2"][1] == "손으로 확인함"


def delete(grade_id: str) -> Any:
    def change(notebook: dict[str, Any]) -> None:
        notebook["cells"] = [c for c in notebook["cells"] if c["metadata"]["nbgrader"]["grade_id"] != grade_id]

    return change


def copied(grade_id: str) -> Any:
    def change(notebook: dict[str, Any]) -> None:
        (own,) = (c for c in notebook["cells"] if c["metadata"]["nbgrader"]["grade_id"] == grade_id)
        notebook["cells"].insert(1, {**copy.deepcopy(own), "id": "copy"})

    return change


def edited(notebook: dict[str, Any]) -> None:
    for own in notebook["cells"]:
        if own["metadata"]["nbgrader"]["grade_id"] == "q1-check":
            own["source"] = "60"
            own["metadata"]["nbgrader"].update(points=1000, schema_version=1)


def old_schema(notebook: dict[str, Any]) -> None:
    for own in notebook["cells"]:
        own["metadata"]["nbgrader"].update(schema_version=99)
        own["metadata"]["nbgrader"].pop("task")


@pytest.mark.soak
def test_what_ends_nbgraders_own_batch_costs_nobody_else_anything(course: PluginCourse) -> None:
    course.hand_in("a-deleted", change=delete("q1-check"))
    course.hand_in("b-copied", change=copied("q1-check"))
    course.hand_in("c-copied-answer", WRONG, change=copied("q1"))
    course.hand_in("d-edited", WRONG, change=edited)
    course.hand_in("e-schema", change=old_schema)
    course.hand_in("f-broken", text='{"cells": [')
    course.hand_in("g-renamed", name="my homework.ipynb")
    course.hand_in("h-extra").joinpath("other.ipynb").write_text("{}", encoding="utf-8")
    course.hand_in("i-no-notebook").joinpath(f"{ID}.ipynb").unlink()
    linked = course.hand_in("j-linked") / f"{ID}.ipynb"
    linked.unlink()
    linked.symlink_to(course.root / "solutions" / ID / f"{ID}.ipynb")
    (course.hand_in("k-beside") / "data.csv").symlink_to("/etc/passwd")
    (course.hand_in("l-timeless") / "timestamp.txt").unlink()
    course.hand_in("z-last")
    graded(course)
    scores = {
        path.name: [grade[0] for grade in course.grades(path.name).values()][:2]
        for path in sorted((course.root / "submitted").iterdir())
    }
    assert scores == {
        "a-deleted": [60, 40],
        "b-copied": [60, 40],
        "c-copied-answer": [30, 40],
        "d-edited": [30, 40],
        "e-schema": [60, 40],
        "f-broken": [None, None],
        "g-renamed": [60, 40],
        "h-extra": [60, 40],
        "i-no-notebook": [None, None],
        "j-linked": [None, None],
        "k-beside": [60, 40],
        "l-timeless": [60, 40],
        "z-last": [60, 40],
    }
    for student in ("f-broken", "i-no-notebook", "j-linked"):
        assert all(waits for _, _, waits in course.grades(student).values())
    assert {s["autograded"] for s in course.api().get_submissions(ID)} == {True}
    assert not list((course.root / "autograded").rglob("data.csv"))
    assert graded(course, force=False)
    result = course.api().generate_feedback(ID)
    assert result["success"], result
    result = course.api().release_feedback(ID)
    assert result["success"], result
    assert len(list((course.root / "exchange" / COURSE / "feedback").glob("*.html"))) == 13


class KillsSandboxes(Slots):
    """Slots of a machine on which everything that runs the work of one student is killed, again and again."""

    def grade(self, job: dict[str, Any], seconds: float, *rest: Any) -> dict[str, Any]:
        if "killed" not in json.dumps(job["notebook"], ensure_ascii=False):
            return super().grade(job, seconds, *rest)
        over = threading.Event()
        server, _ = self._ensure_server()
        killer = threading.Thread(target=kill_children, args=(server.pid, over))
        killer.start()
        try:
            return super().grade(job, seconds, *rest)
        finally:
            over.set()
            killer.join()


def kill_children(server: int, over: threading.Event) -> None:
    while not over.wait(0.02):
        try:
            for child in psutil.Process(server).children(recursive=True):
                child.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            pass


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> Iterator[WarmSlots]:
    """The plug-in's slots are one slot that loses its processes while it grades a notebook with "killed" in it."""
    from autograder.integrations import nbgrader_plugin

    monkeypatch.setattr(warm, "Slots", KillsSandboxes)
    slots = WarmSlots(1)
    monkeypatch.setattr(nbgrader_plugin, "warm_slots", lambda _count: slots)
    yield slots
    slots.close()


@pytest.mark.soak
def test_a_dead_sandbox_leaves_no_old_score_and_the_batch_goes_on(course: PluginCourse, killed: WarmSlots) -> None:
    for student in ("kim", "lee"):
        course.hand_in(student, WRONG)
    graded(course)
    slow = "import time\ntime.sleep(15)  # killed\n" + RIGHT["q1"]
    course.hand_in("kim", {"q1": slow}, at=LATER)
    course.hand_in("lee", at=LATER)
    result = course.autograde(force=False)
    assert not result["success"]
    assert "kim" in result["log"]
    assert course.grades("kim")["q1-check"] == (None, None, True)
    assert course.grades("kim")["q2-check"] == (None, None, True)
    assert course.received("kim") == "2026-09-22 14:10:04"
    assert course.grades("lee")["q1-check"] == (60.0, None, False)
    note = json.loads(course.notebook("kim"))["cells"][0]["source"]
    assert "자동 채점하지 못한 제출물입니다" in note
    assert not course.api().get_submission(ID, "kim")["score"]


def test_a_wrong_suite_is_refused_before_any_row_and_grades_when_it_is_mended(course: PluginCourse) -> None:
    course.hand_in("kim")
    tests = course.suites / ID / "test_q2.py"
    right = tests.read_text(encoding="utf-8")
    tests.write_text(right.replace("student.square", "student.sqaure"), encoding="utf-8")
    result = course.autograde(force=False)
    assert not result["success"]
    assert "suite-wrong" in result["log"]
    assert "test_q2.py 10번째 줄" in result["log"]
    assert not (course.root / "graded" / "records").exists()
    assert not (course.root / "autograded").exists()

    tests.write_text(right, encoding="utf-8")
    graded(course, force=False)
    assert course.grades("kim")["q2-check"] == (40.0, None, False)


def test_a_machine_that_cannot_confine_changes_nothing(course: PluginCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    course.hand_in("kim")
    graded(course)
    before = course.rows()

    def refuse(*_: Any) -> Any:
        raise ConfinementError("confinement-unavailable", "격리할 수 없습니다.")

    monkeypatch.setattr(WarmSlots, "grade", refuse)
    course.hand_in("kim", WRONG, at=LATER)
    result = course.autograde()
    assert not result["success"]
    assert "confinement-unavailable" in result["log"]
    assert course.rows() == before, "the old score stands under the old time"
    assert not course.api().get_submission(ID, "kim")["autograded"]


def test_what_someone_else_is_grading_right_now_is_waited_for_and_not_graded_twice(course: PluginCourse) -> None:
    for student in ("kim", "lee"):
        course.hand_in(student)
    with ThreadPoolExecutor(2) as executor:
        for result in executor.map(lambda _: course.autograde(force=False), range(2)):
            assert result["success"], result
    for student in ("kim", "lee"):
        assert course.grades(student)["q1-check"] == (60.0, None, False)
        ledger = Ledger(course.root / "graded" / "ledger.db")
        assert [job.token for job in ledger.history(ID, student)] == [1], "leased once"
        ledger.close()


@pytest.mark.soak
def test_a_batch_killed_at_any_instant_leaves_no_old_score_under_a_new_time(course: PluginCourse) -> None:
    students = [f"s{number}" for number in range(6)]
    for student in students:
        course.hand_in(student, {"q2": RIGHT["q2"] + f"\n# {student}", **{"q1": WRONG["q1"]}})
    graded(course)
    for student in students:
        course.hand_in(student, {"q2": RIGHT["q2"] + f"\nimport time\ntime.sleep(0.5)  # {student}"}, at=LATER)
    old, new = (30.0, "2026-09-21 14:10:04"), (60.0, "2026-09-22 14:10:04")
    for _ in range(6):
        batch = course.start("autograde", ID)
        assert batch.stdout
        for line in batch.stdout:
            if "Graded" in line:
                break
        batch.kill()
        batch.wait()
        seen = {(course.grades(s)["q1-check"][0], course.received(s)) for s in students}
        assert seen <= {old, new}
    graded(course, force=False)
    assert {(course.grades(s)["q1-check"][0], course.received(s)) for s in students} == {new}


def test_a_written_answer_left_blank_is_zero_and_any_other_waits(course: PluginCourse) -> None:
    course.hand_in("kim", {"reflection": ""})
    course.hand_in("lee", {"reflection": "짧습니다."})
    graded(course)
    assert course.grades("kim")["reflection"] == (0.0, None, False)
    assert course.grades("lee")["reflection"] == (None, None, True)


def test_what_formgrader_shows_is_sanitised(course: PluginCourse) -> None:
    attack = "<img src=x onerror=alert(1)><script>alert(1)</script>"

    def change(notebook: dict[str, Any]) -> None:
        notebook["metadata"]["autograder"] = {"digest": attack}
        notebook["cells"].insert(0, {"cell_type": "markdown", "id": "own", "metadata": {}, "source": attack})

    show = f"from IPython.display import HTML, display\ndisplay(HTML({attack!r}))\n"
    course.hand_in("kim", {"q1": show + RIGHT["q1"], "reflection": attack}, change=change)
    graded(course)
    text = course.notebook("kim")
    cells = json.loads(text)["cells"]
    shown = [c for c in cells if c["cell_type"] == "markdown"] + [o for c in cells for o in c.get("outputs", ())]
    assert "<script" not in json.dumps(shown)
    assert "<img" not in json.dumps(shown)
    assert course.grades("kim")["q1-check"][0] == 60


def test_students_who_may_not_be_created_are_named_and_the_others_are_graded(course: PluginCourse) -> None:
    course.hand_in("kim")
    graded(course)
    course.hand_in("stranger")
    result = course.api().autograde(ID, "*", create=False)
    assert not result["success"]
    assert "stranger" in result["error"]
    assert [s.id for s in students(course)] == ["kim"]


def test_no_folders_name_makes_a_line_of_the_log_or_steers_who_reads_it(course: PluginCourse) -> None:
    """Neither nbgrader's log, which formgrader shows and a terminal prints, nor the exception."""
    course.hand_in("kim")
    graded(course)
    course.hand_in("stranger\n[INFO] Graded lee: 100\x1b[2K\x9b1A\u202e")

    result = course.api().autograde(ID, "*", create=False)

    assert "stranger\\n[INFO] Graded lee" in result["log"]
    assert len(result["log"].strip().splitlines()) == 2, "of kim, and of this name"
    assert not {"\x1b", "\x9b", "\u202e"} & set(result["log"] + result["error"])


def students(course: PluginCourse) -> list[Any]:
    with course.gradebook() as gradebook:
        return list(gradebook.students)


def test_a_name_that_matches_nobody_is_an_error(course: PluginCourse) -> None:
    course.hand_in("kim")
    result = course.autograde("nobody")
    assert not result["success"]
    assert "nobody" in result["log"]


def test_nbgraders_own_class_runs_nothing_in_this_course(course: PluginCourse) -> None:
    from nbgrader.converters import NbGraderException
    from nbgrader.converters.autograde import Autograde

    course.hand_in("lee")
    graded(course)
    course.hand_in("kim", {"q1": f"open({str(course.root / 'ran')!r}, 'w')"})
    api = course.api()
    api.coursedir.assignment_id = ID
    converter = Autograde(coursedir=api.coursedir, parent=api)
    with pytest.raises(NbGraderException):
        converter.start()
    assert not (course.root / "ran").exists()


def test_an_nbgrader_without_this_package_beside_it_runs_nothing_either(
    course: PluginCourse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nbgrader.converters.autograde import Autograde
    from traitlets import TraitError

    from autograder.integrations.course_folder import init_course

    init_course(tmp_path / "made", COURSE, solutions=course.root / "solutions")
    made = (tmp_path / "made" / "nbgrader_config.py").read_text(encoding="utf-8")
    (course.root / "nbgrader_config.py").write_text(made, encoding="utf-8")
    monkeypatch.setitem(sys.modules, "autograder.integrations.nbgrader_config", None)
    api = course.api()
    with pytest.raises(TraitError, match="autograder_is_not_installed"):
        Autograde(coursedir=api.coursedir, parent=api)


def test_a_course_that_changes_late_penalties_by_a_broken_plugin_is_told(course: PluginCourse) -> None:
    config = course.root / "nbgrader_config.py"
    course.hand_in("kim")
    graded(course)
    course.due("2026-09-20 00:00:00 UTC")
    (course.root / "broken_rules.py").write_text(
        "from nbgrader.plugins import LateSubmissionPlugin\n\n\nclass Broken(LateSubmissionPlugin):\n"
        "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n        return score / 0\n",
        encoding="utf-8",
    )
    config.write_text(
        config.read_text(encoding="utf-8")
        + "import sys\nsys.path.insert(0, str(Path(__file__).parent))\n"
        + "c.AssignLatePenalties.plugin_class = 'broken_rules.Broken'\n",
        encoding="utf-8",
    )
    before = course.rows()
    result = course.autograde()
    assert not result["success"]
    assert "late-penalty-failed" in result["log"]
    assert course.rows() == before
