"""What the judge's tests share: a small suite on disk, and a sandbox in this process that can hang, die and forge."""

from __future__ import annotations

import dataclasses
import math
import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from autograder.catalog import load_assignment
from autograder.errors import ProtocolError
from autograder.judge.inprocess import InProcessBranch, InProcessSandbox
from autograder.judge.run import Job, grade
from autograder.judge.suite import Suite
from autograder.model import Limits
from autograder.sandbox import (
    Allowance,
    BranchUnavailable,
    CellResult,
    Exit,
    Meter,
    SandboxDied,
    SandboxTimeout,
    Watched,
)
from autograder.sandbox.confinement.policy import MOST_BRANCHES
from autograder.sandbox.shell.bindings import Bindings

SECRET = b"a secret of the tests"


class FakeClock:
    """CPU seconds that pass only when told, and the allowance of the request that is being answered."""

    def __init__(self) -> None:
        self.cpu = 0.0
        self.allowance = Allowance(math.inf, math.inf, math.inf)

    def __call__(self) -> float:
        return 1000.0 + self.cpu


class FakeSandbox(InProcessSandbox):
    """Gives the notebook `hang()`, `sleep()`, `die(reason)`, `take(seconds)` and `forge()`."""

    def __init__(self, clock: FakeClock, control: FakeControl) -> None:
        super().__init__()
        self.clock, self.control = clock, control
        self.confinement = {"fake": True}
        self.ran: list[int] = []
        self.forked: list[FakeBranch] = []
        self.killed = self.stopped = False
        self.interruptible = control.interruptible
        self.saved: dict[str, Any] | None = None
        self.namespace.update(hang=self._hang, sleep=self._sleep, die=self._die, take=self._take, forge=self._forge)

    def run_cell(self, source: str, *, index: int, allowance: Allowance, watched: Watched) -> Any:
        self.clock.allowance = allowance
        if self.stopped:
            return CellResult(status="skipped")
        self.ran.append(index)
        before = self.clock.cpu
        try:
            result = super().run_cell(source, index=index, allowance=allowance, watched=watched)
        except (ProtocolError, SandboxDied, SandboxTimeout) as ending:
            self.alive = self.interruptible and isinstance(ending, SandboxTimeout)
            self.stopped = not self.alive
            if isinstance(ending, SandboxTimeout):
                result = CellResult(status="timeout", limit=ending.limit)
            elif isinstance(ending, ProtocolError):
                self.broken = ending.detail
                result = CellResult(status="died", reason="protocol")
            else:
                result = CellResult(status="memory" if ending.reason == "memory" else "died", reason=ending.reason)
        return dataclasses.replace(result, meter=Meter(cpu=self.clock.cpu - before))

    def checkpoint(self) -> None:
        if self.control.copies:
            self.saved = dict(self.namespace)

    def rewind(self) -> bool:
        if self.saved is None:
            return False
        self.namespace.clear()
        self.namespace.update(self.saved)
        self.saved, self.alive, self.stopped = None, True, False
        return True

    def defined(self, names: Sequence[str]) -> set[str]:
        self.control.before_asking()
        return super().defined(names)

    def direct(self) -> Any:
        return FakeBranch(self.namespace, self.clock, self._bindings)

    def branch(self) -> Any:
        self.control.before_branch()
        if self.control.no_branches:
            raise BranchUnavailable
        if not self.alive:
            raise SandboxDied("exit")
        if sum(not branch.closed for branch in self.forked) >= MOST_BRANCHES:
            raise RuntimeError(f"{MOST_BRANCHES} branches are open")
        self.control.branches += 1
        self.forked.append(FakeBranch(self.namespace, self.clock, self._bindings))
        return self.forked[-1]

    def kill(self) -> Exit:
        assert not self.killed
        self.killed, self.alive = True, False
        return Exit("killed", 0.5, 10.0)

    def _hang(self) -> None:
        self.clock.cpu += self.clock.allowance.cpu
        raise SandboxTimeout("cpu", self.clock.allowance.cpu)

    def _sleep(self) -> None:
        raise SandboxTimeout("asleep", self.clock.allowance.asleep, Meter(asleep=self.clock.allowance.asleep))

    def _take(self, seconds: float) -> None:
        self.clock.cpu += seconds

    def _die(self, reason: str = "exit") -> None:
        raise SandboxDied(reason)

    def _forge(self) -> None:
        raise ProtocolError("reply-malformed", "형식", detail="a forged frame")


