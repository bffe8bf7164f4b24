"""Which NVIDIA GPUs there are, which files in /dev belong to one of them, and how CUDA is kept from seeing another.

Owns the names of devices: ``"cpu"``; ``"cuda:N"``, N being the number in ``/dev/nvidiaN``; and ``"cuda"``, every GPU
there is. Reads names, /proc/driver/nvidia and the environment and loads no library, so that coordinator and fork server
can ask: a process that has touched CUDA has no usable forks. Sources: NVIDIA driver README, "/proc filesystem
interface"; CUDA programming guide, CUDA_VISIBLE_DEVICES.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["DEV", "FRACTION", "PROC", "Gpu", "gpus", "is_device", "memory_fraction", "nodes", "visible_to"]

DEV, PROC = Path("/dev"), Path("/proc/driver/nvidia/gpus")
"""Where the files of devices are, and where the driver tells of its GPUs, a folder for each PCI address."""

FRACTION = "AUTOGRADER_GPU_FRACTION"
"""Environment variable: the share of a GPU's memory that torch may take in a sandbox, 0.9 unless it is set."""

_DEVICE = re.compile(r"cpu|cuda(:\d{1,3})?")
_NODE = re.compile(r"nvidia(\d+)")
_CONTROL = ("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools")
"""Beside the GPU's own: without the last one, CUDA of driver 570 gives up at its start (error 304)."""
_CAPABILITIES = "nvidia-caps"
"""A folder; who may use which part of a GPU that is divided (MIG)."""


@dataclass(frozen=True, slots=True)
class Gpu:
    """One GPU, or one part of a divided GPU, which then counts as all there is (``"cuda"``).

    Args:
        device: ``"cuda:N"`` or ``"cuda"``.
        uuid: how CUDA names it in every process, "" where the driver does not say.
        name: its model, "" where the driver does not say.
        place: its PCI address, which is what the numbers of CUDA_VISIBLE_DEVICES are counted by here.
    """

    device: str
    uuid: str = ""
    name: str = ""
    place: str = ""


def is_device(device: str) -> bool:
    """Say whether this names a device a sandbox can be made for."""
    return _DEVICE.fullmatch(device) is not None


def gpus(environment: Mapping[str, str] = os.environ) -> list[Gpu]:
    """Return the GPUs this process may use: files it may open, as far as CUDA_VISIBLE_DEVICES names them.

    Numbers in that variable count the usable GPUs by PCI address, as nvidia-smi does. With a MIG part in it, that part
    is the only device.
    """
    wanted = environment.get("CUDA_VISIBLE_DEVICES")
    known = _information()
    found = []
    for number, path in _own_nodes().items():
        if os.access(path, os.R_OK | os.W_OK):  # asks the device cgroup too, and opens nothing
            place, uuid, name = known.get(number, ("", "", ""))
            found.append((place, number, Gpu(f"cuda:{number}", uuid, name, place)))
    usable = [gpu for _, _, gpu in sorted(found, key=lambda entry: entry[:2])]
    if wanted is None:
        return usable
    chosen: list[Gpu] = []
    for entry in (part.strip() for part in wanted.split(",")):
        if entry.startswith("MIG-") and not chosen:
            return [Gpu("cuda", entry)] if usable else []
        gpu = _named(entry, usable)
        if gpu is None or gpu in chosen:  # CUDA, too, goes no further than the first name that means nothing
            break
        chosen.append(gpu)
    return chosen


def nodes(device: str) -> list[str]:
    """Return the paths in /dev that a sandbox for this device opens, and no others; none for the CPU.

    Raises:
        OSError: there is no such GPU.
        ValueError: not the name of a device.
    """
    if not is_device(device):
        raise ValueError(f"no such device: {device}")
    if device == "cpu":
        return []
    own = {number: str(path) for number, path in _own_nodes().items()}
    control = [str(DEV / name) for name in _CONTROL if (DEV / name).exists()]
    if device == "cuda":
        divided = [str(DEV / _CAPABILITIES)] if (DEV / _CAPABILITIES).is_dir() else []
        return [*own.values(), *control, *divided]
    number = int(device.partition(":")[2])
    if number not in own:
        raise FileNotFoundError(f"{DEV}/nvidia{number} is not there")
    return [own[number], *control]


def visible_to(device: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """Return what CUDA_VISIBLE_DEVICES says in a sandbox for this device; None leaves it unset.

    A GPU is named by its UUID, which means the same whichever others can be opened. Where the driver does not tell it,
    the GPU is the first: the only one whose file Landlock opens.
    """
    if device == "cpu":
        return None
    if device == "cuda":
        return environment.get("CUDA_VISIBLE_DEVICES")
    return _information().get(int(device.partition(":")[2]), ("", "", ""))[1] or "0"


def memory_fraction(environment: Mapping[str, str] = os.environ) -> float:
    """Return the share of a GPU's memory for a sandbox; raises ValueError unless it is in (0, 1]."""
    fraction = float(environment.get(FRACTION) or 0.9)
    if not 0.0 < fraction <= 1.0:
        raise ValueError(f"{FRACTION}={fraction}")
    return fraction


def _own_nodes() -> dict[int, Path]:
    """Return number -> path of the files that stand for a whole GPU each."""
    try:
        names = sorted(os.listdir(DEV))  # noqa: PTH208  (names are all that is wanted)
    except OSError:
        return {}
    matches = [(match, DEV / name) for name in names if (match := _NODE.fullmatch(name)) is not None]
    return {int(match[1]): path for match, path in sorted(matches, key=lambda entry: int(entry[0][1]))}


def _information() -> dict[int, tuple[str, str, str]]:
    """Return number -> (PCI address, UUID, model) of what the driver tells in text."""
    found = {}
    for path in sorted(PROC.glob("*/information")):
        try:
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            continue
        told = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
        uuid = told.get("GPU UUID", "")
        if told.get("Device Minor", "").isdigit():
            # question marks stand there until the GPU is first used
            found[int(told["Device Minor"])] = (path.parent.name, "" if "?" in uuid else uuid, told.get("Model", ""))
    return found


def _named(entry: str, usable: list[Gpu]) -> Gpu | None:
    if entry.isdigit():
        return usable[int(entry)] if int(entry) < len(usable) else None
    if entry.startswith("GPU-"):
        matching = [gpu for gpu in usable if gpu.uuid.startswith(entry)]
        return matching[0] if len(matching) == 1 else None
    return None
