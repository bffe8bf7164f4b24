"""GPU jobs on a Dask cluster: which workers have healthy GPUs, and where a job goes when one of them has none left.

The scheduler counts (``--resources GPU=N`` of a worker); which device a job gets is for the worker's own `GpuSlots`.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from autograder.errors import InfrastructureError
from autograder.grading.gpu import MOST_LOST, Quarantine, quarantined, suspect
from autograder.grading.workers import grade_on_gpu_worker

if TYPE_CHECKING:
    from distributed import Client, Future

__all__ = ["GpuWorkers"]

_LOOK_SECONDS = 5.0
"""Between two questions whether the worker is still there."""


class GpuWorkers:
    """The workers of a cluster that have GPUs. `grade` may be called by as many threads as there are GPUs."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._lost: set[str] = set()
        self._out: dict[str, list[Quarantine]] = {}
        self.count = sum(self._workers().values())

    @property
    def out(self) -> list[Quarantine]:
        """The GPUs that the workers have told are taken out; of a worker that has none at all, the worker."""
        with self._lock:
            return [quarantine for told in self._out.values() for quarantine in told]

    def grade(self, job: dict[str, Any], silence: float) -> dict[str, Any]:
        """Grade one job on a worker with a healthy GPU and wait for it.

        Raises:
            InfrastructureError: ``gpu-quarantined`` (no worker has a healthy GPU left), ``engine-lost`` (the worker is
                gone; another try goes to the others), or what the worker raised.
        """
        lost = 0
        while True:
            with self._lock:
                able = [address for address in self._workers() if address not in self._lost]
            if not able:
                raise quarantined(self.out)
            future = self._client.submit(
                grade_on_gpu_worker, job, silence, resources={"GPU": 1}, workers=able, pure=False
            )
            answer = self._await(future, able)
            address, result = str(answer["worker"]), answer["result"]
            told = [Quarantine(f"{address} {gpu}", code, f"{address} {why}", 0.0) for gpu, code, why in answer["out"]]
            with self._lock:
                self._out[address] = told
                if result is not None:
                    return dict(result)
                self._lost.add(address)
                if not told:
                    self._out[address] = [Quarantine(address, "gpu-none", f"{address}: no usable GPU", 0.0)]
            lost += int(answer["lost"])
            if lost >= MOST_LOST:
                raise suspect(self.out)

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
