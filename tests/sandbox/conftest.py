"""Sandboxes of the shared fork server, and of others with a defence switched off."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.model import Limits
from autograder.sandbox import Confinement, ForkServer, Sandbox, SandboxControl
from autograder.sandbox.outcomes import CellResult
from tests.allowances import within

LIMITS = Limits(memory_mb=512, scratch_mb=16, scratch_files=200, output_kb=64, frame_mb=16)


@pytest.fixture(scope="session")
def server(fork_server: ForkServer) -> ForkServer:
    return fork_server


@pytest.fixture(scope="session")
def control(server: ForkServer) -> Iterator[SandboxControl]:
    connection = SandboxControl(server.control())
    yield connection
    connection.close()


@pytest.fixture
def sandbox(control: SandboxControl) -> Iterator[Sandbox]:
    with control.spawn(limits=LIMITS) as spawned:
        yield spawned


@pytest.fixture(scope="session")
def without() -> Iterator[Callable[..., contextlib.AbstractContextManager[Sandbox]]]:
    """Sandboxes with a defence switched off, to see that it is what stops an attack."""
    servers: dict[Confinement, ForkServer] = {}

    @contextlib.contextmanager
    def spawn(**off: bool) -> Iterator[Sandbox]:
        confinement = Confinement(**off)
        if confinement not in servers:
            servers[confinement] = ForkServer(preload=("numpy",), confinement=confinement, unsafe=True)
            servers[confinement].start()
        connection = SandboxControl(servers[confinement].control())
        with connection.spawn(limits=LIMITS) as spawned:
            yield spawned
        connection.close()

    yield spawn
    for started in servers.values():
        started.close()


def run(sandbox: Sandbox, source: str, *, index: int = 0, timeout: float = 20.0) -> CellResult:
    """Run a cell."""
    return sandbox.run_cell(source, index=index, allowance=within(timeout))


def text(result: CellResult) -> str:
    """Everything a cell showed, as one string."""
    parts = []
    for output in result.outputs:
        if output["output_type"] == "stream":
            parts.append(output["text"])
        elif output["output_type"] == "error":
            parts.append(f"{output['ename']}: {output['evalue']}")
        else:
            parts.append(str(output["data"].get("text/plain", "")))
    return "\n".join(parts)


def attempt(sandbox: Sandbox, code: str) -> str:
    """Run code that ends in an expression; return "got ..." or the name of the exception it raised."""
    lines = code.strip("\n").split("\n")
    body = "\n".join(f"    {line}" for line in lines[:-1])
    source = (
        "import os, sys, socket, signal, ctypes, resource, struct, mmap\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "def syscall(*arguments):\n"
        "    result = libc.syscall(*arguments)\n"
        "    if result < 0:\n"
        "        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))\n"
        "    return result\n"
        f"def attack():\n{body}\n    return {lines[-1]}\n"
        "try:\n    print('got', attack())\nexcept BaseException as error:\n    print(type(error).__name__)\n"
    )
    result = run(sandbox, source)
    return text(result).strip() if result.status == "ok" else f"{result.status} {result.reason}"


def living(pids: Any) -> set[int]:
    """Which of these processes exist and are no zombies."""
    found = set()
    for pid in pids:
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z":
                found.add(pid)
    return found
