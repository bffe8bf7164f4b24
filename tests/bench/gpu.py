"""`python -m tests.bench.gpu`: what this machine's GPUs cost and give, into `build/bench/gpu.json`.

For each GPU: its examination, the time from an order to a sandbox's first result on the device, and the reference of
assignment 04 graded by both runners: points on the CPU, badges on the GPU.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from autograder.errors import GraderError
from autograder.grading.gpu_device import GpuDevice
from autograder.model import Limits
from autograder.sandbox.confinement.devices import Gpu, gpus, memory_fraction
from tests.allowances import within
from tests.bench.assignments import REFERENCE
from tests.grading.works import job_for, outcomes

ASSIGNMENT = "04-gpu-speedup"
NONE = "GPU가 없습니다: /dev/nvidia*가 없거나 열 수 없거나 CUDA_VISIBLE_DEVICES가 가립니다 (no usable NVIDIA GPU here)"
FIRST = "import torch\nprint(float(torch.ones(1024, 1024, device='cuda').sum()))"


def start_up(device: GpuDevice, runs: int) -> dict[str, float]:
    """Return seconds from the order to the first result on the device, and the sandbox's memory in MB."""
    seconds, peaks = [], []
    control = device._slots.control()
    for _ in range(runs + 1):
        started = time.perf_counter()
        with control.spawn(limits=Limits(memory_mb=8192), device=device.name) as sandbox:
            result = sandbox.run_cell(FIRST, index=0, allowance=within(120))
            assert result.status == "ok", result
            seconds.append(time.perf_counter() - started)
            peaks.append(sandbox.usage["peak_private_mb"])
    control.close()
    return {
        "median_seconds": round(statistics.median(seconds[1:]), 3),
        "worst_seconds": round(max(seconds[1:]), 3),
        "first_seconds": round(seconds[0], 3),
        "runs": runs,
        "peak_private_mb": round(max(peaks), 1),
    }


def reference(device: GpuDevice, *, badges: bool) -> dict[str, Any]:
    """Grade the reference of 04 once; return seconds, memory and how many tests ended how."""
    job = {**job_for(ASSIGNMENT, REFERENCE), "device": device.name if badges else "cpu", "badges": badges}
    started = time.perf_counter()
    result = device.grade(job, 900.0)
    found = outcomes(result)
    return {
        "seconds": round(time.perf_counter() - started, 2),
        "peak_rss_mb": result["usage"]["peak_rss_mb"],
        "outcomes": {outcome: list(found.values()).count(outcome) for outcome in sorted(set(found.values()))},
        "not_passed": sorted(name for name, outcome in found.items() if outcome not in ("passed", "deferred")),
    }


def measure(gpu: Gpu, runs: int) -> dict[str, Any]:
    """Return everything about one GPU."""
    device = GpuDevice(gpu)
    try:
        started = time.perf_counter()
        device.examine()  # the fork server's start included
        examined = {**device.report, "seconds": round(time.perf_counter() - started, 2)}
        return {
            "device": device.label,
            "examination": examined,
            "sandbox": start_up(device, runs),
            "reference_on_cpu": reference(device, badges=False),
            "reference_badges": reference(device, badges=True),
        }
    finally:
        device.reset()


def main() -> int:
    """Measure every GPU, print and write what was seen; 1 if there is none or one of them fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/bench"))
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--check", action="store_true", help="only say whether there is a GPU")
    arguments = parser.parse_args()
    found = gpus()
    if not found:
        print(NONE, file=sys.stderr)
        return 1
    if arguments.check:
        print("\n".join(f"{gpu.device} {gpu.name}" for gpu in found))
        return 0
    figures: list[dict[str, Any]] = []
    for gpu in found:
        try:
            figures.append(measure(gpu, arguments.runs))
        except GraderError as error:
            figures.append({"device": gpu.device, "error": error.code, "detail": error.detail})
    arguments.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"memory_fraction": memory_fraction(), "gpus": figures}, indent=1, ensure_ascii=False)
    (arguments.out / "gpu.json").write_text(text + "\n", encoding="utf-8")
    print(text)
    whole = all("error" not in entry and not entry["reference_badges"]["not_passed"] for entry in figures)
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
