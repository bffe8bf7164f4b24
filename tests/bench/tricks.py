"""What each trick of the sandbox is worth: each switched off in turn against all on, on small and on real notebooks.

A trick is switched off in the fork server of this measurement alone: its bootstrap is one that is written here and
replaces a function before anything is loaded. The product has no such switch.
"""

from __future__ import annotations

import datetime as dt
import json
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from unittest.mock import patch

from autograder.corpus import build_notebook
from autograder.intake import assemble, read_notebook
from autograder.judge import Judge
from autograder.model import Limits, Submission
from autograder.sandbox import ForkServer
from autograder.sandbox.processes import launcher
from tests.bench import material
from tests.bench.assignments import REFERENCE
from tests.bench.machine import Used, used
from tests.grading.works import assignment_of, job_and_verdicts, master_of

ASSIGNMENT = "04-gpu-speedup"
"""The real one: of all its cost the least is its own computing, which hides what a trick is worth."""
SMALL_WORKS = 10
"""Small notebooks of a round, of which one takes less than the kernel's clocks can tell."""

ON = "all on"
OFF = {
    "heap in huge pages": "hugepages.gather = lambda: 0",
    "gaps of the heap filled": "hugepages.fill_gaps = lambda: 0",
    "shell warmed up": "cells._warm_up = lambda shell: None",
    "training warmed up": "surroundings.exercise = lambda: None",
    "sandbox forked ahead": "forkserver.Server._refill = lambda server: None\nforkserver._IDLE_SECONDS = 86400.0",
}
"""What the fork server's bootstrap does to be without a trick. The control is without nothing: its differences are the
error of this measurement."""
CONTROL = "control"
QUICK: dict[str, Any] = {"generations": 1, "rounds": 1, "tricks": ("heap in huge pages",)}

_BOOTSTRAP = """\
import importlib.util
import sys
from pathlib import Path

spec = importlib.util.spec_from_file_location("own_bootstrap", {own!r})
own = importlib.util.module_from_spec(spec)
spec.loader.exec_module(own)
sys.meta_path.insert(0, own.OwnPackages(Path({own!r}).parents[3]))
from autograder.sandbox.processes import forkserver, hugepages
from autograder.sandbox.shell import cells, surroundings

{without}
sys.exit(forkserver.main())
"""


@dataclass(frozen=True)
class Spent:
    """Milliseconds of one work, CPU in its own code and in the kernel, and by the clock; its page faults."""

    user: float
    system: float
    wall: float
    faults: float = 0.0

    def __sub__(self, other: Spent) -> Spent:
        return Spent(*(getattr(self, name) - getattr(other, name) for name in _FIELDS))

    def of_one(self, works: int) -> Spent:
        """Return the mean of so many works."""
        return Spent(*(getattr(self, name) / works for name in _FIELDS))


_FIELDS = tuple(Spent.__dataclass_fields__)


KINDS = {"small": SMALL_WORKS, "real": 1}
"""Works of each kind in a round."""

Round = dict[str, dict[str, Spent]]
"""Of each way (`ON`, `CONTROL`, a trick that is off): what the score of a small and of a real notebook costs."""


