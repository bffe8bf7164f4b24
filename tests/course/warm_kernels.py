"""Real IPython kernels, forked from a process that has imported torch: ten notebooks import it once, not ten times.

``WarmKernels`` is a Jupyter kernel spec. The process that Jupyter starts and signals is a small one, that asks for a
fork and lives as long as it. The fork has run nothing: not pyplot, no operation of torch, no cell.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self

WARM = (
    *("torch", "torch._dynamo", "torch.utils.data", "numpy", "sklearn.datasets", "ipykernel.kernelapp", "IPython"),
    *("matplotlib", "matplotlib.figure", "matplotlib.font_manager", "matplotlib.backends.backend_agg"),
)


class WarmKernels:
    """The kernel spec `name` in `jupyter_path`, while entered.

    Args:
        folder: an empty folder for the spec and the socket.
        paths: what kernels may import from, beside the installed packages.
    """

    name = "warm"

    def __init__(self, folder: Path, paths: list[Path]) -> None:
        self.jupyter_path = folder / "jupyter"
        self._address = folder / "s"
        self._paths = paths

    def __enter__(self) -> Self:
        spec = self.jupyter_path / "kernels" / self.name
        spec.mkdir(parents=True)
        command = [sys.executable, "-S", "-E", __file__, "kernel", str(self._address), "{connection_file}"]
        described = {"argv": command, "display_name": self.name, "language": "python"}
        (spec / "kernel.json").write_text(json.dumps(described), encoding="utf-8")
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, self._paths)),
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # as a kernel sets it, before matplotlib looks
        }
        self._server = subprocess.Popen(
            [sys.executable, __file__, "serve", str(self._address)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._server.stdout is not None
        assert self._server.stdout.readline() == b"ready\n"
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _exc: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self._server.kill()
        self._server.communicate()


def _serve(address: str) -> NoReturn:
    import importlib

    sys.path.pop(0)
    for name in WARM:
        importlib.import_module(name)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    while True:
        connection, _ = listener.accept()
        order = json.loads(connection.makefile("rb").readline())
        if os.fork() == 0:
            listener.close()
            _be_kernel(connection, order)
        connection.close()


def _be_kernel(connection: socket.socket, order: dict[str, Any]) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["environment"])
    with open(os.devnull, "r+b") as nothing:  # noqa: PTH123
        for descriptor in (0, 1, 2):
            os.dup2(nothing.fileno(), descriptor)

    def watch() -> None:
        connection.recv(1)  # nothing comes: the other end is gone
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    connection.sendall(f"{os.getpid()}\n".encode())
    from ipykernel import kernelapp

    with contextlib.suppress(SystemExit):
        kernelapp.launch_new_instance(argv=["-f", order["file"]])
    os._exit(0)


def _kernel(address: str, file: str) -> None:
    """What Jupyter takes for the kernel: hands on interrupts, ends with the kernel, takes it along if killed."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        order = {"file": file, "cwd": os.getcwd(), "environment": dict(os.environ)}  # noqa: PTH109
        connection.sendall(json.dumps(order).encode() + b"\n")
        pid = int(connection.makefile("rb").readline())
        signal.signal(signal.SIGINT, lambda *_: os.kill(pid, signal.SIGINT))
        connection.recv(1)


if __name__ == "__main__":
    _serve(sys.argv[2]) if sys.argv[1] == "serve" else _kernel(sys.argv[2], sys.argv[3])
