"""The defences, the switches that turn each off in a test build, and one grading with some of them off.

`DEFENCES` names them. Those of the fork server, the sandbox and the judge are switched in `tests.hostile.weakened`,
those of the coordinator (`intake`, `restored`, `viewing`) here. The product has no such switch.
"""

from __future__ import annotations

import contextlib
import copy
import importlib.util
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from markupsafe import Markup

from autograder.grading import slots
from autograder.grading.records import file_stem
from autograder.intake import assemble, matching, source
from autograder.model import GradeRecord
from autograder.report import notebook_view, page
from autograder.sandbox import ForkServer
from autograder.sandbox.processes import launcher
from autograder.session import GradeOptions, grade_class
from autograder.sinks import sheet
from tests.bench import material

from .course import ACHIEVED, Hostile, notebook, prelude, write_course

__all__ = ["DEFENCES", "TRACES", "Build", "faults", "reached", "shown", "targets"]

DEFENCES: Mapping[str, str] = {
    "landlock": "files",
    "seccomp": "calls",
    "uid_drop": "user",
    "rlimits": "rlimits",
    "deadlines": "time",
    "memory": "memory",
    "output": "output",
    "disk": "disk",
    "process": "process",
    "codec": "codec",
    "kinds": "kinds",
    "caps": "caps",
    "fresh": "fresh",
    "kill": "kill",
    "inherited": "inherit",
    "withheld": "withheld",
    "lent": "lent",
    "seeds": "seeds",
    "intake": "intake",
    "restored": "restore",
    "viewing": "view",
}
"""Name of each defence -> its column."""

ALONE = frozenset({"process", "fresh", "kill"})
"""Without these a submission reaches the one graded after it: each case is graded in a class of its own."""

TRACES = ("<script", 'onerror="', 'onload="', 'href="javascript', 'src="file:', "<iframe", "<object", "\x1b[")
_TORCH = importlib.util.find_spec("torch")
PLANTED = (
    Path("/dev/shm/planted-by-a-student"),
    *([Path(_TORCH.origin).with_name("planted.pth")] if _TORCH is not None and _TORCH.origin else []),
)
"""What cases leave outside where they succeed."""
_PATIENT = ("cell_seconds = 3\n", "cell_seconds = 6\n")
"""On a busy machine a cell that is stopped by the clock shows nothing of the defence in question."""
_SCRIPT = Path(__file__).with_name("weakened.py")


@contextlib.contextmanager
def targets(folder: Path, suite: Path, pid: int) -> Iterator[tuple[dict[str, Any], list[socket.socket]]]:
    """Servers that should not be reached, and the names a case calls them by; `pid` is a process to aim at."""
    abstract = f"autograder-hostile-{os.getpid()}-{secrets.token_hex(4)}"
    with contextlib.ExitStack() as stack:
        listening = []
        for kind, address in (
            (socket.AF_UNIX, str(folder / "socket")),
            (socket.AF_UNIX, f"\0{abstract}"),
            (socket.AF_INET, ("127.0.0.1", 0)),
        ):
            server = stack.enter_context(socket.socket(kind))
            server.bind(address)
            server.listen(50)
            server.setblocking(False)
            listening.append(server)
        datagram = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        datagram.bind(("127.0.0.1", 0))
        datagram.setblocking(False)
        (folder / "socket").chmod(0o777)
        yield (
            {
                "suite": str(suite),
                "pid": pid,
                "tcp_port": listening[2].getsockname()[1],
                "udp_port": datagram.getsockname()[1],
                "unix_path": str(folder / "socket"),
                "abstract": abstract,
            },
            [*listening, datagram],
        )


def reached(sockets: list[socket.socket]) -> int:
    """Return how many of the servers somebody connected to."""
    count = 0
    for server in sockets:
        with contextlib.suppress(BlockingIOError):
            server.recv(1) if server.type == socket.SOCK_DGRAM else server.accept()
            count += 1
    return count


def shown(record: dict[str, Any]) -> str:
    """Return everything that the executed notebook shows."""
    cells = (record["executed"] or {"cells": []})["cells"]
    return json.dumps([cell.get("outputs", []) for cell in cells], ensure_ascii=False)


