"""CPU and wall time a submission: the same notebook and tests, bare, by us, by nbgrader and by otter, in turn."""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat

from tests.bench import material

BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Cost:
    """What one command cost, its descendants included: seconds, and MB of the largest single process."""

    cpu: float
    wall: float
    peak_mb: float


def timed(command: list[str], cwd: Path, **environment: str) -> Cost:
    """Run a command to its end and return its cost; raises CalledProcessError with its output."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    env = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", **environment}  # nbgrader starts alembic by name
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - start
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout[-2000:], done.stderr[-4000:])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu, wall, after.ru_maxrss / 1024)


def ours(work: Path, count: int, slots: int = 1) -> Cost:
    """Grade `count` different submissions with `autograder grade`, everything from start to CSV included."""
    root = work / f"ours-{count}-{slots}"
    shutil.rmtree(root, ignore_errors=True)
    material.write_ours(root)
    inbox = root / "inbox"
    inbox.mkdir()
    for number in range(count):
        nbformat.write(material.submission(tests_inside=False, name=f"s{number}"), inbox / f"s{number:05d}.ipynb")
    command = [
        str(BIN / "autograder"),
        "grade",
        material.ASSIGNMENT,
        "inbox",
        "--slots",
        str(slots),
        "--root",
        ".",
        "--json",
    ]
    cost = timed(command, root, AUTOGRADER_SUITES=str(root / "suites"))
    _assert_full_marks(root / "graded" / "grades.csv", count)
    return cost


def _assert_full_marks(path: Path, count: int) -> None:
    import csv

    with path.open(encoding="utf-8") as file:
        scores = [float(row["score"]) for row in csv.DictReader(file)]
    assert scores == [100.0] * count, scores[:5]


def nbgrader(work: Path, count: int) -> Cost:
    """Grade `count` submissions with `nbgrader autograde` (generating the assignment is not counted)."""
    root = work / f"nbgrader-{count}"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    material.write_nbgrader(root)
    timed([str(BIN / "nbgrader"), "generate_assignment", material.ASSIGNMENT], root)
    for number in range(count):
        folder = root / "submitted" / f"s{number:05d}" / material.ASSIGNMENT
        folder.mkdir(parents=True)
        nbformat.write(material.submission(tests_inside=True, name=f"s{number}"), folder / "bench.ipynb")
    cost = timed([str(BIN / "nbgrader"), "autograde", material.ASSIGNMENT], root)
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        scores = [s.score for s in book.assignment_submissions(material.ASSIGNMENT)]
    assert scores == [100.0] * count, scores[:5]
    return cost


def otter(work: Path, count: int) -> Cost:
    """Grade `count` submissions with `otter run`, one command each as it works (making the zip is not counted)."""
    root = work / f"otter-{count}"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    material.write_otter(root)
    timed([str(BIN / "otter"), "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment"], root)
    (root / "out").mkdir()
    costs = []
    for number in range(count):
        name = f"s{number}.ipynb"
        nbformat.write(material.submission(tests_inside=False, name=name), root / name)
        costs.append(timed([str(BIN / "otter"), "run", "-a", "autograder.zip", "-o", "out", name], root))
    return Cost(sum(c.cpu for c in costs), sum(c.wall for c in costs), max(c.peak_mb for c in costs))


_BARE = """
import resource, sys, time
import torch, numpy, matplotlib.pyplot
from tests.bench import material
torch.set_num_threads(1)
cells = [material.IMPORTS, material.SOLUTION, *(t.format(call="") for t in material.TESTS.values())]
def once():
    space = {}
    for cell in cells:
        exec(compile(cell, "cell", "exec"), space)
once()
before, start = time.process_time(), time.perf_counter()
for _ in range(int(sys.argv[1])):
    once()
print(time.process_time() - before, time.perf_counter() - start)
"""


def bare(count: int) -> Cost:
    """Run the same cells and tests `count` times in one warm Python process: the floor."""
    done = subprocess.run(
        [sys.executable, "-c", _BARE, str(count)],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    cpu, wall = map(float, done.stdout.split())
    return Cost(cpu, wall, 0.0)


def compare(work: Path, rounds: int, peers_count: int) -> dict[str, dict[str, float]]:
    """Return medians over rounds, in seconds a submission, for bare, ours (class of 100 and marginal) and the peers."""
    samples: dict[str, list[Cost]] = {}

    def note(name: str, cost: Cost, count: int) -> None:
        samples.setdefault(name, []).append(Cost(cost.cpu / count, cost.wall / count, cost.peak_mb))

    for _ in range(rounds):
        note("bare", bare(50), 50)
        small, large = ours(work, 10), ours(work, 100)
        note("ours, class of 10", small, 10)
        note("ours, class of 100", large, 100)
        note("ours, each further one", Cost(large.cpu - small.cpu, large.wall - small.wall, large.peak_mb), 90)
        note("nbgrader", nbgrader(work, peers_count), peers_count)
        note("otter", otter(work, 3), 3)
    return {
        name: {
            "cpu_seconds": statistics.median(c.cpu for c in costs),
            "wall_seconds": statistics.median(c.wall for c in costs),
            "peak_mb": statistics.median(c.peak_mb for c in costs),
        }
        for name, costs in samples.items()
    }
