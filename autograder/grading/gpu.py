"""GPU slots: one job at a time on each device, and only on devices that have just been seen to compute.

A device is examined before its first job and after everything that a sick device could have caused: a job that failed
for no reason of the student's, and a badge that was not earned. So a student's endless kernel costs one badge and no
device, and a device that breaks under a job costs nobody a badge: the job's result is thrown away, the device is taken
out (quarantined), and the job goes to another. A job under which two devices in a row were lost goes no further.

Nothing here waits for a device without a deadline: `Device` promises that, and a process that the driver does not let
die is left behind with its fork server.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from autograder.errors import ConfinementError, GraderError, InfrastructureError
from autograder.grading.fault import MACHINE_BUSY
from autograder.model import Outcome

__all__ = ["FINAL", "MOST_LOST", "Device", "GpuSlots", "GpusOutError", "Quarantine", "quarantined", "suspect"]

FINAL = frozenset({"gpu-quarantined", "gpu-suspect", "gpu-closed", MACHINE_BUSY, "grader-differs"})
"""Codes after which the same job need not be tried again in this run."""

_PAUSE_SECONDS = 900.0
"""After which a device that was taken out may show that it has recovered; for runners that live for days."""
MOST_LOST = 2
"""Devices that may break under one job before it goes no further."""

_REASONS = {
    "gpu-silent": "응답이 없습니다",
    "gpu-broken": "계산에 실패합니다",
    "gpu-full": "남은 메모리가 너무 적습니다",
    "gpu-none": "쓸 수 있는 GPU가 없습니다",
    "gpu-taken": "다른 채점이 쓰고 있습니다",
    "sandbox-stuck": "강제로도 끝나지 않는 프로세스가 붙들고 있습니다",
}


class Device(Protocol):
    """One GPU as `GpuSlots` uses it: by one thread at a time, each call within a bounded time."""

    name: str
    """``"cuda:N"`` or ``"cuda"``: what a job is told to compute on."""
    label: str
    """For people: the name and, where it is known, the model."""

    def examine(self) -> None:
        """Return if the device computes; raises GraderError, its code saying what is wrong."""

    def grade(self, job: dict[str, Any], silence: float) -> dict[str, Any]:
        """Grade one job; raises as `autograder.grading.slots.Slots.grade`."""

    def reset(self) -> None:
        """End whatever still runs on it; may be used again. Never raises."""


@dataclass(frozen=True, slots=True)
class Quarantine:
    """A device that was taken out.

    Args:
        device: its label.
        code: what was wrong: ``gpu-silent``, ``gpu-broken``, ``gpu-full``, ``gpu-taken``, ``sandbox-stuck`` or another
            code of the machinery.
        detail: English, for staff.
        since: when, on the slots' clock.
    """

    device: str
    code: str
    detail: str
    since: float

    @property
    def text(self) -> str:
        """Korean: which device and why."""
        return f"{self.device}: {_REASONS.get(self.code, '검사를 마치지 못했습니다')}"


@dataclass(eq=False, slots=True)
class _Slot:
    device: Device
    busy: bool = False
    proven: bool = False
    out: Quarantine | None = None


class GpusOutError(InfrastructureError):
    """``gpu-quarantined``: no device is left. `lost` of them broke under the very job."""

    lost = 0


class GpuSlots:
    """The GPUs of one runner. `grade` may be called from any number of threads; each job waits for a free device.

    Args:
        devices: the GPUs; none of them is touched before the first job.
        clock: monotonic seconds.
    """

    def __init__(self, devices: Sequence[Device], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._slots = [_Slot(device) for device in devices]
        self._clock = clock
        self._changed = threading.Condition()
        self._closed = False

    @property
    def count(self) -> int:
        """How many jobs can run at the same time if every device is healthy."""
        return len(self._slots)

    @property
    def out(self) -> list[Quarantine]:
        """The devices that are taken out now, and why."""
        with self._changed:
            return [slot.out for slot in self._slots if slot.out is not None]

    def grade(self, job: dict[str, Any], silence: float) -> dict[str, Any]:
        """Grade a job on one device, on another if that breaks; `silence` is the judge's, as in `Slots.grade`.

        Returns:
            The judge's result, with ``"gpu"``: the label of the device.

        Raises:
            InfrastructureError: ``gpu-quarantined`` (no device is left), ``gpu-suspect`` (two devices in a row were
                lost under this job), ``gpu-closed``; or the machinery failed on a healthy device, and the job may be
                tried again.
            ConfinementError: this machine cannot confine student code.
        """
        lost = 0
        while True:
            try:
                slot = self._take()
            except GpusOutError as error:
                error.lost = lost
                raise
            ran = False
            try:
                if not slot.proven:
                    self._examine(slot)
                ran = True
                return {**self._run(slot, job, silence), "gpu": slot.device.label}
            except _SickError as sick:
                lost += ran
                self._quarantine(slot, sick.error)
            finally:
                self._give_back(slot)
            if lost >= MOST_LOST:
                raise suspect(self.out)

    def close(self) -> None:
        """End what runs on every device. A job that still waits for one ends with ``gpu-closed``. May be repeated."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for slot in self._slots:
            slot.device.reset()

    def _take(self) -> _Slot:
        """Return a device for this thread alone: a healthy one, else one whose time out is over."""
        with self._changed:
            while True:
                if self._closed:
                    raise _closed()
                free = [slot for slot in self._slots if not slot.busy]
                over = self._clock() - _PAUSE_SECONDS
                ready = [slot for slot in free if slot.out is None] or [
                    slot for slot in free if slot.out is not None and slot.out.since <= over
                ]
                if ready:
                    ready[0].busy = True
                    return ready[0]
                if all(slot.out is not None for slot in self._slots if not slot.busy) and len(free) == len(self._slots):
                    raise quarantined([slot.out for slot in self._slots if slot.out is not None])
                self._changed.wait()

    def _run(self, slot: _Slot, job: dict[str, Any], silence: float) -> dict[str, Any]:
        slot.proven = False
        try:
            result = slot.device.grade({**job, "device": slot.device.name}, silence)
        except ConfinementError:
            raise
        except Exception as error:
            if isinstance(error, GraderError) and error.code == "sandbox-stuck":
                raise _SickError(error) from error
            self._examine(slot)
            raise
        if _is_clean(result):
            slot.proven = True
        else:
            self._examine(slot)
        return result

    def _examine(self, slot: _Slot) -> None:
        """Have the device compute something; raises _SickError if it does not, else a GraderError."""
        if self._closed:  # what failed under a job was ended by `close`
            raise _closed()
        try:
            slot.device.examine()
        except ConfinementError:
            raise
        except Exception as error:
            if isinstance(error, GraderError) and error.code in (MACHINE_BUSY, "grader-differs"):
                raise  # it says nothing about the device
            raise _SickError(error) from error
        slot.proven = True
        with self._changed:
            slot.out = None

    def _quarantine(self, slot: _Slot, error: Exception) -> None:
        code = error.code if isinstance(error, GraderError) else "gpu-examination"
        detail = error.detail or error.code if isinstance(error, GraderError) else f"{type(error).__name__}: {error}"
        with self._changed:
            slot.proven = False
            slot.out = Quarantine(slot.device.label, code, f"{slot.device.label}: {detail}", self._clock())
        slot.device.reset()

    def _give_back(self, slot: _Slot) -> None:
        with self._changed:
            slot.busy = False
            self._changed.notify_all()


