"""A real GPU behind `autograder.grading.gpu.Device`: a fork server and a judge of its own, and its examination.

Each device has its own fork server, so that a process which the driver does not let die holds up nobody else. A device
is claimed for this process while it is used: two graders on one GPU would measure each other. Nothing here loads CUDA:
the examination is a few lines that run in a confined sandbox on the device, as a student's would.
"""

from __future__ import annotations

import contextlib
import socket
from typing import Any

from autograder.errors import GraderError, InfrastructureError
from autograder.grading.gpu import GpuSlots
from autograder.grading.slots import Slots
from autograder.korean import with_particle
from autograder.model import Limits
from autograder.sandbox import Allowance, SandboxControl, SandboxDied, SandboxTimeout, StudentError
from autograder.sandbox.confinement import devices
from autograder.sandbox.confinement.devices import Gpu

__all__ = ["LEAST_FREE", "GpuDevice", "examine", "open_gpus"]

LEAST_FREE = 1 << 30
"""Bytes: a device with less memory free is held by something that is not ours, and would fail every student."""

_EXAMINE_SECONDS = 60.0
"""For the whole examination; CUDA's start takes some of it where the driver is not kept loaded."""
_LIMITS = Limits(memory_mb=8192)
_SIZE = 256
_SOURCE = f"""
import torch

def examine():
    torch.cuda.init()
    free, total = torch.cuda.mem_get_info()
    ones = torch.ones({_SIZE}, {_SIZE}, device="cuda")
    value = float((ones @ ones).sum())
    torch.cuda.synchronize()
    return {{
        "value": value,
        "count": torch.cuda.device_count(),
        "free": free,
        "total": total,
        "name": torch.cuda.get_device_name(),
        "capability": list(torch.cuda.get_device_capability()),
        "cuda": str(torch.version.cuda),
    }}
"""


def open_gpus(*, unsafe: bool = False) -> GpuSlots:
    """Return slots for the GPUs this process may use; starts nothing yet.

    Raises:
        InfrastructureError: ``gpu-fraction-invalid``.
    """
    found = devices.gpus()
    try:
        if found:
            devices.memory_fraction()
    except ValueError as error:
        message = f"환경 변수 {with_particle(devices.FRACTION, '은/는')} 0보다 크고 1 이하인 수여야 합니다."
        raise InfrastructureError("gpu-fraction-invalid", message, detail=str(error)) from error
    return GpuSlots([GpuDevice(gpu, unsafe=unsafe) for gpu in found])


class GpuDevice:
    """One GPU of this machine; see `autograder.grading.gpu.Device`.

    Args:
        gpu: which.
        unsafe: run without confinement, for debugging only.
    """

    def __init__(self, gpu: Gpu, *, unsafe: bool = False) -> None:
        self.name = gpu.device
        self.label = f"{gpu.device} ({gpu.name})" if gpu.name else gpu.device
        self.report: dict[str, Any] = {}
        """What the last examination found: name, capability, cuda, free, total."""
        self._unsafe = unsafe
        self._slots = Slots(1, unsafe=unsafe)
        self._claim: socket.socket | None = None

    def examine(self) -> None:
        """Return if the device computes; raises GraderError, its code saying what is wrong."""
        self._take_claim()
        control = self._slots.control()
        try:
            self.report = examine(control, self.name)
        finally:
            control.close()

    def grade(self, job: dict[str, Any], silence: float) -> dict[str, Any]:
        """Grade one job; raises as `Slots.grade`."""
        return self._slots.grade(job, silence)

    def reset(self) -> None:
        """End the fork server, with it what runs on the device, and give up the claim; never raises."""
        slots, self._slots = self._slots, Slots(1, unsafe=self._unsafe)
        with contextlib.suppress(OSError, GraderError):
            slots.close()
        claim, self._claim = self._claim, None
        if claim is not None:
            claim.close()

    def _take_claim(self) -> None:
        if self._claim is not None:
            return
        claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            claim.bind(f"\0autograder-gpu-{self.name}")
        except OSError as error:
            claim.close()
            message = "다른 채점이 이 GPU를 쓰고 있습니다."
            raise InfrastructureError("gpu-taken", message, detail=str(error)) from error
        self._claim = claim


def examine(control: SandboxControl, device: str, *, seconds: float = _EXAMINE_SECONDS) -> dict[str, Any]:
    """Compute a little on a device, in a sandbox of its own, and return what it is.

    Raises:
        InfrastructureError: ``gpu-silent``, ``gpu-broken`` or ``gpu-full``, ``sandbox-stuck``, or no sandbox started.
        ConfinementError: the sandbox could not be confined.
    """
    allowance = Allowance(cpu=seconds, asleep=seconds, starved=30.0 * seconds)
    with control.spawn(limits=_LIMITS, device=device) as sandbox:
        started = sandbox.run_cell(_SOURCE, index=0, allowance=allowance)
        try:
            found = sandbox.direct().call("examine", allowance=allowance) if started.status == "ok" else {}
        except SandboxTimeout as error:
            message = f"GPU가 {seconds:g}초 안에 응답하지 않습니다."
            raise InfrastructureError("gpu-silent", message, detail=f"no answer in {seconds:g} s") from error
        except (StudentError, SandboxDied) as error:
            detail = error.detail if isinstance(error, StudentError) else f"the process ended: {error}"
            raise _broken(detail) from error
    if not isinstance(found, dict) or found.get("value") != float(_SIZE**3):
        raise _broken(
            f"a wrong answer: {found!r}"[:500] if found else f"the examination did not start: {started}"[:500]
        )
    if ":" in device and found["count"] != 1:
        raise _broken(f"{found['count']} devices are visible instead of one")
    if found["free"] < LEAST_FREE:
        message = "GPU의 남은 메모리가 너무 적습니다. 다른 프로세스가 쓰고 있는지 확인하세요."
        raise InfrastructureError("gpu-full", message, detail=f"{found['free'] >> 20} MiB are free")
    return found


def _broken(detail: str) -> InfrastructureError:
    return InfrastructureError("gpu-broken", "GPU가 간단한 계산에 실패합니다.", detail=detail)
