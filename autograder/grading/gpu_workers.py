"""GPU jobs on a Dask cluster: which workers have healthy GPUs, and where a job goes when one of them has none left.

The scheduler counts (``--resources GPU=N`` of a worker); which device a job gets is for the worker's own `GpuSlots`.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from autograder.errors import InfrastructureError
from autograder.grading.gpu import Quarantine, quarantined
from autograder.grading.workers import grade_on_gpu_worker

if TYPE_CHECKING:
    from distributed import Client, Future

__all__ = ["GpuWorkers"]

_LOOK_SECONDS = 5.0


class GpuWorkers:
    """The workers of a cluster that have GPUs. `grade` may be called by as many threads as there are GPUs."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._lost: dict[str, Quarantine] = {}
        self.count = sum(self._workers().values())

    @property
    def out(self) -> list[Quarantine]:
        """Workers none of whose GPUs can be used."""
        with self._lock:
            return list(self._lost.values())

    def grade(self, job: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Grade one job on a worker with a healthy GPU and wait for it.

        Raises:
            InfrastructureError: ``gpu-quarantined`` (no worker has a healthy GPU left), ``engine-lost`` (the worker is
                gone; another try goes to the others), or what the worker raised.
        """
        while True:
            with self._lock:
                able = [address for address in self._workers() if address not in self._lost]
            if not able:
                raise quarantined(self.out)
            future = self._client.submit(
                grade_on_gpu_worker, job, seconds, resources={"GPU": 1}, workers=able, pure=False
            )
            result = self._await(future, able)
            if "unusable" not in result:
                return result
            address, detail = str(result["worker"]), str(result["unusable"])
            with self._lock:
                self._lost[address] = Quarantine(address, "gpu-quarantined", f"{address}: {detail}", 0.0)

    def _await(self, future: Future[Any], able: list[str]) -> dict[str, Any]:
        while True:
            try:
                result: dict[str, Any] = future.result(timeout=_LOOK_SECONDS)
            except TimeoutError:
                if future.done():  # then it is the job's own
                    return future.result()  # type: ignore[no-any-return]
                if self._client.status == "closed" or not set(able) & set(self._workers()):
                    future.cancel()
                    message = "GPU가 있는 워커와 연결이 끊어졌습니다. 다시 시도합니다."
                    raise InfrastructureError("engine-lost", message) from None
            else:
                return result

    def _workers(self) -> dict[str, int]:
        """Return address -> GPUs of the workers there are now."""
        if self._client.status == "closed":
            return {}
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        found = {address: int(worker.get("resources", {}).get("GPU", 0)) for address, worker in workers.items()}
        return {address: number for address, number in found.items() if number >= 1}