class _SickError(Exception):
    """The device failed its examination, or holds a process that cannot be ended."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


def suspect(devices: Sequence[Quarantine]) -> InfrastructureError:
    """Return what there is to tell the staff about a job under which devices broke one after another."""
    message = "이 제출물을 실행한 GPU가 잇따라 고장 나, 배지를 미루고 더 실행하지 않습니다. 조교가 확인하세요."
    return InfrastructureError("gpu-suspect", message, detail="; ".join(device.detail for device in devices))


def quarantined(devices: Sequence[Quarantine]) -> GpusOutError:
    """Return what there is to tell the staff about devices that were taken out; ``gpu-quarantined``."""
    which = ", ".join(device.text for device in devices) or "쓸 수 있는 GPU가 없습니다"
    message = (
        f"GPU를 제외했습니다({which}). 여기서 마치지 못한 GPU 배지는 미루어 두며 점수에는 영향이 없습니다. "
        "nvidia-smi로 장치를 확인하고 필요하면 컴퓨터를 다시 시작한 뒤, 같은 명령을 다시 실행하세요."
    )
    return GpusOutError("gpu-quarantined", message, detail="; ".join(device.detail for device in devices))


def _closed() -> InfrastructureError:
    return InfrastructureError("gpu-closed", "채점을 끝내고 있어 GPU를 더 쓰지 않습니다.")


def _is_clean(result: dict[str, Any]) -> bool:
    """Whether nothing in a result could be a sick device's doing: every badge was earned."""
    badges = [test for test in result.get("tests", ()) if test.get("badge")]
    return bool(badges) and all(test.get("outcome") == Outcome.PASSED.value for test in badges)
