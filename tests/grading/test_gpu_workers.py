"""GPU jobs on a real Dask cluster, several in flight, and a way round workers whose GPUs cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from autograder import catalog
from autograder.errors import InfrastructureError
from autograder.grading import engines
from autograder.grading.engines import Engine, open_engine
from tests.bench import material
from tests.grading.clusters import Cluster

pytestmark = [pytest.mark.soak, pytest.mark.xdist_group("heavy")]

WORKER = """
import os, time
from pathlib import Path
from autograder.errors import InfrastructureError
from autograder.grading import workers
from autograder.grading.gpu import GpuSlots

class TestGpu:
    def __init__(self, number, sick):
        self.name, self.label, self.sick = f"cuda:{{number}}", f"cuda:{{number}} (Test GPU of {{os.getpid()}})", sick

    def examine(self):
        if self.sick is True:
            raise InfrastructureError("gpu-broken", "계산에 실패합니다.", detail="no such luck")

    def grade(self, job, seconds):
        if self.sick == "breaks":
            self.sick = True
            raise InfrastructureError("judge-died", "끝났습니다.")
        Path(job["meet"], str(os.getpid())).touch()
        end = time.monotonic() + 60
        while len(list(Path(job["meet"]).iterdir())) < 2:  # until a job runs on the other worker too
            assert time.monotonic() < end
            time.sleep(0.02)
        return {{"tests": [{{"name": "test_badge", "badge": True, "outcome": "passed"}}]}}

    def reset(self):
        pass

workers.open_gpus = lambda: GpuSlots([TestGpu(number, sick) for number, sick in enumerate({sick!r})])
"""


SICK = {"healthy": [False], "half": [True, False], "sick": [True], "breaks": ["breaks"]}
"""Kind of worker -> which of its GPUs fail their examination; a worker of another kind really looks for GPUs."""


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    root = tmp_path_factory.mktemp("course")
    material.write_ours(root)
    folder = root / "suites" / material.ASSIGNMENT
    (root / "meet").mkdir()
    return {
        "assignment": material.ASSIGNMENT,
        "suites": str(folder.parent),
        "grader_version": engines.worker_identity(),
        "tests_hash": catalog.tests_hash(folder),
        "meet": str(root / "meet"),
    }


def add(cluster: Cluster, kind: str) -> None:
    preload: tuple[str, ...] = ()
    if kind in SICK:
        script = cluster.folder / f"{kind}.py"
        script.write_text(WORKER.format(sick=SICK[kind]), encoding="utf-8")
        preload = ("--preload", str(script))
    cluster.add_worker("--resources", "GPU=1", *preload)


def open_with(cluster: Cluster, workers: int) -> Any:
    """The engine, once so many workers are there."""
    from distributed import Client

    with Client(cluster.address, timeout=60, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=60)
    return open_engine(cluster.address, 1)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    started = Cluster(tmp_path, CUDA_VISIBLE_DEVICES="")
    yield started
    started.close()


def grade_all(engine: Engine, job: dict[str, Any], number: int) -> list[dict[str, Any]]:
    with ThreadPoolExecutor(engine.gpus) as pool:
        return list(pool.map(lambda _: engine.gpu(job, 60.0), range(number)))


def test_jobs_run_on_all_workers_with_healthy_gpus_and_leave_those_without(
    cluster: Cluster, job: dict[str, Any]
) -> None:
    for kind in ("healthy", "half", "sick"):
        add(cluster, kind)
    with open_with(cluster, 3) as engine:
        assert engine.gpus == 3
        results = grade_all(engine, job, 6)  # none of them ends before two run at the same time
        assert len({result["gpu"] for result in results}) == 2
        grade_all(engine, job, 6)
        told = engine.out()
        assert 1 <= len(told) <= 2, "the half worker's, and the sick one's if it was asked"
        assert {(out.code, out.detail.endswith("no such luck")) for out in told} == {("gpu-broken", True)}


def test_workers_that_only_say_they_have_gpus_end_in_one_answer(cluster: Cluster, job: dict[str, Any]) -> None:
    add(cluster, "bare")
    add(cluster, "sick")
    with open_with(cluster, 2) as engine:
        with pytest.raises(InfrastructureError) as caught:
            engine.gpu(job, 60.0)
        assert caught.value.code == "gpu-quarantined"
        assert sorted(out.code for out in engine.out()) == ["gpu-broken", "gpu-none"]
        cluster.workers[0].kill()
        with pytest.raises(InfrastructureError, match="gpu-quarantined"):
            engine.gpu(job, 60.0)


def test_a_job_under_which_the_gpus_of_two_workers_break_does_not_reach_a_third(
    cluster: Cluster, job: dict[str, Any]
) -> None:
    for _ in range(3):
        add(cluster, "breaks")
    with open_with(cluster, 3) as engine:
        with pytest.raises(InfrastructureError, match="gpu-suspect"):
            engine.gpu(job, 60.0)
        assert len(engine.out()) == 2
