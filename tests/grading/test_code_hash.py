"""The code that grades is the code that is named: of several copies, and of files that change under a process."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder import code_hash
from autograder.errors import InfrastructureError
from autograder.grading import gpu
from autograder.grading.engines import open_engine
from autograder.grading.gpu import GpuSlots
from autograder.grading.identity import grader_version
from autograder.sandbox.confinement import reach
from autograder.sandbox.processes.bootstrap import OwnPackages

from . import graders

ROOT = Path(__file__).resolve().parents[2]
SAID = "기대한 결과와 다릅니다."
SAID_BY_THE_CLONE = "이 사본의 말로는 기대한 결과와 다릅니다."


def run(command: list[str], folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables}
    return subprocess.run(
        [sys.executable, "-P", "-B", *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the packages, whose judge says one thing in other words."""
    folder = tmp_path_factory.mktemp("clone")
    for name in ("autograder", "course"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("suites", "deploy"))
    speaks = folder / "autograder" / "judge" / "told.py"
    text = speaks.read_text(encoding="utf-8")
    assert SAID in text
    speaks.write_text(text.replace(SAID, SAID_BY_THE_CLONE), encoding="utf-8")
    return folder


@pytest.fixture
def course_folder(tmp_path: Path) -> Path:
    """A course with one wrong submission, and a package of the grader's name in the folder one works in."""
    graders.course(tmp_path, 1)
    suite = graders.SUITE.format(number=21).replace("equals(21 * 2)", "shape(2, 2)")
    (tmp_path / "suites" / graders.ID / "test_q1.py").write_text(suite, encoding="utf-8")
    master = tmp_path / "solutions" / graders.ID / "bench.ipynb"
    notebook = json.loads(master.read_text(encoding="utf-8"))
    answer = "import torch\n\ndef double(x):\n    return torch.zeros(2, 2)"
    notebook["cells"][2]["source"] = f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION"
    master.write_text(json.dumps(notebook), encoding="utf-8")
    graders.submit(tmp_path, "s00000", "import numpy as np\n\ndef double(x):\n    return np.zeros(2)\n")
    for name in ("autograder", "course", "torch"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('another package ran')\n", encoding="utf-8")
    return tmp_path


def test_a_clone_that_is_run_by_pythonpath_grades_with_its_own_judge_and_names_it(
    clone: Path, course_folder: Path
) -> None:
    """Beside it another copy is installed, and a third one lies in the working directory."""
    variables = {"PYTHONPATH": str(clone), "AUTOGRADER_SUITES": str(course_folder / "suites")}
    command = ["-m", "autograder.cli", "grade", graders.ID, "inbox", "--slots", "1", "--root", ".", "--json"]

    done = run(command, course_folder, TMPDIR=str(course_folder / "tmp"), **variables)

    assert done.returncode == 0, done.stderr
    (path,) = (course_folder / "graded" / "records").glob("*.json")
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert SAID_BY_THE_CLONE in record["tests"][0]["message"]
    assert record["grader_version"].rpartition("+")[2] == code_hash.code_hash(clone / "autograder")
    assert record["grader_version"] != grader_version()


EDITED_WHILE_RUNNING = """
import json
from pathlib import Path
from autograder import code_hash
from autograder.errors import InfrastructureError
from autograder.grading.identity import grader_version
from autograder.judge import Judge
from autograder.sandbox import ForkServer

def refused(attempt):
    try:
        attempt()
    except InfrastructureError as error:
        return [error.code, error.message]

name = grader_version()
edited = code_hash.PACKAGE / "korean.py"
with ForkServer(preload=()) as server:
    edited.write_text(edited.read_text(encoding="utf-8") + "# edited", encoding="utf-8")
    judge = refused(lambda: Judge(server).grade({}))
again = ForkServer(preload=())
found = {"judge": judge, "again": refused(again.start), "alive": again.alive, "same": name == grader_version()}
print(json.dumps(found))
"""


def test_code_that_was_edited_under_a_running_coordinator_grades_nothing(clone: Path, tmp_path: Path) -> None:
    """Neither by a judge forked since nor by a fork server started since; the name stays what the process runs."""
    shutil.copytree(clone, tmp_path / "clone")

    done = run(["-c", EDITED_WHILE_RUNNING], tmp_path, PYTHONPATH=str(tmp_path / "clone"))

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    for code, message in (found["judge"], found["again"]):
        assert code == "grader-differs"
        assert str(tmp_path / "clone" / "autograder") in message and "서비스를 다시 시작" in message
    assert (found["alive"], found["same"]) == (False, True)


def test_an_engine_is_not_opened_over_files_that_have_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_hash, "LOADED", "0" * 12)
    with pytest.raises(InfrastructureError, match="grader-differs"), open_engine("local", 1):
        pass


