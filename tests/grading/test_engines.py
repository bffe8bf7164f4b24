"""Engines: a real Dask cluster grades as the local slots do, and refuses what it should."""

import json
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dask
import nbformat
import pytest

from autograder import catalog
from autograder.errors import GraderError, InfrastructureError
from autograder.grading import engines
from autograder.grading.engines import grade_on_worker, open_engine
from tests.bench import material
from tests.grading.clusters import Cluster

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


def start(course: Path, out: str, *options: str) -> subprocess.Popen[str]:
    command = [str(BIN / "autograder"), "grade", material.ASSIGNMENT, "inbox", "--root", ".", "--out", out, "--json"]
    environment = {
        **os.environ,
        "AUTOGRADER_SUITES": str(course / "suites"),
        "AUTOGRADER_SECRET": "the same everywhere",
        "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "2s",
    }
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([*command, *options], cwd=course, env=environment, **pipes)  # type: ignore[call-overload, no-any-return]


def grade(course: Path, out: str, *options: str) -> subprocess.CompletedProcess[str]:
    process = start(course, out, *options)
    printed, errors = process.communicate(timeout=240)
    return subprocess.CompletedProcess(process.args, process.returncode, printed, errors)


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
    cluster = Cluster(tmp_path_factory.mktemp("dask"), AUTOGRADER_SUITES=str(course / "suites"))
    cluster.add_worker()
    yield cluster.address
    cluster.close()


def until(condition: Callable[[], bool]) -> None:
    pause, end = threading.Event(), time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end, "waited too long"
        pause.wait(0.05)


def done(course: Path, out: str) -> int:
    records = course / out / "records"
    return len(list(records.glob("*.json"))) if records.exists() else 0


@pytest.mark.soak
@pytest.mark.xdist_group("heavy")
def test_a_cluster_of_its_own_grades_as_the_local_slots_do(course: Path, local: dict[str, Any]) -> None:
    done = grade(course, "out/dask", "--engine", "dask", "--slots", "2")
    assert done.returncode == 0, done.stderr
    assert outcomes(course, "out/dask") == local
    assert len(local) == 7
    assert {s[1] for s in local.values()} == {100.0, 75.0, 0.0, None}


@pytest.mark.soak
@pytest.mark.xdist_group("heavy")
def test_a_scheduler_that_is_there_already_grades_as_the_local_slots_do(
    course: Path, local: dict[str, Any], scheduler: str
) -> None:
    done = grade(course, "out/there", "--engine", scheduler)
    assert done.returncode == 0, done.stderr
    assert outcomes(course, "out/there") == local
    assert len(local) == 7
    assert {s[1] for s in local.values()} == {100.0, 75.0, 0.0, None}


@pytest.mark.soak
@pytest.mark.xdist_group("heavy")
def test_workers_and_a_scheduler_that_are_lost_cost_nobody_a_grade(
    course: Path, local: dict[str, Any], tmp_path: Path
) -> None:
    cluster = Cluster(tmp_path, AUTOGRADER_SUITES=str(course / "suites"))
    cluster.add_worker()
    try:
        process = start(course, "out/lost", "--engine", cluster.address)
        until(lambda: done(course, "out/lost") >= 2 or process.poll() is not None)
        cluster.add_worker()
        cluster.workers[0].kill()  # with a job in its hands: the other worker gets it
        until(lambda: done(course, "out/lost") >= 4 or process.poll() is not None)
        cluster.scheduler.kill()
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 5, errors
        assert "engine-lost" in errors
    finally:
        cluster.close()
    finished = grade(course, "out/lost", "--slots", "1")  # the same command goes on, here by other means
    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout)["cached"] >= 4
    assert outcomes(course, "out/lost") == local


@pytest.mark.soak
@pytest.mark.xdist_group("heavy")
def test_a_worker_with_another_suite_refuses_and_no_one_gets_a_zero(
    course: Path, scheduler: str, tmp_path: Path
) -> None:
    material.write_ours(tmp_path)
    suite = tmp_path / "suites" / material.ASSIGNMENT / "test_q1.py"
    suite.write_text(suite.read_text() + "\n# newer\n")
    job = {"assignment": material.ASSIGNMENT, "suites": "/nowhere", "grader_version": engines.worker_identity()}
    with open_engine(scheduler, 1) as engine:
        future = engine.executor.submit(engine.grade, {**job, "tests_hash": catalog.tests_hash(suite.parent)}, 60.0)
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
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "1s")
    dask.config.refresh()
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
        "tests_hash": catalog.tests_hash(folder),
    }
    with pytest.raises(GraderError, match="no-worker"):
        grade_on_worker(job, 1.0)