class FakeBranch(InProcessBranch):
    """Tells the clock each call's allowance, and takes note of being closed."""

    def __init__(self, namespace: dict[str, Any], clock: FakeClock, bindings: Bindings) -> None:
        super().__init__(namespace, bindings)
        self.clock = clock
        self.closed = False

    def call(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, allowance: Allowance) -> Any:
        assert not self.closed
        self.clock.allowance = allowance
        before = self.clock.cpu
        asleep = 0.0
        try:
            return super().call(name, args, kwargs, allowance=allowance)
        except SandboxTimeout as error:
            asleep = error.meter.asleep
            raise
        finally:
            self.meter = Meter(cpu=self.clock.cpu - before, asleep=asleep)

    def close(self) -> None:
        assert not self.closed
        self.closed = True
        super().close()


class FakeControl:
    """Spawns fake sandboxes."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.sandboxes: list[FakeSandbox] = []
        self.branches = 0
        self.no_branches = False
        self.before_branch: Callable[[], None] = lambda: None
        self.before_asking: Callable[[], None] = lambda: None
        self.interruptible = False
        self.copies = False

    def spawn(
        self, *, limits: Limits, files: Mapping[str, bytes], seed: int, device: str, alive: Callable[[], None]
    ) -> FakeSandbox:
        del limits, files, seed, device, alive
        self.sandboxes.append(FakeSandbox(self.clock, self))
        return self.sandboxes[-1]


@pytest.fixture
def control() -> FakeControl:
    return FakeControl()


TOML = """
title = "작은 과제"
notebook = "tiny.ipynb"
points = {points}
{questions}
"""
QUESTION = """
[[questions]]
id = "{id}"
title = "{id}"
points = {points}
names = {names}
"""
HEADER = """
import math
import numpy as np
import pytest
import torch
from autograder.judge import expect, gpu, leans_on, points, raises, require
"""


class SuiteFolder:
    """Writes suites into a folder that `load_assignment` finds; test files begin with `header`."""

    header = HEADER

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(
        self, files: dict[str, str], questions: dict[str, tuple[float, list[str]]], assignment: str = "tiny"
    ) -> Suite:
        folder = self.root / assignment
        folder.mkdir(exist_ok=True)
        listed = "".join(
            QUESTION.format(id=key, points=points, names=names).replace("'", '"')
            for key, (points, names) in questions.items()
        )
        total = sum(points for points, _ in questions.values())
        (folder / "assignment.toml").write_text(TOML.format(points=total, questions=listed), encoding="utf-8")
        for name, text in files.items():
            header = HEADER if name.startswith("test_") else ""
            (folder / name).write_text(header + textwrap.dedent(text), encoding="utf-8")
        return Suite.collect(load_assignment(assignment))


@pytest.fixture
def suites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SuiteFolder:
    root = tmp_path / "suites"
    root.mkdir()
    monkeypatch.setenv("AUTOGRADER_SUITES", str(root))
    return SuiteFolder(root)


def notebook_of(cells: dict[str, str]) -> dict[str, Any]:
    """A notebook with one code cell for each grade_id ("" for none: append spaces to have several)."""
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3"}},
        "cells": [
            {
                "cell_type": "code",
                "id": f"c{number}",
                "metadata": {"nbgrader": {"grade_id": key, "solution": True}} if key.strip() else {"tags": ["mine"]},
                "source": textwrap.dedent(source).strip(),
                "outputs": [{"output_type": "stream", "name": "stdout", "text": "claimed"}],
                "execution_count": 99,
            }
            for number, (key, source) in enumerate(cells.items())
        ],
    }


class Graded:
    """A result, easier to ask."""

    def __init__(self, result: dict[str, Any]) -> None:
        self.result = result
        self.tests = {test["name"]: test for test in result["tests"]}
        self.cells = {cell["grade_id"] or cell["index"]: cell["status"] for cell in result["cells"]}
        self.verdicts = [verdict["code"] for verdict in result["verdicts"]]

    def outcome(self, name: str) -> str:
        return str(self.tests[name]["outcome"])

    def message(self, name: str) -> str:
        return str(self.tests[name]["message"])


GradeTiny = Callable[..., Graded]


@pytest.fixture
def run(control: FakeControl) -> GradeTiny:
    """Grade cells with a suite in the fake sandbox."""

    def grade_tiny(suite: Suite, cells: dict[str, str], **changes: Any) -> Graded:
        limits = Limits(**changes.pop("limits", {}))
        job = Job(
            **{
                "assignment": "tiny",
                "suites": "",
                "suite_hash": "",
                "notebook": notebook_of(cells),
                "files": {},
                "limits": limits,
                "seed": 0,
                "secret": SECRET,
                "device": "cpu",
                "only": None,
                **changes,
            }
        )
        result = grade(job, suite, control, clock=control.clock)
        assert all(sandbox.killed for sandbox in control.sandboxes), "a sandbox was left running"
        return Graded(result)

    return grade_tiny


@pytest.fixture
def notebook() -> Callable[[dict[str, str]], dict[str, Any]]:
    """Build a notebook from cells, see `notebook_of`."""
    return notebook_of
