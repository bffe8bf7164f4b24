"""Row 43: a submission that takes all of a GPU's memory, or never lets go of it, costs the next one nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.grading.gpu_device import GpuDevice, open_gpus
from autograder.model import Limits
from autograder.sandbox import ForkServer, SandboxControl
from autograder.sandbox.confinement import devices, policy
from tests.allowances import within
from tests.bench.assignments import REFERENCE
from tests.grading.works import job_for, outcomes

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
    if not devices.gpus():
        pytest.skip("no NVIDIA GPU on this machine")
    with ForkServer() as server:
        control = SandboxControl(server.control())
        yield control
        control.close()


def honest(control: SandboxControl) -> str:
    with control.spawn(limits=Limits(), device="cuda") as sandbox:
        result = sandbox.run_cell(HONEST, index=0, allowance=within(60))
    return "".join(output.get("text", "") for output in result.outputs).strip()


@pytest.mark.gpu
@pytest.mark.soak
def test_memory_taken_on_a_gpu_is_free_again_when_its_sandbox_ends(control: SandboxControl) -> None:
    with control.spawn(limits=Limits(), device="cuda") as sandbox:
        result = sandbox.run_cell(HOG, index=0, allowance=within(60))
        assert "full True" in "".join(output.get("text", "") for output in result.outputs)
    assert honest(control) == str(float(1 << 20))


@pytest.mark.gpu
@pytest.mark.soak
def test_a_kernel_that_never_ends_is_ended_with_its_sandbox(control: SandboxControl) -> None:
    with control.spawn(limits=Limits(), device="cuda") as sandbox:
        assert sandbox.run_cell(HANG, index=0, allowance=within(3)).status == "timeout"
    assert honest(control) == str(float(1 << 20))


@pytest.mark.gpu
@pytest.mark.soak
@pytest.mark.usefixtures("control")
def test_every_gpu_of_this_machine_is_healthy_and_earns_the_reference_its_badges() -> None:
    for gpu in devices.gpus():
        device = GpuDevice(gpu)
        try:
            device.examine()
            job = {**job_for("04-gpu-speedup", REFERENCE), "device": gpu.device, "badges": True}
            assert set(outcomes(device.grade(job, 900.0)).values()) == {"passed"}
        finally:
            device.reset()


@pytest.mark.gpu
@pytest.mark.soak
@pytest.mark.usefixtures("control")
def test_an_endless_kernel_in_a_submission_takes_no_gpu_out() -> None:
    slots = open_gpus()
    job = {**job_for("04-gpu-speedup", REFERENCE), "badges": True}
    endless = {"cell_type": "code", "id": "endless", "metadata": {}, "outputs": [], "source": HANG}
    job["notebook"] = {**job["notebook"], "cells": [*job["notebook"]["cells"], {**endless, "execution_count": None}]}
    try:
        result = slots.grade(job, 900.0)
        assert "cell-timeout" in {verdict["code"] for verdict in result["verdicts"]}
        assert slots.out == []
        assert set(outcomes(slots.grade({**job_for("04-gpu-speedup", REFERENCE), "badges": True}, 900.0)).values()) == {
            "passed"
        }
    finally:
        slots.close()


@pytest.mark.gpu
@pytest.mark.soak
def test_a_sandbox_takes_no_more_than_its_share_of_the_memory(control: SandboxControl) -> None:
    source = HOG + "print(torch.cuda.memory_reserved() / torch.cuda.get_device_properties(0).total_memory)\n"
    with control.spawn(limits=Limits(), device="cuda") as sandbox:
        result = sandbox.run_cell(source, index=0, allowance=within(60))
    share = float("".join(output.get("text", "") for output in result.outputs).split()[-1])
    assert 0.5 < share <= devices.memory_fraction() + 0.01


def test_only_a_sandbox_for_a_gpu_may_open_its_devices_and_neither_gets_more_than_it_needs() -> None:
    cpu = policy.system_calls(landlock_abi=7, notify=True)
    gpu = policy.system_calls(landlock_abi=7, notify=True, device="cuda")
    opened = {name for name in gpu if gpu[name] != cpu.get(name)}
    assert opened == {"ioctl", "mbind", "set_mempolicy", "mlockall", "munlockall", "memfd_create"}
    limits = {device: policy.rlimits(Limits(), base_bytes=0, own_uid=True, device=device) for device in ("cpu", "cuda")}
    missing = set(limits["cpu"]) - set(limits["cuda"])
    import resource

    assert missing == {resource.RLIMIT_AS, resource.RLIMIT_MEMLOCK}, "the judge's watch on memory stands for these"
