"""Row 43: a submission that takes all of a GPU's memory, or never lets go of it, costs the next one nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.model import Limits
from autograder.sandbox import ForkServer, SandboxControl, policy

HOG = """
import torch
kept = []
try:
    while True:
        kept.append(torch.empty(256 << 20, dtype=torch.uint8, device="cuda"))
except torch.OutOfMemoryError:
    print("full", len(kept) > 4)
"""
HANG = "import torch\ntorch.cuda._sleep(1 << 62)\ntorch.cuda.synchronize()\n"
HONEST = "import torch\nprint(float(torch.ones(1 << 20, device='cuda').sum()))\n"


@pytest.fixture(scope="module")
def control() -> Iterator[SandboxControl]:
    if not Path("/dev/nvidiactl").exists():
        pytest.skip("no NVIDIA GPU on this machine")
    with ForkServer() as server:
        control = SandboxControl(server.control())
        yield control
        control.close()


def honest(control: SandboxControl) -> str:
    with control.spawn(limits=Limits(), device="cuda") as sandbox:
        result = sandbox.run_cell(HONEST, index=0, timeout=60)
    return "".join(output.get("text", "") for output in result.outputs).strip()


@pytest.mark.gpu
@pytest.mark.soak
def test_memory_taken_on_a_gpu_is_free_again_when_its_sandbox_ends(control: SandboxControl) -> None:
    with control.spawn(limits=Limits(), device="cuda") as sandbox:
        result = sandbox.run_cell(HOG, index=0, timeout=60)
        assert "full True" in "".join(output.get("text", "") for output in result.outputs)
    assert honest(control) == str(float(1 << 20))


@pytest.mark.gpu
@pytest.mark.soak
def test_a_kernel_that_never_ends_is_ended_with_its_sandbox(control: SandboxControl) -> None:
    with control.spawn(limits=Limits(), device="cuda") as sandbox:
        assert sandbox.run_cell(HANG, index=0, timeout=3).status == "timeout"
    assert honest(control) == str(float(1 << 20))


def test_only_a_sandbox_for_a_gpu_may_open_its_devices_and_neither_gets_more_than_it_needs() -> None:
    cpu = policy.system_calls(landlock_abi=7, notify=True)
    gpu = policy.system_calls(landlock_abi=7, notify=True, device="cuda")
    opened = {name for name in gpu if gpu[name] != cpu.get(name)}
    assert opened == {"ioctl", "mbind", "set_mempolicy", "mlockall", "munlockall", "memfd_create"}
    limits = {device: policy.rlimits(Limits(), base_bytes=0, own_uid=True, device=device) for device in ("cpu", "cuda")}
    missing = set(limits["cpu"]) - set(limits["cuda"])
    import resource

    assert missing == {resource.RLIMIT_AS, resource.RLIMIT_MEMLOCK}, "the judge's watch on memory stands for these"