def faults(case: Hostile, record: dict[str, Any], canary: str) -> list[str]:
    """Return what a case achieved: each way in which its record is not what it must be."""
    told = json.dumps([(test["title"], test["message"]) for test in record["tests"]], ensure_ascii=False)
    verdicts = {verdict["code"] for verdict in record["verdicts"]}
    errors = [test["detail"][-300:] for test in record["tests"] if test["outcome"] == "error"]
    found = {
        "it printed that it achieved it": ACHIEVED in shown(record),
        "it told what it learned": ACHIEVED in told,
        "the notebook holds the canary": canary in json.dumps(record["executed"]),
        f"score {record['score']}": record["score"] != case.score,
        f"verdicts {sorted(verdicts)}": verdicts != set(case.verdicts),
        f"errors of ours: {errors}": bool(errors),
    }
    return [name for name, holds in found.items() if holds]


class Build:
    """A small course and a fork server that can be weakened. A context manager.

    Args:
        root: an empty folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._canary = f"canary{secrets.token_hex(20)}"
        self._server: _Weakened | None = None
        self._stack = contextlib.ExitStack()
        self._runs = 0
        self._sound: set[frozenset[str]] = set()

    def __enter__(self) -> Build:
        suite = self._suite = write_course(self._root, self._canary)
        toml = suite.with_name("assignment.toml")
        toml.write_text(toml.read_text(encoding="utf-8").replace(*_PATIENT), encoding="utf-8")
        decoy = subprocess.Popen(["sleep", "3600"])
        self._stack.callback(decoy.wait)
        self._stack.callback(decoy.kill)
        self._target, _ = self._stack.enter_context(targets(self._root, suite, decoy.pid))
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.really_close()
        self._stack.close()

    def failing(self, cases: Sequence[Hostile], off: Iterable[str]) -> dict[str, list[str]]:
        """Grade cases without some defences; return, by name, what each achieved, [] if nothing."""
        off = frozenset(off)
        if off & ALONE:
            if off not in self._sound:
                self._grade([], off)
                self._sound.add(off)
            return {case.name: self._grade([case], off)[case.name] for case in cases}
        return self._grade(cases, off)

    def _grade(self, cases: Sequence[Hostile], off: frozenset[str]) -> dict[str, list[str]]:
        self._runs += 1
        inbox, out = self._root / f"inbox-{self._runs}", self._root / f"graded-{self._runs}"
        inbox.mkdir()
        for case in cases:
            nbformat.write(notebook(case, prelude(**self._target)), inbox / f"{case.student}.ipynb")
        nbformat.write(material.submission(tests_inside=False, name="clean"), inbox / "zz-clean.ipynb")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("AUTOGRADER_SUITES", str(self._root / "suites"))
            patch.setattr(slots, "ForkServer", lambda unsafe: self._weakened(off))
            weaken_coordinator(patch, off)
            options = GradeOptions(material.ASSIGNMENT, (inbox,), out, slots=1, root=self._root)
            graded: list[GradeRecord] = []  # the summary leaves executed notebooks out
            grade_class(options, lambda progress: graded.append(progress.record))
        page._environment.cache_clear()
        records = {Path(r.source).stem: r.to_dict() for r in graded}
        found = {case.name: faults(case, records[case.student], self._canary) for case in cases}
        for case in cases:
            if any("attempt(" in source for _, source in case.cells):  # it says so itself when it succeeds
                found[case.name] = [fault for fault in found[case.name] if not fault.startswith("verdicts")]
            found[case.name] += _seen_by_people(case, out, records[case.student])
        if not cases or not off & ALONE:
            assert records["zz-clean"]["score"] == 100, "without these defences even honest work cannot be graded"
        elif records["zz-clean"]["score"] != 100:
            found[cases[0].name].append(f"the next submission earned {records['zz-clean']['score']}")
        server = self._server
        if cases and off & ALONE and server is not None and server.alive and (left := _left(server)):
            found[cases[0].name].append(f"processes left: {left}")
        for path in PLANTED:
            path.unlink(missing_ok=True)
        return found

    def _weakened(self, off: frozenset[str]) -> _Weakened:
        if self._server is None or not self._server.alive:
            if self._server is not None:
                self._server.really_close()
            self._server = _Weakened(self._suite)
        self._server.off = off
        return self._server


class _Weakened(ForkServer):
    """A fork server of `weakened.py` that outlives one run; its judges are told what is off."""

    def __init__(self, suite: Path) -> None:
        super().__init__()
        self.off: frozenset[str] = frozenset()
        self._suite = suite

    def start(self) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patched = types.SimpleNamespace(**{**vars(subprocess), "Popen": self._popen})
            patch.setattr(launcher, "subprocess", patched)
            super().start()

    def close(self) -> None:
        """Leave it running for the next run."""

    def really_close(self) -> None:
        super().close()

    def spawn_trusted(self, entry: str, channel: socket.socket, payload: Mapping[str, Any]) -> int:
        return super().spawn_trusted(f"{entry}?{','.join(sorted(self.off))}", channel, payload)

    def _popen(self, command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        """Start the script with a descriptor and variables that a careless launcher would let through."""
        command = [*command[:-2], str(_SCRIPT), command[-1]]
        with self._suite.open("rb") as suite:
            descriptors = [*options.pop("pass_fds"), suite.fileno()]
            environment = {**os.environ, **options.pop("env")}
            return subprocess.Popen(command, env=environment, pass_fds=descriptors, **options)


def weaken_coordinator(patch: pytest.MonkeyPatch, off: frozenset[str]) -> None:
    """Switch off what is the coordinator's for as long as `patch` holds; clear `page._environment` afterwards."""
    page._environment.cache_clear()
    if "intake" in off:
        patch.setattr(source, "student_id", lambda name: (name, False))
    if "restored" in off:
        patch.setattr(sys.modules[assemble.__module__]._Cells, "anchored", _as_submitted)
        patch.setattr(matching.Matching, "_take_out_additions", lambda _: None)
    if "viewing" in off:
        patch.setattr(notebook_view, "_output", _raw_output)
        patch.setattr(page, "_clean", lambda value: Markup(value) if isinstance(value, str) else value)
        patch.setattr(page, "prose", lambda value: Markup(str(value)))
        patch.setattr(page, "policy", lambda _style: "")
        patch.setattr(sheet, "spreadsheet_text", lambda value: value)


