"""Engines: where jobs run. `concurrent.futures.Executor` is the whole interface.

``local`` lends the slots of this machine to threads. ``dask`` starts a Dask cluster of its own on this machine, and
``tcp://HOST:PORT`` or ``tls://HOST:PORT`` uses a Dask scheduler that is already there (dask-jobqueue's SLURMCluster,
Gateway on JupyterHub: started by their own means). Workers are trusted supervisors: each holds slots like a local
run's, and student code runs in their sandboxes only; it never reaches a worker or the scheduler. A worker whose suite
or grader differs from the coordinator's refuses. Workers with a GPU say so by Dask's resource ``GPU=1``.

Whoever can reach a Dask scheduler can run anything on its workers, and jobs carry the course secret: across machines
use ``tls://`` with certificates in Dask's own configuration (``distributed.comm.tls``). Dask takes a second to import
and is imported inside functions.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograder.code_hash import check_unchanged
from autograder.errors import GraderError, InfrastructureError
from autograder.grading.gpu import Quarantine
from autograder.grading.gpu_device import open_gpus
from autograder.grading.gpu_workers import GpuWorkers
from autograder.grading.identity import grader_version
from autograder.grading.rehearsal import Rehearsal, failed, rehearse
from autograder.grading.slots import Slots
from autograder.grading.workers import differs, grade_on_worker, rehearse_on_worker, worker_identity
from autograder.korean import particle
from autograder.sinks.log import clean_log

if TYPE_CHECKING:
    from distributed import Client

_DASK_CONNECT_SECONDS = 600
"""For the processes of a cluster of our own to start and to find each other; they take seconds to import Dask."""
_ANSWER_SECONDS = 30.0
"""For a worker to tell how its rehearsal went, beyond the time that this has."""
_FIRST = 100
"""Dask's priority of a rehearsal: before the jobs of a class that wait, which have 0."""

__all__ = ["Engine", "grade_on_worker", "is_engine", "open_engine", "worker_identity"]


@dataclass(frozen=True, slots=True)
class Engine:
    """Where the jobs of one run go.

    Args:
        executor: runs `grade` with a job and the silence after which its judge is given up, in seconds.
        grade: grades one job; can be pickled where workers are other processes.
        count: jobs that run at the same time, as far as is known at the start.
        gpu: grades one job on a GPU and waits for it; may be called by `gpus` threads at the same time.
        gpus: GPU jobs that run at the same time; 0 where there is no GPU.
        out: the GPUs, or workers with GPUs, that were taken out so far.
        alive: says whether jobs handed over can still come back.
        rehearse: grades the smallest assignment in every place where jobs run, within so many seconds in each.
    """

    executor: Executor
    grade: Callable[[dict[str, Any], float], dict[str, Any]]
    count: int
    gpu: Callable[[dict[str, Any], float], dict[str, Any]]
    gpus: int
    out: Callable[[], list[Quarantine]]
    alive: Callable[[], bool] = lambda: True
    rehearse: Callable[[float], list[Rehearsal]] = lambda _seconds: []


def is_engine(spec: str) -> bool:
    """Say whether this is a way to run jobs that `open_engine` knows."""
    return spec in ("local", "dask") or spec.startswith(("tcp://", "tls://"))


@contextlib.contextmanager
def open_engine(spec: str, count: int, *, unsafe: bool = False) -> Iterator[Engine]:
    """Open an engine for one run, and end it with what it started.

    Args:
        spec: ``local``, ``dask`` or the address of a scheduler.
        count: slots of the engines that run on this machine; a cluster's own workers decide theirs.
        unsafe: run without confinement (debugging); on this machine's own slots only.

    Raises:
        InfrastructureError: ``engine-unknown``, ``engine-unreachable``, ``engine-empty`` (no worker came),
            ``worker-differs`` (a worker has another suite or grader), ``engine-unsafe`` or ``grader-differs`` (the
            package's files have changed since this process started).
    """
    check_unchanged()
    if spec == "local":
        slots, gpus = Slots(count, unsafe=unsafe), open_gpus(unsafe=unsafe)

        def rehearse_here(seconds: float) -> list[Rehearsal]:
            return [rehearse(slots.grade, count, seconds=seconds, stop=slots.kill)]

        with ThreadPoolExecutor(count, thread_name_prefix="slot") as executor:
            try:
                yield Engine(
                    executor, slots.grade, count, gpus.grade, gpus.count, lambda: gpus.out, rehearse=rehearse_here
                )
            finally:
                gpus.close()
                slots.close()
        return
    if not is_engine(spec):
        raise InfrastructureError(
            "engine-unknown",
            f"'{spec}'{particle(spec, '이라는/라는')} 실행 방식은 없습니다. "
            "local, dask, tcp://주소, tls://주소 가운데 고르세요.",
        )
    if unsafe:
        raise InfrastructureError(
            "engine-unsafe", "격리 없는 실행은 이 컴퓨터의 슬롯(--engine local)에서만 할 수 있습니다."
        )
    with contextlib.ExitStack() as stack:
        client = _own_cluster(stack, count) if spec == "dask" else _connect(stack, spec)
        threads = _check_workers(client)
        executor = client.get_executor(pure=False)
        stack.callback(_end, executor)

        def rehearse_there(seconds: float) -> list[Rehearsal]:
            return _rehearse_on_each(client, seconds)

        def alive() -> bool:
            return bool(client.status != "closed")

        if spec == "dask":  # its workers are this machine's, and so are its GPUs
            gpus = open_gpus()
            stack.callback(gpus.close)
            gpu, number, out = gpus.grade, gpus.count, lambda: gpus.out
        else:
            there = GpuWorkers(client)
            gpu, number, out = there.grade, there.count, lambda: list(there.out)
        yield Engine(executor, grade_on_worker, threads, gpu, number, out, alive, rehearse_there)