def measure(generations: int = 3, rounds: int = 10, *, tricks: Sequence[str] = tuple(OFF)) -> Any:
    """Return the milliseconds and page faults that each trick saves a score, and costs at the start.

    Args:
        generations: fork servers of each way, since where memory comes to lie is chance.
        rounds: of all ways in turn, for each generation; short ones, so that they meet the machine in one mood.
        tricks: of `OFF`.
    """
    taken = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    ways = {ON: "", CONTROL: "", **{name: OFF[name] for name in tricks}}
    found: list[Round] = []
    starts: list[dict[str, Spent]] = []
    for generation in range(generations):
        with ExitStack() as stack:
            jobs = jobs_in(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tricks-"))))
            judges: dict[str, tuple[ForkServer, Judge]] = {}
            starts.append({})
            for name in _turned(ways, generation):
                started = time.perf_counter()
                server = stack.enter_context(started_without(ways[name]))
                starts[-1][name] = _spent_since(Used(0.0, 0.0), started, server)
                judges[name] = server, stack.enter_context(Judge(server))
                _round(*judges[name], jobs)  # suites are collected before anything is measured
            for number in range(rounds):
                found.append({name: _round(*judges[name], jobs) for name in _turned(judges, number)})
    return {"taken": taken, "assignment": ASSIGNMENT, "rounds": len(found), **summary(found, starts)}


def summary(found: Sequence[Round], starts: Sequence[Mapping[str, Spent]]) -> dict[str, Any]:
    """Return medians: of all on, and of what is spent more without each trick, round by round."""
    figures: dict[str, Any] = {"all on": {}, "more without": {}}
    for what in KINDS:
        figures["all on"][what] = _middle([each[ON][what] for each in found])
    figures["all on"]["start"] = _middle([each[ON] for each in starts])
    for name in (name for name in found[0] if name != ON):
        more: dict[str, Any] = {}
        for what in KINDS:
            differences = [each[name][what] - each[ON][what] for each in found]
            cpu = [spent.user + spent.system for spent in differences]
            more[what] = {**_middle(differences), "cpu": round(median(cpu), 1)}
            more[what]["cpu_quarters"] = [round(edge, 1) for edge in quantiles(cpu, n=4)[::2]]
        more["start"] = _middle([each[name] - each[ON] for each in starts])
        figures["more without"][name] = more
    return figures


def table(figures: Mapping[str, Any]) -> str:
    """Return the figures as a table."""
    each = "{}: user + system | CPU (middle half) | page faults"
    head = f"CPU, ms | {each.format('small notebook')} | {each.format(ASSIGNMENT)} | the start"
    rows = [f"| {head} |", "|" + "---|" * 8]
    on = figures["all on"]
    cells = [*(cell for what in KINDS for cell in (_both(on[what]), "", f"{on[what]['faults']:.0f}"))]
    cells.append(_both(on["start"]))
    rows.append(f"| all on | {' | '.join(cells)} |")
    for name, more in figures["more without"].items():
        label = "the same again" if name == CONTROL else f"more without: {name}"
        cells = []
        for what in KINDS:
            low, high = more[what]["cpu_quarters"]
            middle = f"{more[what]['cpu']:+.1f} ({low:+.1f} ~ {high:+.1f})"
            cells += [_both(more[what]), middle, f"{more[what]['faults']:+.0f}"]
        rows.append(f"| {label} | {' | '.join([*cells, _both(more['start'])])} |")
    return "\n".join(rows)


def jobs_in(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the jobs that score a small notebook, whose course is written into `folder`, and a real one."""
    material.write_ours(folder)
    small = {
        "assignment": material.ASSIGNMENT,
        "suites": str(folder / "suites"),
        "notebook": material.submission(tests_inside=False),
        "limits": Limits().to_dict(),
        "seed": 1,
        "secret": "00ff",
    }
    return {"small": small, "real": scoring_job(ASSIGNMENT)}


def scoring_job(assignment_id: str) -> dict[str, Any]:
    """Return the job that scores the instructor's own notebook."""
    assignment, master = assignment_of(assignment_id), master_of(assignment_id)
    whole, _ = job_and_verdicts(assignment_id, REFERENCE)
    read, _ = read_notebook(json.dumps(build_notebook(REFERENCE, master)).encode())
    waiting = assemble(Submission("s", assignment_id, "0" * 64, read, "bench"), assignment, master).put_off
    return {**whole, "put_off": {"cells": list(waiting.cells), "names": sorted(waiting.names)}}


@contextmanager
def started_without(without: str) -> Iterator[ForkServer]:
    """Yield a fork server whose bootstrap runs these lines before anything is loaded."""
    with tempfile.TemporaryDirectory(prefix="tricks-") as folder:
        script = Path(folder) / "bootstrap.py"
        script.write_text(_BOOTSTRAP.format(own=launcher._BOOTSTRAP, without=without), encoding="utf-8")
        with patch.object(launcher, "_BOOTSTRAP", str(script)):
            server = ForkServer()
            server.start()
        with server:
            yield server


def _round(server: ForkServer, judge: Judge, jobs: Mapping[str, dict[str, Any]]) -> dict[str, Spent]:
    """Return what each job costs fork server, judge and sandboxes."""
    found = {}
    for what, job in jobs.items():
        works = KINDS[what]
        before, started = used(server.pid), time.perf_counter()
        for _ in range(works):
            judge.grade(job)
        found[what] = _spent_since(before, started, server).of_one(works)
    return found


def _spent_since(before: Used, started: float, server: ForkServer) -> Spent:
    wall, spent = time.perf_counter() - started, used(server.pid) - before
    return Spent(spent.user * 1e3, spent.system * 1e3, wall * 1e3, spent.faults)


def _turned(names: Mapping[str, Any], by: int) -> list[str]:
    """Return the names in their order, begun elsewhere each time."""
    order, by = list(names), by % len(names)
    return order[by:] + order[:by]


def _middle(spent: Sequence[Spent]) -> dict[str, float]:
    return {name: round(median(getattr(s, name) for s in spent), 1) for name in _FIELDS}


def _both(spent: Mapping[str, float]) -> str:
    return f"{spent['user']:.1f} + {spent['system']:.1f}"
