"""Start-up and memory of sandboxes: from the request to the first cell's result, and what a running one holds."""

from __future__ import annotations

import statistics
import time

from autograder.model import Limits
from autograder.sandbox import ForkServer, SandboxControl
from tests.allowances import within
from tests.bench.machine import memory as held

TRAINING = """
import torch
model = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.Tanh(), torch.nn.Linear(32, 10))
optimizer = torch.optim.Adam(model.parameters())
x, y = torch.randn(256, 64), torch.randint(0, 10, (256,))
for _ in range(50):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
"""


def _quantiles(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        "p50_ms": round(statistics.median(ordered) * 1e3, 2),
        "p95_ms": round(ordered[int(0.95 * (len(ordered) - 1))] * 1e3, 2),
        "runs": len(ordered),
    }


def start_up(runs: int = 100) -> dict[str, dict[str, float]]:
    """Return quantiles of fork server's readiness, first cell's result, one branch and one call."""
    started = time.perf_counter()
    with ForkServer() as server:
        ready = time.perf_counter() - started
        control = SandboxControl(server.control())
        first, branch, call = [], [], []
        for _ in range(runs + 3):
            start = time.perf_counter()
            with control.spawn(limits=Limits()) as sandbox:
                sandbox.run_cell("def f(x): return x", index=0, allowance=within(10))
                first.append(time.perf_counter() - start)
                start = time.perf_counter()
                with sandbox.branch() as question:
                    question.call("f", (1,), {}, allowance=within(10))
                    branch.append(time.perf_counter() - start)
                    start = time.perf_counter()
                    question.call("f", (1,), {}, allowance=within(10))
                    call.append(time.perf_counter() - start)
        return {
            "fork_server_ready": {"seconds": round(ready, 2)},
            "first_cell": _quantiles(first[3:]),
            "branch_and_call": _quantiles(branch[3:]),
            "call": _quantiles(call[3:]),
        }


def memory() -> dict[str, float]:
    """Return MB held by one sandbox that has trained a small model with Adam: private (USS) and proportional (PSS)."""
    with ForkServer() as server:
        control = SandboxControl(server.control())
        with control.spawn(limits=Limits()) as sandbox:
            result = sandbox.run_cell(TRAINING, index=0, allowance=within(60))
            assert result.status == "ok", result
            private, proportional = held(sandbox.pid)
            return {"private_mb": round(private, 1), "pss_mb": round(proportional, 1)}