def _rehearse_on_each(client: Client, seconds: float) -> list[Rehearsal]:
    """Rehearse on every worker at the same time, as a job of its own threads, where the jobs of a class run too."""
    workers = sorted(client.scheduler_info(n_workers=-1)["workers"])
    futures = {
        address: client.submit(
            rehearse_on_worker, seconds, workers=[address], allow_other_workers=False, pure=False, priority=_FIRST
        )
        for address in workers
    }
    end = time.monotonic() + seconds + _ANSWER_SECONDS
    found = []
    for address, future in futures.items():
        started = time.monotonic()
        try:
            found.append(Rehearsal.from_dict(future.result(timeout=max(0.1, end - started))))
        except GraderError as error:
            found.append(failed(error, address))
        except TimeoutError:
            future.cancel()
            found.append(Rehearsal(address, "rehearsal-late", "the worker did not answer in time", seconds))
        except Exception as error:  # Dask's own: the worker died of the job, say
            found.append(Rehearsal(address, "worker-lost", f"{type(error).__name__}: {error}"[:500], 0.0))
    return found


def _own_cluster(stack: contextlib.ExitStack, count: int) -> Client:
    """Start a scheduler and workers on this machine, one process for each slot."""
    import logging

    import dask
    from distributed import Client, LocalCluster

    clean_log(logging.getLogger("distributed")).setLevel(logging.ERROR)  # workers killed at the end are no news
    patient = {
        "distributed.scheduler.worker-ttl": None,  # a dead worker of this machine closes its connection
        "distributed.comm.timeouts.connect": f"{_DASK_CONNECT_SECONDS}s",
    }
    stack.enter_context(dask.config.set(patient))
    cluster = stack.enter_context(
        LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            memory_limit=None,  # submissions have their own limits; a worker holds little
            silence_logs=logging.CRITICAL,
        )
    )
    client: Client = stack.enter_context(Client(cluster))
    return client


def _connect(stack: contextlib.ExitStack, address: str) -> Client:
    import dask
    from distributed import Client

    seconds = dask.config.get("distributed.comm.timeouts.connect")
    try:
        client: Client = stack.enter_context(Client(address, timeout=seconds, set_as_default=False))
        client.wait_for_workers(1, timeout=seconds)
    except TimeoutError as error:
        raise InfrastructureError(
            "engine-empty", "Dask 클러스터에 일할 워커가 없습니다. 워커를 먼저 시작하세요.", detail=str(error)
        ) from error
    except (OSError, ValueError, TypeError) as error:
        raise InfrastructureError(
            "engine-unreachable",
            "Dask 스케줄러에 연결할 수 없습니다. 주소와 인증서, 스케줄러가 실행 중인지 확인하세요.",
            detail=f"{address}: {error}",
        ) from error
    return client


def _end(executor: Executor) -> None:
    """Cancel what an executor still has; of a scheduler that is gone there is nothing to cancel."""
    with contextlib.suppress(Exception):
        executor.shutdown(wait=False)


def _check_workers(client: Client) -> int:
    """Return the workers' threads in all; refuse if one of them has another grader than this process."""
    own = grader_version()
    try:
        found: dict[str, Any] = client.run(worker_identity)
    except Exception as error:
        raise InfrastructureError(
            "worker-differs",
            "워커에 이 채점기가 설치되어 있지 않습니다. 모든 워커에 같은 버전을 설치하세요.",
            detail=f"{type(error).__name__}: {error}",
        ) from error
    others = {address: version for address, version in found.items() if version != own}
    if others:
        raise differs("채점기 버전", own, "; ".join(f"{a}: {v}" for a, v in sorted(others.items())))
    return max(1, int(sum(client.nthreads().values())))
