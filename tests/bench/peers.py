"""Cost of a submission: the same notebook and tests, bare, by us, by nbgrader and by otter, in turn."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat

from tests.bench import material
from tests.bench.machine import BIN, Cost, MemoryWatch, in_turn, running, summary, timed


def prepare_ours(work: Path, count: int, more: int = 0) -> Path:
    """Write a course and `count` different submissions; return its folder."""
    root = work / f"ours-{count}-{more}"
    shutil.rmtree(root, ignore_errors=True)
    material.write_ours(root)
    (root / "inbox").mkdir()
    for number in range(count):
        notebook = material.submission(tests_inside=False, name=f"s{number}", more=more)
        nbformat.write(notebook, root / "inbox" / f"s{number:05d}.ipynb")
    return root


def ours_command(slots: int = 1, engine: str = "local") -> list[str]:
    """Return the command that grades the inbox, everything from start to CSV included."""
    options = ["--slots", str(slots), "--engine", engine, "--root", ".", "--json"]
    return [str(BIN / "autograder"), "grade", material.ASSIGNMENT, "inbox", *options]


def ours(work: Path, count: int, more: int = 0, slots: int = 1, engine: str = "local") -> Cost:
    """Grade `count` different submissions with `autograder grade`."""
    root = prepare_ours(work, count, more)
    cost = timed(ours_command(slots, engine), root, AUTOGRADER_SUITES=str(root / "suites"))
    _assert_full_marks(root / "graded" / "grades.csv", count)
    return cost


def _assert_full_marks(path: Path, count: int) -> None:
    with path.open(encoding="utf-8") as file:
        scores = [float(row["score"]) for row in csv.DictReader(file)]
    assert scores == [100.0] * count, scores[:5]


def nbgrader(work: Path, count: int, more: int = 0) -> Cost:
    """Grade `count` submissions with `nbgrader autograde` (generating the assignment is not counted)."""
    root = prepare_nbgrader(work, count, more)
    cost = timed([str(BIN / "nbgrader"), "autograde", material.ASSIGNMENT], root)
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        scores = [s.score for s in book.assignment_submissions(material.ASSIGNMENT)]
    assert scores == [100.0] * count, scores[:5]
    return cost


def prepare_nbgrader(work: Path, count: int, more: int = 0) -> Path:
    """Write an nbgrader course with a released assignment and `count` submissions; return its folder."""
    fresh, root = work / "nbgrader-fresh", work / f"nbgrader-{count}-{more}"
    if not fresh.exists():
        fresh.mkdir(parents=True)
        material.write_nbgrader(fresh)
        timed([str(BIN / "nbgrader"), "generate_assignment", material.ASSIGNMENT], fresh)
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(fresh, root)
    for number in range(count):
        folder = root / "submitted" / f"s{number:05d}" / material.ASSIGNMENT
        folder.mkdir(parents=True)
        notebook = material.submission(tests_inside=True, name=f"s{number}", more=more)
        nbformat.write(notebook, folder / "bench.ipynb")
    return root


def otter(work: Path, count: int) -> Cost:
    """Grade `count` submissions with `otter run`, one command each as it works (making the zip is not counted)."""
    root = prepare_otter(work, count)
    costs = [timed(otter_command(number), root) for number in range(count)]
    return Cost(sum(c.cpu for c in costs), sum(c.wall for c in costs), max(c.peak_mb for c in costs))


def prepare_otter(work: Path, count: int) -> Path:
    """Write otter's zip and `count` submissions; return the folder."""
    root = work / "otter"
    if not root.exists():
        root.mkdir(parents=True)
        material.write_otter(root)
        timed([str(BIN / "otter"), "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment"], root)
        (root / "out").mkdir()
    for number in range(count):
        name = f"s{number}.ipynb"
        nbformat.write(material.submission(tests_inside=False, name=name), root / name)
    return root


def otter_command(number: int) -> list[str]:
    """Return the command that grades one submission."""
    return [str(BIN / "otter"), "run", "-a", "autograder.zip", "-o", "out", f"s{number}.ipynb"]


