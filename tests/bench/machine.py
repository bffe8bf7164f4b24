"""The machine that figures were taken on, and what one command costs on it."""

from __future__ import annotations

import contextlib
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from tests.grading.graders import confined, family

BIN = Path(sys.executable).parent
_BUSY = 0.5
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """What one command cost, its descendants included: seconds, and MB of the largest single process."""

    cpu: float
    wall: float
    peak_mb: float = 0.0

    def __sub__(self, other: Cost) -> Cost:
        return Cost(self.cpu - other.cpu, self.wall - other.wall, self.peak_mb)

    def each(self, count: int) -> Cost:
        """Return the share of one of `count`."""
        return Cost(self.cpu / count, self.wall / count, self.peak_mb)


@dataclass(frozen=True)
class Used:
    """CPU seconds in a process's own code, and in the kernel for it; page faults that no disk was read for."""

    user: float
    system: float
    faults: int = 0

    def __sub__(self, other: Used) -> Used:
        return Used(self.user - other.user, self.system - other.system, self.faults - other.faults)


def used(pid: int) -> Used:
    """Return what a process and all its descendants have used, those included that have ended and were waited for.

    /proc counts in hundredths of a second (proc(5)). It is read again where a process came or went meanwhile, which
    would be counted twice or not at all.
    """
    while True:
        pids = [pid, *family(pid)]
        fields = [_times(each) for each in pids]
        if [pid, *family(pid)] == pids:
            user, system, faults = (sum(field) for field in zip(*fields, strict=True))
            return Used(user / _TICKS, system / _TICKS, faults)


def _times(pid: int) -> tuple[int, int, int]:
    """Return utime, stime and minflt of a process and of the children it waited for; zeros if it is gone."""
    with contextlib.suppress(OSError):
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        fields = [0, 0, 0, 0, *map(int, text.rpartition(")")[2].split()[1:])]  # by their numbers in proc(5)
        return fields[14] + fields[16], fields[15] + fields[17], fields[10] + fields[11]
    return 0, 0, 0


def facts() -> dict[str, Any]:
    """Return what a reader has to know about this machine, its load included."""
    model = ""
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next(line for line in lines if line.startswith("model name")).partition(":")[2].strip()
    cores = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    if load > _BUSY * cores:
        print(f"warning: load average {load:.1f} on {cores} cores: these figures are too high", file=sys.stderr)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": cores,
        "cpu": model,
        "memory_gb": round(memory, 1),
        "kernel": platform.release().partition("-")[0],
        "python": platform.python_version(),
        "versions": _versions("torch", "nbgrader", "otter-grader", "distributed"),
        "load_at_start": round(load, 2),
    }


def _versions(*names: str) -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in names}


def timed(command: list[str], cwd: Path, **environment: str) -> Cost:
    """Run a command to its end and return its cost; raises CalledProcessError with its output."""
    with running(command, cwd, **environment) as process:
        return process.wait()


@contextlib.contextmanager
def running(command: list[str], cwd: Path, **environment: str) -> Iterator[Running]:
    """Start a command; yields what can be waited for."""
    env = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", **environment}  # nbgrader starts alembic by name
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=cwd, env=env, stdout=output, stderr=output)
        try:
            yield Running(process, output)
        finally:
            if process.returncode is None:
                process.kill()
                process.wait()


@dataclass
class Running:
    """A command on its way."""

    process: subprocess.Popen[bytes]
    output: Any
    started: float = field(default_factory=time.perf_counter)

    def wait(self) -> Cost:
        """Wait for its end; the kernel's own account of this command and whatever it waited for, nobody else's."""
        _, status, used = os.wait4(self.process.pid, 0)
        wall = time.perf_counter() - self.started
        self.process.returncode = os.waitstatus_to_exitcode(status)
        if self.process.returncode:
            self.output.seek(0)
            text = self.output.read().decode("utf-8", "replace")
            raise subprocess.CalledProcessError(self.process.returncode, self.process.args, text[-6000:])
        return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def spread(values: list[float], digits: int = 4) -> dict[str, float]:
    """Return median, least and most."""
    return {
        "median": round(median(values), digits),
        "min": round(min(values), digits),
        "max": round(max(values), digits),
    }


def summary(costs: list[Cost]) -> dict[str, Any]:
    """Return the medians of several costs, and from where to where they went."""
    cpu, wall = spread([c.cpu for c in costs]), spread([c.wall for c in costs])
    return {
        "cpu_seconds": cpu["median"],
        "cpu_range": [cpu["min"], cpu["max"]],
        "wall_seconds": wall["median"],
        "wall_range": [wall["min"], wall["max"]],
        "peak_mb": round(median(c.peak_mb for c in costs), 1),
        "rounds": len(costs),
    }


class MemoryWatch:
    """The most memory that a process and its descendants held together, sampled from the kernel's own account."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.whole_mb = 0.0
        """Proportional memory (PSS) of all of them."""
        self.sandboxes_mb: list[float] = []
        """Private memory of all confined processes, for each look that found one."""

    def __enter__(self) -> MemoryWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        looks = 0
        while not self._stop.wait(0.02):
            pids = [self._pid, *family(self._pid)]
            private = [memory(pid)[0] for pid in pids if confined(pid)]
            if private:
                self.sandboxes_mb.append(sum(private))
            if looks % 10 == 0:  # reading what a process with torch maps takes the kernel milliseconds
                self.whole_mb = max(self.whole_mb, sum(memory(pid)[1] for pid in pids))
            looks += 1


def memory(pid: int) -> tuple[float, float]:
    """Return MB of a process's private (USS) and proportional (PSS) memory; zeros if it is gone."""
    fields: dict[str, int] = {}
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()[1:]:
            name, _, rest = line.partition(":")
            fields[name] = int(rest.split()[0])
    private = fields.get("Private_Clean", 0) + fields.get("Private_Dirty", 0)
    return private / 1024, fields.get("Pss", 0) / 1024


def in_turn(rounds: int, ways: dict[str, Callable[[], Cost]]) -> dict[str, list[Cost]]:
    """Run each way once a round, so that a change of the machine's mood meets all of them."""
    costs: dict[str, list[Cost]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            costs[name].append(way())
    return costs
