"""What can pass between two looks of the judge, in MB: the figures of docs/security.md.

The judge looks four times a second. Memory is bounded meanwhile by the address space that a process may have, files by
what a disk takes in that time.
"""

from __future__ import annotations

import pytest

from autograder.model import Limits
from autograder.sandbox import Sandbox, SandboxControl, SandboxDied, StudentError
from autograder.sandbox.confinement import policy
from autograder.sandbox.processes.guard import Guard, Member, Role
from tests.allowances import within

from .conftest import run

MEMORY_MB, SCRATCH_MB = 256, 16
LIMITS = Limits(memory_mb=MEMORY_MB, scratch_mb=SCRATCH_MB, scratch_files=4096)
_OWN_MB = 32
"""What a process takes for itself besides, of what it was born with."""

FILES = """
block = bytes(1 << 20)
n = 0
while True:
    with open(f"f{n}", "wb", buffering=0) as file:
        for _ in range(15): file.write(block)
    n += 1
"""
GREEDY = """
import numpy as np
base = np.ones(200 << 17)
kept = []
def take():
    base[:] = 2  # pages that a branch shares with the notebook until it writes to them
    while True: kept.append(np.ones(1 << 17))
"""


def test_files_pass_their_limit_by_what_a_quarter_of_a_second_writes(control: SandboxControl) -> None:
    """1,000 MB is what two seconds of a fast disk take; on a busy machine the look is late, and so is the writer."""
    with control.spawn(limits=LIMITS) as sandbox:
        result = run(sandbox, FILES, timeout=60)
        assert (result.status, result.reason) == ("died", "scratch")
        stored = sandbox.usage["scratch_mb"]
    assert SCRATCH_MB < stored < SCRATCH_MB + 1000


def test_a_branch_has_the_notebooks_memory_and_as_much_of_its_own_and_no_more(control: SandboxControl) -> None:
    """Twice the limit at any moment: its own pages within its address space, and the notebook's that it wrote to."""
    with control.spawn(limits=LIMITS) as sandbox:
        run(sandbox, GREEDY)
        with sandbox.branch() as branch, pytest.raises((StudentError, SandboxDied)):
            branch.call("take", allowance=within(30))
        peak = sandbox.kill().peak_rss_mb
    assert peak < 2 * MEMORY_MB + _OWN_MB


def test_no_third_branch_is_forked(sandbox: Sandbox) -> None:
    run(sandbox, "def f(): return 1")
    with sandbox.branch() as one, sandbox.branch() as other:
        assert policy.MOST_BRANCHES == 2
        with pytest.raises(RuntimeError):
            sandbox.branch()
        assert one.call("f", allowance=within(5)) == other.call("f", allowance=within(5)) == 1
    with sandbox.branch() as another:
        assert another.call("f", allowance=within(5)) == 1


def test_the_notebook_and_two_branches_hold_at_most_three_times_the_limit(control: SandboxControl) -> None:
    """Each near its brim: no sum of theirs is more than the machine has to have ready."""
    with control.spawn(limits=LIMITS) as sandbox:
        run(sandbox, GREEDY + "def fill(n):\n    base[:] = 2\n    kept.append(np.ones(n << 17))")
        with sandbox.branch() as one, sandbox.branch() as other:
            for branch in (one, other):
                branch.call("fill", [230], allowance=within(30))
            assert 2 * MEMORY_MB < sandbox.usage["private_mb"] <= policy.MOST_TOGETHER * MEMORY_MB
            assert sandbox.alive


class _Holding(Member):
    """A process that holds so many bytes."""

    held = 0

    @property
    def private(self) -> int:
        return self.held

    def kill(self, excess: str = "") -> None:
        self.excess = excess or "together"


@pytest.mark.parametrize(("held", "ended"), [((0.9, 0.9, 0.9), False), ((0.9, 0.8, 0.8, 0.8), True)])
def test_beyond_that_all_are_ended_and_no_single_one_is_to_blame(held: tuple[float, ...], *, ended: bool) -> None:
    members = [_Holding(0, -1, 0, Role.BRANCH) for _ in held]
    for member, share in zip(members, held, strict=True):
        member.held = round(share * (MEMORY_MB << 20))
    guard = Guard(LIMITS, "/nowhere", -1, None, [*members])
    guard.look()
    assert guard.too_much is ended
    assert {member.excess for member in members} == ({"together"} if ended else {""})
