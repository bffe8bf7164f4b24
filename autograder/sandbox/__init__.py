"""Runs student code in confined processes that are forked from a warm one; see docs for what is promised.

Owns confinement, the notebook's execution and the wire. Knows nothing of tests, suites, scores or submissions' owners.
Everything is imported on first use: the coordinator, which needs `ForkServer` only, stays free of torch and IPython.

Who forks whom, and who trusts whom::

    coordinator -> fork server   trusted; started by exec; has imported torch, has never read a suite
    fork server -> judge         trusted: suite, reference, secret; talks to its sandboxes in frames (wire)
    fork server -> host          untrusted: runs the notebook's cells; makes a session that no descendant leaves
    host        -> copy          the host as it was a moment ago, idle; takes the host's place when that ends
    host        =  keeper        after the last cell: no threads, no timers; it only forks
    keeper      -> branch        one question's calls; a sibling, so that the fork server alone learns its end

The judge allows each fork by itself, reads every process's clocks, and kills what exceeds a limit: that process alone.
The fork server waits for all of them; a sandbox's end is the end of its whole session. What a sandbox says is a claim.

The rooms::

    confinement/   what a sandbox may do (policy), and what applies it: Landlock, seccomp, limits, users
    wire/          values between judge and sandbox, and the checks of all that comes back
    processes/     the fork server, the judge's end of a sandbox, its guard, its folders
    shell/         what runs inside a sandbox: the host of a student's cells and calls
    outcomes.py    the words for what can come out of a sandbox
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.errors import ConfinementError, ProtocolError
    from autograder.sandbox.confinement.capability import Capability, MachineReport, probe_machine
    from autograder.sandbox.confinement.policy import DEFAULT_PRELOAD, Confinement
    from autograder.sandbox.outcomes import (
        Allowance,
        Ask,
        Bound,
        BranchUnavailable,
        CellResult,
        Exit,
        Meter,
        SandboxDied,
        SandboxTimeout,
        StudentError,
        Watched,
    )
    from autograder.sandbox.processes.client import Sandbox, SandboxControl
    from autograder.sandbox.processes.launcher import ForkServer
    from autograder.sandbox.processes.peer import Branch
    from autograder.sandbox.wire.frames import CodecLimits, Handle

__all__ = [
    "DEFAULT_PRELOAD",
    "Allowance",
    "Ask",
    "Bound",
    "Branch",
    "BranchUnavailable",
    "Capability",
    "CellResult",
    "CodecLimits",
    "Confinement",
    "ConfinementError",
    "Exit",
    "ForkServer",
    "Handle",
    "MachineReport",
    "Meter",
    "ProtocolError",
    "Sandbox",
    "SandboxControl",
    "SandboxDied",
    "SandboxTimeout",
    "StudentError",
    "Watched",
    "probe_machine",
]

_HOMES = {
    "autograder.errors": ("ConfinementError", "ProtocolError"),
    "autograder.sandbox.confinement.capability": ("Capability", "MachineReport", "probe_machine"),
    "autograder.sandbox.processes.client": ("Sandbox", "SandboxControl"),
    "autograder.sandbox.processes.peer": ("Branch",),
    "autograder.sandbox.wire.frames": ("CodecLimits", "Handle"),
    "autograder.sandbox.processes.launcher": ("ForkServer",),
    "autograder.sandbox.outcomes": (
        *("Allowance", "Ask", "Bound", "BranchUnavailable", "CellResult", "Exit", "Meter"),
        *("SandboxDied", "SandboxTimeout", "StudentError", "Watched"),
    ),
    "autograder.sandbox.confinement.policy": ("DEFAULT_PRELOAD", "Confinement"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
