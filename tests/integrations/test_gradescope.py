"""The exported zip, and what it does in a folder laid out like Gradescope's container."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import stat
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from autograder.catalog import load_assignment, read_master
from autograder.cli import main
from autograder.corpus import EXPERIMENTS, Case, Edit, build_notebook
from autograder.errors import AssignmentError, GraderError
from autograder.grading.ledger import Ledger
from autograder.grading.pipeline import grade
from autograder.grading.runs import open_run
from autograder.intake import read_source
from autograder.integrations.gradescope import export_zip
from autograder.integrations.gradescope_run import handed_in, least_minutes
from autograder.judge import Judge
from autograder.model import GradeRecord
from tests.bench import material
from tests.grading.tried import keep_passed
from tests.grading.works import ROOT, cases
from tests.integrations.gradescope_schema import check_results, is_numbered

pytestmark = pytest.mark.xdist_group("gradescope")

FIRST, SECOND = "01-vanishing-gradients", "03-optimizers"
SECRET = "5eed" * 8


@dataclass
class Container:
    """A folder laid out like Gradescope's ``/autograder``."""

    base: Path
    seen: list[dict[str, Any]] = field(default_factory=list)

    @property
    def results(self) -> dict[str, Any]:
        return check_results(json.loads((self.base / "results" / "results.json").read_text(encoding="utf-8")))

    def hand_in(self, notebook: dict[str, Any], name: str) -> None:
        (self.base / "submission" / name).write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")

    def start(self, *, before: Callable[[], None] | None = None, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["bash", str(self.base / "source" / "run_autograder")],
            env={
                "PATH": os.environ["PATH"],
                "AUTOGRADER_BASE": str(self.base),
                "AUTOGRADER_PYTHON": sys.executable,
                **environment,
            },
            cwd=self.base,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=before,  # noqa: PLW1509 (nothing but a system call's filter)
        )

    def run(self, **options: Any) -> str:
        """Run to the end, keep every version of the results that was seen, and return what was printed."""
        process = self.start(**options)
        for results in self.watch(process):
            self.seen.append(results)
        printed = process.communicate(timeout=300)[0]
        assert process.returncode == 0, printed
        return printed

    def watch(self, process: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
        """Yield each new version of the results until the process ends; each has to be whole and valid."""
        deadline, last = time.monotonic() + 300, -1
        while process.poll() is None and time.monotonic() < deadline:
            path = self.base / "results" / "results.json"
            if path.exists() and (number := path.stat().st_ino) != last:
                last = number
                yield self.results
            time.sleep(0.01)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    (folder / "secret").write_text(SECRET + "\n", encoding="utf-8")
    keep_passed(folder, FIRST, ROOT, secret=SECRET.encode())
    return export_zip(FIRST, ROOT, folder, secret=folder).path


@pytest.fixture
def container(tmp_path: Path) -> Callable[[str], Container]:
    def make(assignment_id: str) -> Container:
        for name in ("source", "submission", "results"):
            (tmp_path / name).mkdir()
        (tmp_path / "course.secret").write_text(SECRET + "\n", encoding="utf-8")
        keep_passed(tmp_path, assignment_id, ROOT, secret=SECRET.encode())
        exported = export_zip(assignment_id, ROOT, tmp_path / "made.zip", secret=tmp_path / "course.secret")
        with zipfile.ZipFile(exported.path) as archive:
            archive.extractall(tmp_path / "source")
        return Container(tmp_path)

    return make


def work(assignment_id: str, name: str, *edits: Edit) -> dict[str, Any]:
    """A student's notebook of the sample class, without its experiments."""
    case: Case = next(case for case in cases(assignment_id, "class") if case.name == name)
    master = read_master(load_assignment(assignment_id, ROOT))
    return build_notebook(replace(case, edits=(Edit("drop", EXPERIMENTS), *edits, *case.edits)), master)


def graded(judge: Judge, assignment_id: str, path: Path, folder: Path) -> GradeRecord:
    """What `autograder grade` records for the same notebook and secret, on the tests' own judge."""
    from concurrent.futures import ThreadPoolExecutor

    assignment = load_assignment(assignment_id, ROOT)
    run = open_run(assignment, Ledger(folder / "ledger.db"), SECRET.encode())
    with ThreadPoolExecutor(1) as executor:
        (progress,) = grade(
            run, read_source(path, assignment), executor, lambda job, s: judge.grade(job, silence=s), window=1
        )
    run.ledger.close()
    return progress.record


def test_results_come_question_by_question_and_end_as_the_graders_own(
    container: Callable[[str], Container], real_judge: Judge, tmp_path_factory: pytest.TempPathFactory
) -> None:
    there = container(SECOND)
    attack = f"""
import pathlib
for path in ({str(there.base / "results" / "results.json")!r}, {str(there.base / "source" / "secret")!r}):
    for act in (lambda p: p.write_text('{{"score": 100}}'), lambda p: p.unlink(), lambda p: print(p.read_text())):
        try:
            act(pathlib.Path(path))
            print("REACH" + "ED")
        except OSError:
            pass
"""
    there.hand_in(work(SECOND, "jung-dohyun", Edit("before", "q1", attack)), "제출(최종).ipynb")
    there.run()
    results = there.results
    (path,) = (there.base / "submission").iterdir()
    record = graded(real_judge, SECOND, path, tmp_path_factory.mktemp("here"))

    assert results["score"] == record.score
    assert 0 < results["score"] < 100
    assert "REACHED" not in json.dumps(record.executed)
    assert [(t["score"], t["status"]) for t in results["tests"]] == [
        (t.points, "passed") if t.outcome == "passed" else (0.0, "failed") for t in record.tests
    ]
    assert results["extra_data"]["digest"] == record.digest
    assert "이름 때문에 점수를 깎지 않습니다." in results["output"]
    partial = [seen for seen in there.seen if "score" not in seen]
    finished = [{t["tags"][0] for t in seen["tests"] if "score" in t} for seen in partial]
    assert finished[0] == set()
    assert any(len(questions) > 1 for questions in finished)
    assert all(a <= b for a, b in pairwise(finished))


@pytest.mark.soak
def test_another_assignments_zip_grades_its_own(
    container: Callable[[str], Container], real_judge: Judge, tmp_path_factory: pytest.TempPathFactory
) -> None:
    there = container(SECOND)
    there.hand_in(work(SECOND, "jung-dohyun"), f"{SECOND}.ipynb")
    there.run()
    (path,) = (there.base / "submission").iterdir()
    record = graded(real_judge, SECOND, path, tmp_path_factory.mktemp("here"))
    assert there.results["score"] == record.score is not None


@pytest.mark.soak
def test_killed_in_the_middle_what_was_finished_stands_and_says_so(container: Callable[[str], Container]) -> None:
    there = container(SECOND)
    endless = Edit("after", "q8-check", "def wilson_problem(*args, **kwargs):\n    while True:\n        pass")
    there.hand_in(work(SECOND, "kim-minjun", endless), f"{SECOND}.ipynb")
    process = there.start()
    for results in there.watch(process):
        if any("score" in test for test in results["tests"]):
            break
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=60)
    assert process.stdout is not None
    process.stdout.close()
    results = there.results
    assert "score" not in results
    assert is_numbered(results)
    assert "채점이 중간에 끊긴 것입니다" in results["output"]
    assert "아직 채점하지 않았습니다." in results["output"]
    assert list((there.base / "results").glob("*.json")) == [there.base / "results" / "results.json"]


