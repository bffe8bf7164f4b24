"""A sandbox that ends between two cells: somebody outside is our trouble, the student's own doing is the student's."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from autograder.errors import InfrastructureError
from autograder.judge.notebook import NotebookRun
from autograder.model import Limits
from autograder.sandbox import Allowance, ForkServer, SandboxControl, Watched
from autograder.sandbox.processes.procfs import wait_exit

CELLS = ["def f(x):\n    return x", "def g(x):\n    return 2 * x"]
ENDS_LATER = "import os, threading\nthreading.Timer(0.2, os._exit, (0,)).start()\ndef f(x):\n    return x"
ENDS = "import os\nos._exit(0)"


class Killed:
    """A real sandbox that is killed from outside, or left alone for a while, right after its n-th cell has answered."""

    def __init__(self, sandbox: Any, after: int | None, *, wait: bool = False) -> None:
        self._sandbox, self._after, self._wait, self._ran = sandbox, after, wait, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sandbox, name)

    def run_cell(self, source: str, *, index: int, allowance: Allowance, watched: Watched) -> Any:
        result = self._sandbox.run_cell(source, index=index, allowance=allowance, watched=watched)
        if self._ran == self._after:
            if not self._wait:
                os.kill(self._sandbox.pid, signal.SIGKILL)
            wait_exit(self._sandbox._host.member.pidfd, 10)
        self._ran += 1
        return result


@pytest.fixture
def control(fork_server: ForkServer) -> Iterator[SandboxControl]:
    control = SandboxControl(fork_server.control())
    yield control
    control.close()


def run(control: SandboxControl, cells: list[str], *after: int | None, wait: bool = False) -> NotebookRun:
    """Run a notebook; the n-th of its sandboxes is killed after its `after[n]`-th cell."""
    plan = iter(after)
    notebook = {"cells": [{"cell_type": "code", "source": cell, "metadata": {}} for cell in cells]}

    def spawn() -> Any:
        return Killed(control.spawn(limits=Limits()), next(plan, None), wait=wait)

    return NotebookRun(notebook, spawn, (), Limits())


@pytest.mark.parametrize("after", [0, 1])
def test_a_kill_from_outside_after_a_cell_is_our_trouble(control: SandboxControl, after: int) -> None:
    notebook = run(control, CELLS, after)
    try:
        with pytest.raises(InfrastructureError) as caught:
            notebook.run()
        assert caught.value.code == "sandbox-lost"
    finally:
        notebook.close()


def test_so_is_one_while_the_earlier_cells_run_again(control: SandboxControl) -> None:
    notebook = run(control, [CELLS[0], ENDS, CELLS[1]], None, 0)
    try:
        with pytest.raises(InfrastructureError) as caught:
            notebook.run()
        assert caught.value.code == "sandbox-lost"
    finally:
        notebook.close()


def test_and_one_before_the_first_question(control: SandboxControl) -> None:
    notebook = run(control, CELLS)
    try:
        notebook.run()
        os.kill(notebook._sandbox.pid, signal.SIGKILL)
        for look in (lambda: notebook.is_defined("f"), notebook.branch):
            with pytest.raises(InfrastructureError) as caught:
                look()
            assert caught.value.code == "sandbox-lost"
    finally:
        notebook.close()


def test_a_process_that_ends_itself_later_costs_no_cell(control: SandboxControl) -> None:
    """What ends it was left running by a cell that had answered: it is left behind, and the cell counts."""
    notebook = run(control, [ENDS_LATER, CELLS[1]], 0, wait=True)
    try:
        notebook.run()
        assert [cell.status for cell in notebook.cells] == ["ok", "ok"]
        assert notebook.restarts == 1
        assert notebook.is_defined("f")
        assert notebook.is_defined("g")
    finally:
        notebook.close()
