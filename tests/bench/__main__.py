"""`python -m tests.bench`: takes every figure and writes `results.json` and plots.

Figures are saved after each part, so that a run that is cut short keeps what it has; parts that would begin after
`--minutes` are left out and named. `--only` takes some parts anew and keeps the others' figures.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench import assignments, growth, machine, peers, real, sandboxes, scale, tricks

ROOT = Path(__file__).resolve().parents[2]
Part = Callable[[argparse.Namespace, Path], Any]

PARTS: dict[str, Part] = {
    "real": lambda a, work: real.compare(work, **(real.QUICK if a.quick else {})),
    "sandbox": lambda a, _: sandboxes.start_up(20 if a.quick else 200),
    "sandbox_memory": lambda _a, _w: sandboxes.memory(),
    "submission": lambda a, work: peers.compare(work, a.rounds, quick=a.quick),
    "memory": lambda a, work: peers.memory(work, quick=a.quick),
    "slots": lambda a, work: growth.of_the_slots(work, a.rounds, quick=a.quick),
    "scale": lambda a, _: scale.measure_all(60 if a.quick else a.scale),
    "class_growth": lambda a, work: growth.of_the_class(work, 1, quick=a.quick),
    "suites": lambda _a, _w: assignments.suites(),
    "notebook_growth": lambda a, work: growth.of_the_notebook(work, 1, quick=a.quick),
    "real_classes": lambda a, work: growth.of_real_classes(work, 4 if a.quick else a.classes),
    "tricks": lambda a, _: tricks.measure(**(tricks.QUICK if a.quick else {})),
    "notebooks": lambda _a, _w: assignments.notebooks(),
}
_AT_LEAST = {
    "real": 12.0,
    "class_growth": 2.5,
    "notebook_growth": 2.0,
    "scale": 3.0,
    "suites": 1.5,
    "real_classes": 2.0,
    "tricks": 8.0,
}
"""Minutes that must be left for a part to begin."""


def main() -> None:
    """Run the parts that are asked for and write what was seen."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--only",
        nargs="+",
        choices=PARTS,
        help="these parts only ('notebooks' is left out otherwise)",
    )
    parser.add_argument("--quick", action="store_true", help="tiny counts: does it run? (its figures mean nothing)")
    parser.add_argument("--scale", type=int, default=2000, help="submissions of the scale run")
    parser.add_argument("--classes", type=int, default=100, help="submissions of each class on slots and Dask")
    parser.add_argument("--minutes", type=float, default=40.0)
    arguments = parser.parse_args()
    wanted = arguments.only or [name for name in PARTS if name != "notebooks"]
    arguments.out.mkdir(parents=True, exist_ok=True)
    path = arguments.out / "results.json"
    results = _earlier(path) if arguments.only else {}
    results["machine"] = machine.facts()
    results["taken"] = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    results["quick"] = arguments.quick
    results.setdefault("seconds", {})
    results["left_out"] = []
    failed: list[str] = []
    started = time.monotonic()
    for name in wanted:
        left = arguments.minutes - (time.monotonic() - started) / 60
        if not arguments.only and left < _AT_LEAST.get(name, 0.5):
            results["left_out"].append(name)
            print(f"{name}: left out, {left:.1f} minutes are left", flush=True)
            continue
        begun = time.monotonic()
        work = arguments.out / "work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        try:
            results[name] = PARTS[name](arguments, work.resolve())
        except Exception as error:  # the other parts' figures are worth having
            failed.append(name)
            print(f"{name}: failed, {type(error).__name__}: {error}", file=sys.stderr, flush=True)
            continue
        shutil.rmtree(work)
        results["seconds"][name] = round(time.monotonic() - begun, 1)
        if name == "submission":
            results["cpu_seconds_per_submission"] = results[name]["cpu_seconds_per_submission"]
        _save(path, results)
        print(f"{name} ({results['seconds'][name]:.0f} s): {json.dumps(results[name])}", flush=True)
    results["seconds"]["all"] = round(time.monotonic() - started, 1)
    _save(path, results)
    from tests.bench import plots, table

    for picture in plots.draw(results, arguments.out):
        print(picture)
    if "real" in results:
        print("\n" + table.real(results["real"], "en"))
    if "tricks" in results:
        print("\n" + tricks.table(results["tricks"]))
    try:
        print("\n" + table.table(table.published({**results, "quick": False}), "en"))
    except KeyError as part:
        print(f"no table: {part} has not been measured")
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")
    print("`python -m tests.bench.table` carries these figures into docs/bench.json and the pages that quote them.")


def _earlier(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def _save(path: Path, results: dict[str, Any]) -> None:
    beside = path.with_suffix(".tmp")
    beside.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    beside.replace(path)


if __name__ == "__main__":
    main()