_BARE = """
import resource, sys, time
import torch, numpy, matplotlib.pyplot
from tests.bench import material
torch.set_num_threads(1)
own = [material.work(number) for number in range(int(sys.argv[2]))]
cells = [material.IMPORTS, material.SOLUTION, *own, *(t.format(call="") for t in material.TESTS.values())]
sys.stdout = open("/dev/null", "w")
def once():
    space = {}
    for cell in cells:
        exec(compile(cell, "cell", "exec"), space)
once()
before, start = time.process_time(), time.perf_counter()
for _ in range(int(sys.argv[1])):
    once()
print(time.process_time() - before, time.perf_counter() - start, file=sys.__stdout__)
"""


def bare(count: int, more: int = 0) -> Cost:
    """Run the same cells and tests `count` times in one warm Python process: the floor."""
    done = subprocess.run(
        [sys.executable, "-c", _BARE, str(count), str(more)],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    cpu, wall = map(float, done.stdout.split())
    return Cost(cpu, wall, 0.0)


def compare(work: Path, rounds: int, *, quick: bool = False) -> dict[str, Any]:
    """Return, in seconds a submission, bare, ours (classes of 10 and 100, each further one) and the peers."""
    small, large, theirs, runs = (2, 12, 1, 1) if quick else (10, 100, 3, 2)
    costs = in_turn(
        rounds,
        {
            "bare": lambda: bare(50).each(50),
            f"ours, class of {small}": lambda: ours(work, small),
            f"ours, class of {large}": lambda: ours(work, large),
            "nbgrader": lambda: nbgrader(work, theirs).each(theirs),
            "otter": lambda: otter(work, runs).each(runs),
        },
    )
    few, many = costs[f"ours, class of {small}"], costs[f"ours, class of {large}"]
    shares = {
        **costs,
        f"ours, class of {small}": [c.each(small) for c in few],
        f"ours, class of {large}": [c.each(large) for c in many],
        "ours, each further one": [(b - a).each(large - small) for a, b in zip(few, many, strict=True)],
    }
    figures = {name: summary(found) for name, found in shares.items()}
    own, classes = figures["ours, each further one"], figures[f"ours, class of {large}"]
    return {
        "costs": figures,
        "counts": {"ours": [small, large], "nbgrader": theirs, "otter": runs},
        "cpu_seconds_per_submission": {
            "bare": figures["bare"]["cpu_seconds"],
            "ours": own["cpu_seconds"],
            "nbgrader": figures["nbgrader"]["cpu_seconds"],
            "otter": figures["otter"]["cpu_seconds"],
        },
        "ratios": {
            f"{peer} / {label}": round(figures[peer]["cpu_seconds"] / of["cpu_seconds"], 1)
            for peer in ("nbgrader", "otter")
            for label, of in (("ours, each further one", own), (f"ours, class of {large}", classes))
        },
        "overhead_cpu_ms": round((own["cpu_seconds"] - figures["bare"]["cpu_seconds"]) * 1e3, 1),
    }


def memory(work: Path, *, quick: bool = False) -> dict[str, Any]:
    """Return MB: all of a grader's processes together (PSS), and what a running submission of ours holds (private)."""
    count = 4 if quick else 50
    root = prepare_ours(work, count)
    with (
        running(ours_command(), root, AUTOGRADER_SUITES=str(root / "suites")) as own,
        MemoryWatch(own.process.pid) as watch,
    ):
        own.wait()
    found = {"ours, one slot": {"all_processes_mb": round(watch.whole_mb, 1)}}
    private = sorted(watch.sandboxes_mb)
    found["ours, a running submission"] = {
        "private_mb": round(private[-1], 1),
        "private_median_mb": round(private[len(private) // 2], 1),
        "looks": len(private),
    }
    nbgrader_root, otter_root = prepare_nbgrader(work, 1), prepare_otter(work, 1)
    for name, command, folder in (
        ("nbgrader", [str(BIN / "nbgrader"), "autograde", material.ASSIGNMENT], nbgrader_root),
        ("otter", otter_command(0), otter_root),
    ):
        with running(command, folder) as peer, MemoryWatch(peer.process.pid) as watch:
            peer.wait()
        found[name] = {"all_processes_mb": round(watch.whole_mb, 1)}
    return found
