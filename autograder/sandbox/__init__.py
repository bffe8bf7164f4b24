"""Runs student code in confined processes that are forked from a warm one; see docs for what is promised.

Owns confinement, the notebook's execution and the wire. Knows nothing of tests, suites, scores or submissions' owners.
Everything is imported on first use: the coordinator, which needs `ForkServer` only, stays free of torch and IPython.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.errors import ConfinementError, ProtocolError
    from autograder.sandbox.capability import Capability, MachineReport, probe_machine
    from autograder.sandbox.client import Sandbox, SandboxControl
    from autograder.sandbox.frames import CodecLimits, Handle
    from autograder.sandbox.launcher import ForkServer
    from autograder.sandbox.outcomes import (
        BranchUnavailable,
        CellResult,
        Exit,
        SandboxDied,
        SandboxTimeout,
        StudentError,
    )
    from autograder.sandbox.peer import Branch
    from autograder.sandbox.policy import DEFAULT_PRELOAD, Confinement

__all__ = [
    "DEFAULT_PRELOAD",
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
    "ProtocolError",
    "Sandbox",
    "SandboxControl",
    "SandboxDied",
    "SandboxTimeout",
    "StudentError",
    "probe_machine",
]

_HOMES = {
    "autograder.errors": ("ConfinementError", "ProtocolError"),
    "autograder.sandbox.capability": ("Capability", "MachineReport", "probe_machine"),
    "autograder.sandbox.client": ("Sandbox", "SandboxControl"),
    "autograder.sandbox.peer": ("Branch",),
    "autograder.sandbox.frames": ("CodecLimits", "Handle"),
    "autograder.sandbox.launcher": ("ForkServer",),
    "autograder.sandbox.outcomes": (
        *("BranchUnavailable", "CellResult", "Exit", "SandboxDied", "SandboxTimeout", "StudentError"),
    ),
    "autograder.sandbox.policy": ("DEFAULT_PRELOAD", "Confinement"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
