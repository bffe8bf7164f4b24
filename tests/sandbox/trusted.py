"""What stands for a judge in tests of `ForkServer.spawn_trusted`; imported by the process it runs in."""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path
from typing import Any

from autograder.model import Limits
from autograder.sandbox.processes.client import SandboxControl
from tests.allowances import within


def serve(channel: socket.socket, payload: dict[str, Any], control: socket.socket) -> None:
    """Spawn a sandbox, report, and wait to be told to end."""
    sandbox = SandboxControl(control).spawn(limits=Limits())
    result = sandbox.run_cell("6 * 7", index=0, allowance=within(20))
    report = {
        "pid": os.getpid(),
        "payload": payload,
        "sandbox": sandbox.pid,
        "folder": sandbox._guard.folder,
        "shown": result.outputs[0]["data"]["text/plain"],
        "descriptors": sorted(int(entry.name) for entry in Path("/proc/self/fd").iterdir()),
        "torch": "torch" in sys.modules,
    }
    channel.sendall(json.dumps(report).encode())
    channel.recv(1)


def fail(channel: socket.socket, payload: dict[str, Any], control: socket.socket) -> None:
    """Raise."""
    raise RuntimeError("on purpose")
