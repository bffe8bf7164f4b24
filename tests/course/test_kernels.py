"""The same facts and the same scores on other processors: with torch's kernels for none, AVX2 and AVX-512.

torch takes the kernels from ATEN_CPU_CAPABILITY, once, so that each has processes of its own. MKL and oneDNN, which
multiply matrices and convolve, have switches of their own: with `default` they take their oldest ways too.
Every day the facts that training decides most run with the plainest kernels; the soak runs everything with each.
"""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.model import Limits
from autograder.sandbox import ForkServer, SandboxControl
from tests.allowances import within
from tests.course.masters import ROOT
from tests.grading.test_determinism import WORKS, job, name_of

KERNELS = {
    "default": {"ATEN_CPU_CAPABILITY": "default", "MKL_CBWR": "COMPATIBLE", "ONEDNN_MAX_CPU_ISA": "SSE41"},
    "avx2": {"ATEN_CPU_CAPABILITY": "avx2"},
    "avx512": {"ATEN_CPU_CAPABILITY": "avx512"},
}
NEEDS = {"default": set(), "avx2": {"avx2", "fma"}, "avx512": {"avx512f", "avx512bw", "avx512dq", "avx512vl"}}
"""Flags of the processor; torch believes the variable without looking, and would end with an illegal instruction."""

FACTS = [f"tests/course/test_facts_0{number}.py" for number in range(1, 6)]
DAILY = [
    f"{FACTS[1]}::test_he_keeps_the_signal_and_the_default_of_torch_does_not",
    f"{FACTS[4]}::test_random_features_do_not_catch_up",
]
"""A fact about drawn networks and one about trained ones."""


@pytest.fixture
def kernels(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The kernels of this name for the processes that the test starts."""
    name: str = request.param
    if missing := lacking(name):
        pytest.skip(f"this processor has no {', '.join(sorted(missing))}")
    for variable, value in KERNELS[name].items():
        monkeypatch.setenv(variable, value)
    return name


def lacking(name: str) -> set[str]:
    """What this processor lacks for these kernels."""
    return NEEDS[name] - _flags()


@functools.cache
def _flags() -> set[str]:
    found = re.search(r"^flags\s*:(.*)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    return set(found.group(1).split()) if found else set()


def facts(tests: list[str]) -> str:
    """Run these tests in a process of their own, and return what pytest says."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    return done.stdout


def scores(works: list[tuple[str, Any]]) -> dict[str, float]:
    """Grade in a process of its own, on two slots: the points of each work."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.grading.elsewhere", "local", "2"],
        cwd=ROOT,
        input="".join(json.dumps(job(work)) + "\n" for work in works),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    results = [json.loads(line)["tests"] for line in done.stdout.splitlines()]
    points = [sum(test["points"] for test in tests if test["outcome"] == "passed") for tests in results]
    return dict(zip(map(name_of, works), points, strict=True))


EVERY = pytest.mark.parametrize("kernels", KERNELS, indirect=True)
PLAIN = pytest.mark.parametrize("kernels", ["default"], indirect=True)


@PLAIN
def test_a_few_facts_hold_with_the_plainest_kernels(kernels: str) -> None:
    assert f"{len(DAILY)} passed" in facts(DAILY)


@PLAIN
def test_a_fork_server_is_told_of_the_kernels(kernels: str) -> None:
    """And torch, which the soak asks, computes with them where a student's code runs."""
    with ForkServer(preload=()) as server:
        told = Path(f"/proc/{server.pid}/environ").read_bytes().split(b"\0")
    assert f"ATEN_CPU_CAPABILITY={kernels}".encode() in told


@pytest.mark.soak
@EVERY
def test_a_sandbox_computes_with_the_kernels(kernels: str) -> None:
    with ForkServer(preload=("torch",)) as server:
        control = SandboxControl(server.control())
        with control.spawn(limits=Limits()) as sandbox:
            ran = sandbox.run_cell(
                "import torch; torch.backends.cpu.get_cpu_capability()", index=0, allowance=within(20.0)
            )
        control.close()
    assert repr(kernels.upper()) in json.dumps(ran.outputs)


@pytest.mark.soak
@EVERY
def test_every_fact_holds(kernels: str) -> None:
    assert " passed" in facts(FACTS)


@pytest.mark.soak
@EVERY
def test_the_sample_class_has_the_stated_scores(kernels: str) -> None:
    assert scores(WORKS) == {name_of(work): float(work[1].expect) for work in WORKS}
