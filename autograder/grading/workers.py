"""What runs inside a Dask worker: a job on the worker's own warm slots, or on one of its own GPUs.

A worker refuses a job of another suite or grader than its own: nobody gets a zero for a mixed installation.
"""

from __future__ import annotations

import atexit
import threading
from pathlib import Path
from typing import Any

from autograder.catalog import suites_dir, tests_hash
from autograder.errors import GraderError, InfrastructureError
from autograder.grading.gpu import GpuSlots, GpusOutError
from autograder.grading.gpu_device import open_gpus
from autograder.grading.identity import grader_version
from autograder.grading.rehearsal import rehearse
from autograder.grading.slots import Slots
from autograder.korean import with_particle

__all__ = ["differs", "grade_on_gpu_worker", "grade_on_worker", "rehearse_on_worker", "worker_identity"]


def worker_identity() -> str:
    """Return the version of the grader in this process."""
    return grader_version()


def differs(what: str, own: str, other: str) -> InfrastructureError:
    """Return the error that says what differs between a worker and the coordinator."""
    return InfrastructureError(
        "worker-differs",
        f"워커의 {with_particle(what, '이/가')} 다릅니다. 모든 워커에 같은 채점기와 같은 시험지를 설치하세요.",
        detail=f"coordinator {own}; worker {other}",
    )


_slots: Slots | None = None
_gpus: GpuSlots | None = None
_slots_lock = threading.Lock()


def grade_on_worker(job: dict[str, Any], silence: float) -> dict[str, Any]:
    """Grade one job in a Dask worker, on slots that the worker keeps warm.

    Raises:
        InfrastructureError: the worker's grader or suite is not the coordinator's (``worker-differs``), or the
            machinery failed; the job may be tried again elsewhere.
        ConfinementError: this machine cannot confine student code.
    """
    return _worker_slots().grade(_as_here(job), silence)


def grade_on_gpu_worker(job: dict[str, Any], silence: float) -> dict[str, Any]:
    """Grade one job in a Dask worker, on one of its own GPUs; raises as `grade_on_worker`.

    Returns:
        ``worker`` (its address), ``out`` (its GPUs that are taken out: label, code, detail), ``lost`` (how many broke
        under this job, if none is left) and the ``result``, None if no GPU of this worker is left.
    """
    from distributed import get_worker

    job, gpus = _as_here(job), _worker_gpus()
    result: dict[str, Any] | None = None
    lost = 0
    try:
        result = gpus.grade(job, silence)
    except GpusOutError as error:
        lost = error.lost
    out = [[quarantine.device, quarantine.code, quarantine.detail] for quarantine in gpus.out]
    return {"worker": get_worker().address, "out": out, "lost": lost, "result": result}


def rehearse_on_worker(seconds: float) -> dict[str, Any]:
    """Rehearse in a Dask worker, on the slots that it keeps for the jobs of a class; returns `Rehearsal.to_dict`.

    Args:
        seconds: wall-clock seconds for all of it. Slots are not ended when they are over: a class may be on them.
    """
    from distributed import get_worker

    slots = _worker_slots()
    return rehearse(slots.grade, slots.count, seconds=seconds, place=str(get_worker().address)).to_dict()


def _as_here(job: dict[str, Any]) -> dict[str, Any]:
    """Return the job with this machine's suites; raises InfrastructureError (``worker-differs``) if they are others."""
    suites = Path(str(job["suites"]))
    suites = suites if suites.is_dir() else suites_dir()
    if job.get("grader_version") != grader_version():
        raise differs("채점기 버전", str(job.get("grader_version")), grader_version())
    folder = suites / Path(str(job["assignment"])).name
    own = tests_hash(folder) if folder.is_dir() else "missing"
    if job.get("tests_hash") != own:
        raise differs("시험지", str(job.get("tests_hash")), own)
    return {**job, "suites": str(suites)}


def _worker_gpus() -> GpuSlots:
    global _gpus
    with _slots_lock:
        if _gpus is None:
            _gpus = open_gpus()
            atexit.register(_gpus.close)
        return _gpus


def _worker_slots() -> Slots:
    global _slots
    from distributed import get_worker

    with _slots_lock:
        if _slots is None:
            try:
                count = int(get_worker().state.nthreads)
            except ValueError as error:
                raise GraderError("no-worker", "Dask 워커 안에서만 실행할 수 있습니다.") from error
            _slots = Slots(count)
            atexit.register(_slots.close)
        return _slots
