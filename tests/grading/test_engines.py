"""Engines: a real Dask cluster grades as the local slots do, and refuses what it should."""

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.errors import GraderError, InfrastructureError
from autograder.grading import engines
from autograder.grading.engines import grade_on_worker, open_engine
from tests.bench import material

BIN = Path(sys.executable).parent
WRONG = material.SOLUTION.replace("prediction.numel()", "len(prediction)")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("engines")
    material.write_ours(root)
    inbox = root / "inbox"
    inbox.mkdir()
    for number in range(6):
        notebook = material.submission(tests_inside=False, name=f"s{number}")
        if number % 3 == 1:
            notebook.cells[2].source = WRONG
        if number == 2:
            notebook.cells[2].source = "import os\nos._exit(0)"
        nbformat.write(notebook, inbox / f"s{number}.ipynb")
    (inbox / "broken.ipynb").write_text("{", encoding="utf-8")
    (root / "out").mkdir()
    return root


def grade(course: Path, out: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / "autograder"), "grade", material.ASSIGNMENT, "inbox", "--root", ".", "--out", out, "--json"]
    environment = {
        **os.environ,
        "AUTOGRADER_SUITES": str(course / "suites"),
        "AUTOGRADER_SECRET": "the same everywhere",
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
    }
    return subprocess.run(
        [*command, *options], check=False, cwd=course, env=environment, capture_output=True, text=True, timeout=240
    )


def outcomes(course: Path, out: str) -> dict[str, Any]:
    found = {}
    for path in sorted((course / out / "records").glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        tests = [(t["name"], t["outcome"], t["message"]) for t in record["tests"]]
        found[record["student"]] = (record["state"], record["score"], tests, record["reasons"])
    return found


@pytest.fixture(scope="module")
def local(course: Path) -> dict[str, Any]:
    done = grade(course, "out/local", "--slots", "1")
    assert done.returncode == 0, done.stderr
    return outcomes(course, "out/local")


@pytest.fixture(scope="module")
def scheduler(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A scheduler and a worker as a cluster has them: processes of their own, started by Dask's own commands."""
    folder = tmp_path_factory.mktemp("dask")
    contact = folder / "scheduler.json"
    environment = {**os.environ, "AUTOGRADER_SUITES": str(course / "suites")}
    common = {"cwd": folder, "env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    main = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--nthreads", "1", "--no-dashboard"]
    started = [
        subprocess.Popen([*main, "--no-dashboard", "--scheduler-file", str(contact)], **common),  # type: ignore[call-overload]
        subprocess.Popen([*worker, "--scheduler-file", str(contact), "--no-nanny"], **common),  # type: ignore[call-overload]
    ]
    try:
        while not contact.exists() or not contact.read_text():
            assert started[0].poll() is None
        yield json.loads(contact.read_text())["address"]
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(30)


@pytest.mark.xdist_group("heavy")
def test_a_cluster_of_its_own_grades_as_the_local_slots_do(course: Path, local: dict[str, Any]) -> None:
    done = grade(course, "out/dask", "--engine", "dask", "--slots", "2")
    assert done.returncode == 0, done.stderr
    assert outcomes(course, "out/dask") == local
    assert len(local) == 7
    assert {s[1] for s in local.values()} == {100.0, 75.0, 0.0, None}


@pytest.mark.xdist_group("heavy")
def test_a_scheduler_that_is_there_already_grades_as_the_local_slots_do(
    course: Path, local: dict[str, Any], scheduler: str
) -> None:
    done = grade(course, "out/there", "--engine", scheduler)
    assert done.returncode == 0, done.stderr
    assert outcomes(course, "out/there") == local


@pytest.mark.xdist_group("heavy")
def test_a_worker_with_another_suite_refuses_and_no_one_gets_a_zero(
    course: Path, scheduler: str, tmp_path: Path
) -> None:
    material.write_ours(tmp_path)
    suite = tmp_path / "suites" / material.ASSIGNMENT / "test_q1.py"
    suite.write_text(suite.read_text() + "\n# newer\n")
    job = {"assignment": material.ASSIGNMENT, "suites": "/nowhere", "grader_version": engines.worker_identity()}
    with open_engine(scheduler, 1) as engine:
        future = engine.executor.submit(engine.grade, {**job, "tests_hash": engines.tests_hash(suite.parent)}, 60.0)
        with pytest.raises(InfrastructureError, match="시험지") as caught:
            future.result(60)
        assert caught.value.code == "worker-differs"
        with pytest.raises(InfrastructureError, match="채점기 버전"):
            engine.executor.submit(engine.grade, {**job, "grader_version": "0"}, 60.0).result(60)


def test_a_worker_with_another_grader_is_found_before_anything_is_graded(
    scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "grader_version", lambda: "another")
    with pytest.raises(InfrastructureError) as caught, open_engine(scheduler, 1):
        pass
    assert caught.value.code == "worker-differs"


@pytest.mark.parametrize(
    ("spec", "unsafe", "code"),
    [
        ("slurm", False, "engine-unknown"),
        ("tcp://127.0.0.1:9", False, "engine-unreachable"),
        ("dask", True, "engine-unsafe"),
    ],
)
def test_what_an_engine_refuses(spec: str, unsafe: bool, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_CONNECT_SECONDS", 1.0)
    with pytest.raises(InfrastructureError) as caught, open_engine(spec, 1, unsafe=unsafe):
        pass
    assert caught.value.code == code


def test_errors_travel_between_processes() -> None:
    for kind in (InfrastructureError, GraderError):
        error = pickle.loads(pickle.dumps(kind("code", "메시지", detail="why")))
        assert type(error) is kind
        assert (error.code, error.message, error.detail) == ("code", "메시지", "why")


def test_a_job_for_workers_is_refused_outside_of_one(course: Path) -> None:
    folder = course / "suites" / material.ASSIGNMENT
    job = {
        "assignment": material.ASSIGNMENT,
        "suites": str(folder.parent),
        "grader_version": engines.worker_identity(),
        "tests_hash": engines.tests_hash(folder),
    }
    with pytest.raises(GraderError, match="no-worker"):
        grade_on_worker(job, 1.0)
