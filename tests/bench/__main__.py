"""`python -m tests.bench`: prints the table of figures and writes `results.json`."""

from __future__ import annotations

import argparse
import json
import os
import platform
from pathlib import Path

from tests.bench import assignments, peers, sandboxes


def main() -> None:
    """Run every benchmark and write what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/bench"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only-assignments", action="store_true", help="notebooks and suites, nothing else")
    parser.add_argument("--peers-count", type=int, default=10)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    if arguments.only_assignments:
        show(assignments.measure())
        return
    results = {
        "machine": {"cores": os.cpu_count(), "kernel": platform.release(), "python": platform.python_version()},
        "sandbox": sandboxes.start_up(),
        "memory": sandboxes.memory(),
        "assignments": assignments.measure(),
        "submission": peers.compare(arguments.out / "work", arguments.rounds, arguments.peers_count),
    }
    cost = {name: figures["cpu_seconds"] for name, figures in results["submission"].items()}
    results["cpu_seconds_per_submission"] = {
        "bare": cost["bare"],
        "ours": cost["ours, class of 100"],
        "nbgrader": cost["nbgrader"],
        "otter": cost["otter"],
    }
    (arguments.out / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(f"{'':26} {'CPU s':>8} {'wall s':>8} {'x ours':>8}")
    for name, figures in results["submission"].items():
        ratio = figures["cpu_seconds"] / cost["ours, class of 100"]
        print(f"{name:26} {figures['cpu_seconds']:8.3f} {figures['wall_seconds']:8.3f} {ratio:8.1f}")
    for part in ("sandbox", "memory"):
        print(part, json.dumps(results[part]))
    show(results["assignments"])


def show(figures: dict[str, dict[str, dict[str, float]]]) -> None:
    """Print a line for each assignment."""
    print(f"{'':26} {'notebook':>10} {'FAST=1':>10} {'suite':>10}  (wall s / CPU s; suite with its notebook)")
    for name, parts in figures.items():
        cells = (f"{parts[k]['wall_seconds']:.1f}/{parts[k]['cpu_seconds']:.1f}" for k in ("notebook", "fast", "suite"))
        print(f"{name:26} " + " ".join(f"{cell:>10}" for cell in cells))


if __name__ == "__main__":
    main()