def test_a_refusal_says_nothing_about_a_gpu() -> None:
    class Gpu:
        name = label = "cuda:0"

        def examine(self) -> None:
            raise code_hash.grader_differs("another")

        def grade(self, job: dict[str, Any], silence: float) -> dict[str, Any]:
            raise AssertionError

        def reset(self) -> None:
            pass

    slots = GpuSlots([Gpu()])
    with pytest.raises(InfrastructureError, match="grader-differs"):
        slots.grade({}, 1.0)
    assert slots.out == []
    assert "grader-differs" in gpu.FINAL


def test_a_file_that_vanishes_is_another_code_and_no_crash(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "autograder", tmp_path / "a", ignore=shutil.ignore_patterns("suites", "__pycache__"))
    assert code_hash.code_hash(tmp_path / "a") == code_hash.code_hash() == code_hash.LOADED

    (tmp_path / "a" / "judge" / ".#run.py").symlink_to("an editor's lock")
    assert code_hash.code_hash(tmp_path / "a") == code_hash.LOADED
    (tmp_path / "a" / "judge" / "gone.py").symlink_to("nowhere")
    assert code_hash.code_hash(tmp_path / "a") != code_hash.LOADED


def test_every_module_that_grading_imports_is_in_the_hash() -> None:
    named = {name.removesuffix(".py") for name in code_hash._MODULES} | set(code_hash._PACKAGES)
    package = ROOT / "autograder"
    used: set[str] = set()
    paths = [path for part in code_hash._PACKAGES for path in (package / part).rglob("*.py")]
    for path in [*paths, *(package / name for name in code_hash._MODULES)]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograder."):
                used.add(str(node.module).split(".")[1])
            elif isinstance(node, ast.ImportFrom) and node.module == "autograder":
                used |= {alias.name for alias in node.names}
    assert used <= named


def test_the_finder_knows_our_packages_in_its_folder_and_nothing_else(tmp_path: Path) -> None:
    for name in ("autograder", "torch"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    finder = OwnPackages(tmp_path)

    found = finder.find_spec("autograder")

    assert found is not None and found.origin == str(tmp_path / "autograder" / "__init__.py")
    assert found.submodule_search_locations == [str(tmp_path / "autograder")]
    assert [finder.find_spec(name) for name in ("course", "torch", "json", "autograder.judge")] == [None] * 4


def test_student_code_reads_no_other_copy_that_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that runs may be a checkout, and hidden tests lie in both."""
    site = tmp_path / "site"
    for folder in ("autograder/suites", "course/deploy", "numpy", "kit-1.dist-info"):
        (site / folder).mkdir(parents=True)
    (site / "kit-1.dist-info" / "RECORD").write_text("x,,\nautograder/suites/test_q1.py,,\n", encoding="utf-8")
    monkeypatch.setattr(reach.site, "getsitepackages", lambda _prefixes=None: [str(site)])

    paths = {Path(path) for path in reach.readable_paths()}

    assert site / "numpy" in paths
    for name in ("autograder", "autograder/suites", "course/deploy", "kit-1.dist-info"):
        assert not any((site / name).is_relative_to(path) for path in paths), name
