"""What a submission costs as the class, the notebook and the number of slots grow."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from autograder.catalog import load_assignment, read_master, tests_hash
from autograder.grading.identity import grader_version
from autograder.grading.slots import Slots
from autograder.intake import assemble
from autograder.intake.notebook import read_notebook
from autograder.model import Submission
from tests.bench import material
from tests.bench.machine import in_turn, spread, summary
from tests.bench.peers import bare, nbgrader, otter, ours, prepare_ours


def of_the_class(work: Path, rounds: int, *, quick: bool = False) -> dict[str, Any]:
    """Return seconds a submission, start-up included, for classes of several sizes; large classes once."""
    sizes = [1, 4] if quick else [1, 10, 100, 1000]
    theirs = [1] if quick else [1, 6]
    return {
        "ours": {str(n): summary([ours(work, n).each(n) for _ in range(1 if n > 10 else rounds)]) for n in sizes},
        "nbgrader": {str(n): summary([nbgrader(work, n).each(n)]) for n in theirs},
        "otter": {"1": summary([otter(work, 1)])},
    }


def of_the_notebook(work: Path, rounds: int, *, quick: bool = False) -> dict[str, Any]:
    """Return seconds of each further submission (of the whole command for nbgrader's one) by cells of the student."""
    cells = [5, 20] if quick else [5, 20, 50]
    few, many, theirs = (1, 3, 1) if quick else (2, 14, 1)
    figures: dict[str, Any] = {"bare": {}, "ours, each further one": {}, "nbgrader": {}}
    for more in cells:
        costs = in_turn(
            rounds,
            {
                "bare": lambda more=more: bare(30, more).each(30),  # type: ignore[misc]
                "few": lambda more=more: ours(work, few, more),  # type: ignore[misc]
                "many": lambda more=more: ours(work, many, more),  # type: ignore[misc]
            },
        )
        further = [(b - a).each(many - few) for a, b in zip(costs["few"], costs["many"], strict=True)]
        figures["bare"][str(more)] = summary(costs["bare"])
        figures["ours, each further one"][str(more)] = summary(further)
        figures["nbgrader"][str(more)] = summary([nbgrader(work, theirs, more).each(theirs)])
    return figures


def of_the_slots(work: Path, rounds: int, *, quick: bool = False) -> dict[str, Any]:
    """Return submissions a second on one slot and on two, warm, for submissions that compute for half a second."""
    count = 4 if quick else 16
    job = _job(work)
    found: dict[int, list[float]] = {1: [], 2: []}
    with Slots(2) as two, Slots(1) as one, ThreadPoolExecutor(2) as threads:
        pools = {1: one, 2: two}
        for slots, pool in pools.items():
            _many(threads, pool, job, 2 * slots)  # judges have collected the suite before the clock starts
        for _ in range(rounds):
            for slots, pool in pools.items():
                found[slots].append(count / _many(threads, pool, job, count))
    return {
        "per_second": {str(slots): spread(values) for slots, values in found.items()},
        "speedup_of_two": spread([b / a for a, b in zip(found[1], found[2], strict=True)], 2),
        "cores": len(os.sched_getaffinity(0)),
    }


def _many(threads: ThreadPoolExecutor, pool: Slots, job: dict[str, Any], count: int) -> float:
    """Grade the job so many times on all of the pool's slots; return the seconds."""
    started = time.perf_counter()
    for batch in [threads.submit(_some, pool, job, count // pool.count) for _ in range(pool.count)]:
        batch.result()
    return time.perf_counter() - started


def _some(pool: Slots, job: dict[str, Any], count: int) -> None:
    for _ in range(count):
        result = pool.grade(job, 120.0)
        assert [test["outcome"] for test in result["tests"]] == ["passed"] * len(material.TESTS), result["tests"]


def _job(work: Path) -> dict[str, Any]:
    """Return a job whose notebook trains for about half a second in one of its cells."""
    root = prepare_ours(work, 0)
    with pytest.MonkeyPatch.context() as patch:  # later parts want the course's own suites
        patch.setenv("AUTOGRADER_SUITES", str(root / "suites"))
        assignment = load_assignment(material.ASSIGNMENT, root)
    notebook = material.submission(tests_inside=False, more=1)
    notebook.cells[3].source = material.BURN
    import nbformat

    read, _ = read_notebook(nbformat.writes(notebook).encode())
    submission = Submission("s", assignment.id, "0" * 64, read, "bench")
    return {
        "assignment": assignment.id,
        "suites": str(root / "suites"),
        "suite_hash": assignment.suite_hash,
        "tests_hash": tests_hash(assignment.suite_dir),
        "grader_version": grader_version(),
        "notebook": assemble(submission, assignment, read_master(assignment)).notebook,
        "files": {},
        "limits": assignment.limits.to_dict(),
        "seed": 1,
        "secret": "00" * 32,
        "device": "cpu",
        "only": None,
        "badges": False,
    }


def of_real_classes(work: Path, count: int) -> dict[str, Any]:
    """Return what a class costs by the whole command, on slots of this machine and on a Dask cluster of its own."""
    figures = {}
    for engine in ("local", "dask"):
        for slots in (1, 2):
            cost = ours(work, count, slots=slots, engine=engine)
            figures[f"{engine}, {slots}"] = {
                "submissions": count,
                "cpu_seconds": round(cost.cpu / count, 4),
                "wall_seconds": round(cost.wall, 2),
                "per_second": round(count / cost.wall, 2),
            }
    return figures