def without_landlock() -> None:
    """Have the kernel answer EPERM to landlock_create_ruleset from here on, as a container's filter may."""

    class Instruction(ctypes.Structure):
        _fields_ = (("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.POINTER(Instruction)))

    filters = (Instruction * 4)(
        Instruction(0x20, 0, 0, 0),  # load the system call's number
        Instruction(0x15, 0, 1, 444),
        Instruction(0x06, 0, 0, 0x00050001),  # EPERM
        Instruction(0x06, 0, 0, 0x7FFF0000),  # allow
    )
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(38, 1, 0, 0, 0)
    if libc.prctl(22, 2, ctypes.byref(Program(4, filters)), 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")


def test_where_nothing_can_be_confined_nothing_is_graded_and_a_person_is_asked_for(
    container: Callable[[str], Container],
) -> None:
    there = container(FIRST)
    there.hand_in(work(FIRST, "kim-minjun"), f"{FIRST}.ipynb")
    printed = there.run(before=without_landlock)
    results = there.results
    assert "landlock" in printed
    assert "학생 코드를 격리할 수 없어 채점하지 않았습니다." in results["output"]
    assert results["extra_data"]["reasons"] == ["cannot-confine"]
    assert [test for test in results["tests"] if "score" in test] == []
    assert "score" not in results


def test_a_grader_that_was_not_installed_says_so(container: Callable[[str], Container]) -> None:
    there = container(FIRST)
    there.run(AUTOGRADER_PYTHON=str(there.base / "no-python"))
    assert there.results["extra_data"]["reasons"] == ["not-installed"]
    assert "score" not in there.results


@pytest.mark.parametrize("changed", ["suites/01-vanishing-gradients/test_q1.py", "secret", "gradescope.json"])
def test_files_that_are_not_as_exported_grade_nobody(container: Callable[[str], Container], changed: str) -> None:
    from autograder.integrations import gradescope_run

    there = container(FIRST)
    path = there.base / "source" / changed
    path.write_text(path.read_text(encoding="utf-8")[:-9] + "# changed", encoding="utf-8")
    before = os.environ.get("AUTOGRADER_SUITES")
    try:
        assert gradescope_run.main(["--base", str(there.base)]) == 0
    finally:
        os.environ.pop("AUTOGRADER_SUITES", None)
        if before is not None:
            os.environ["AUTOGRADER_SUITES"] = before
    assert there.results["extra_data"]["reasons"] == ["export-changed"]
    assert "학생의 잘못이 아닙니다." in there.results["output"]


def lay_out(base: Path, files: dict[str, Any]) -> Path:
    for name, content in files.items():
        path = base / "submission" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, dict):
            with zipfile.ZipFile(path, "w") as archive:
                for inner, data in content.items():
                    archive.writestr(inner, data)
        elif isinstance(content, Path):
            path.symlink_to(content)
        else:
            path.write_text(content, encoding="utf-8")
    return base


PLAIN = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.mark.parametrize(
    ("files", "codes"),
    [
        ({f"{FIRST}.ipynb": PLAIN}, set()),
        ({"내 과제.ipynb": PLAIN}, {"notebook-renamed"}),
        ({f"{FIRST}.ipynb": PLAIN, "연습.ipynb": PLAIN}, {"notebook-extra"}),
        ({"a.ipynb": PLAIN, "b.ipynb": PLAIN}, {"notebook-ambiguous"}),
        ({f"숙제/{FIRST}.ipynb": PLAIN, "숙제/.ipynb_checkpoints/x.ipynb": PLAIN}, set()),
        ({"work.zip": {f"{FIRST}.ipynb": PLAIN}}, set()),
        ({"work.zip": {"../../x.ipynb": PLAIN}}, {"zip-traversal"}),
        ({"report.pdf": "x"}, {"notebook-missing"}),
        ({f"{FIRST}.ipynb": Path("/etc/passwd")}, {"file-symlink"}),
        ({f"{FIRST}.ipynb": "no notebook"}, {"notebook-not-json"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else "",
)
def test_what_students_upload_is_one_students_work(tmp_path: Path, files: dict[str, Any], codes: set[str]) -> None:
    (tmp_path / "submission").mkdir()
    assignment = load_assignment(FIRST, ROOT)
    found = handed_in(lay_out(tmp_path, files), tmp_path / "own", assignment)
    assert found is not None
    about_files = {v.code for v in found.verdicts if v.fatal or v.code.startswith("notebook-")}
    assert codes <= about_files
    assert bool(codes) == bool(about_files)


def test_an_upload_of_nothing_is_a_verdict(tmp_path: Path) -> None:
    (tmp_path / "submission").mkdir()
    found = handed_in(tmp_path, tmp_path / "own", load_assignment(FIRST, ROOT))
    assert found is not None
    assert found.fatal is not None


def test_the_same_inputs_give_the_same_bytes(made: Path, tmp_path: Path) -> None:
    secret = made.parent / "secret"
    one, other = (export_zip(FIRST, ROOT, tmp_path / name, secret=secret).path for name in ("one", "other"))
    assert one.read_bytes() == other.read_bytes()
    with zipfile.ZipFile(one) as archive:
        (wheel,) = (name for name in archive.namelist() if name.endswith(".whl"))
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        with zipfile.ZipFile(archive.open(wheel)) as inner:
            assert {entry.date_time for entry in inner.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_zip_holds_one_assignment_only_and_is_its_owners(made: Path, tmp_path: Path) -> None:
    path = made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        (wheel,) = (name for name in names if name.endswith(".whl"))
        archive.extract(wheel, tmp_path)
        assert archive.read("secret").decode().strip() == SECRET
    assert {"setup.sh", "run_autograder", "README.txt", "requirements.txt", "torch.txt"} <= set(names)
    assert {name.split("/")[1] for name in names if name.startswith(("suites/", "solutions/"))} == {FIRST}
    with zipfile.ZipFile(tmp_path / wheel) as archive:
        inside = archive.namelist()
    assert not [name for name in inside if "suites/" in name or "deploy" in name or "solution" in name]
    assert {"autograder/judge/worker.py", "course/checks.py", "autograder/report/templates/feedback.html.j2"} <= set(
        inside
    )


def test_the_scripts_are_bash(made: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(made) as archive:
        for name in ("setup.sh", "run_autograder"):
            assert archive.getinfo(name).external_attr >> 16 & 0o111
            path = Path(archive.extract(name, tmp_path))
            assert path.read_text(encoding="utf-8").startswith("#!/usr/bin/env bash\n")
            subprocess.run(["bash", "-n", str(path)], check=True)


@pytest.mark.soak
def test_the_command_says_what_the_zip_is_and_what_is_not_promised(tmp_path: Path) -> None:
    arguments = ["export", "gradescope", "04-gpu-speedup", "--output", str(tmp_path), "--out", str(tmp_path / "graded")]
    done = CliRunner().invoke(main, [*arguments, "--root", str(ROOT)])
    assert done.exit_code == 0, done.output
    said = " ".join(done.output.split())
    for part in ("숨은 테스트와 같은 수준의 비밀", "새로 만들었습니다", "GPU", "보장하지 못하는 것", "Landlock", "3GB"):
        assert part in said
    again = CliRunner().invoke(main, [*arguments, "--root", str(ROOT), "--json"])
    assert json.loads(again.output)["new_secret"] is False


def test_a_time_limit_that_would_cost_students_points_is_refused(tmp_path: Path) -> None:
    least = least_minutes(load_assignment(FIRST, ROOT))
    with pytest.raises(GraderError) as caught:
        export_zip(FIRST, ROOT, tmp_path, out=tmp_path, minutes=least - 1)
    assert caught.value.code == "minutes-too-few"


@pytest.mark.soak
def test_a_wrong_suite_is_not_exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the container it would be everybody's zero, and nobody near to see it."""
    material.write_ours(tmp_path)
    monkeypatch.setenv("AUTOGRADER_SUITES", str(tmp_path / "suites"))
    tests = tmp_path / "suites" / material.ASSIGNMENT / "test_q1.py"
    tests.write_text(tests.read_text(encoding="utf-8").replace("student.softmax", "student.sotfmax"), encoding="utf-8")
    with pytest.raises(AssignmentError) as caught:
        export_zip(material.ASSIGNMENT, tmp_path, tmp_path, out=tmp_path / "graded")
    assert caught.value.code == "suite-wrong"
    assert "test_q1.py" in caught.value.message
    assert not list(tmp_path.glob("*.zip"))


def test_a_secret_that_is_not_there_is_not_replaced_by_a_new_one(tmp_path: Path) -> None:
    with pytest.raises(GraderError) as caught:
        export_zip(FIRST, ROOT, tmp_path, out=tmp_path, secret=tmp_path / "none")
    assert caught.value.code == "secret-missing"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.soak
def test_setup_installs_a_grader_that_works(container: Callable[[str], Container], tmp_path: Path) -> None:
    there = container(FIRST)
    done = subprocess.run(
        ["bash", str(there.base / "source" / "setup.sh")],
        env={
            **os.environ,
            "AUTOGRADER_PYTHON": sys.executable,
            "AUTOGRADER_VENV": str(tmp_path / "venv"),
            "AUTOGRADER_TORCH_INDEX": "",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    there.hand_in(work(FIRST, "kim-minjun"), f"{FIRST}.ipynb")
    there.run(AUTOGRADER_PYTHON=str(tmp_path / "venv" / "bin" / "python"))
    assert there.results["score"] == 100