def _as_submitted(cells: Any, anchor: Any) -> dict[str, Any]:
    index = cells._matching.claimed.get(anchor.grade_id)
    source = anchor.source if index is None else cells._matching.cells[index]["source"]
    cell = {"cell_type": anchor.cell_type, "id": cells._ids.new(anchor.grade_id), "source": source}
    cell["metadata"] = {"nbgrader": copy.deepcopy(anchor.nbgrader)}
    return {**cell, "execution_count": None, "outputs": []} if anchor.cell_type == "code" else cell


def _raw_output(output: Mapping[str, Any], _number: int, _figures: list[Any]) -> notebook_view.OutputView:
    parts = [*output.get("data", {}).values(), output.get("text", ""), output.get("evalue", "")]
    text = "".join("".join(part) for part in parts if isinstance(part, (str, list)))
    return notebook_view.OutputView("table", table=Markup(text))


def _seen_by_people(case: Hostile, out: Path, record: dict[str, Any]) -> list[str]:
    """Return what the case got into pages and the spreadsheet."""
    stem = file_stem(record["student"], record["assignment"])
    text = (out / "feedback" / f"{stem}.html").read_text(encoding="utf-8")
    found = [f"the page holds {trace}" for trace in TRACES if trace in text.lower()]
    lines = (out / "grades.csv").read_text(encoding="utf-8").splitlines()
    if case.student.startswith("=") and any(line.lstrip('"').startswith("=") for line in lines):
        found.append("a formula stands in the spreadsheet")
    return found


def _left(server: ForkServer) -> int:
    """Return how many processes of sandboxes outlived the run, and end them; the server keeps one of its own ready."""
    deadline = time.monotonic() + 5
    while True:
        alive = [p for p in psutil.Process(server.pid).children(recursive=True) if p.status() != psutil.STATUS_ZOMBIE]
        if len(alive) <= 1 or time.monotonic() > deadline:
            break
        time.sleep(0.1)
    for process in alive[1:] and alive:
        with contextlib.suppress(psutil.Error):
            process.kill()
    return max(0, len(alive) - 1)
