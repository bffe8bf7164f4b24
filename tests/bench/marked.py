"""`python -m tests.bench.marked PLAN MARKS`: grades a class as `autograder grade` does, and notes what is spent when.

One slot. At each score and at each page it notes the CPU seconds that this process and all its descendants have used
since they began, and the wall-clock seconds since this process did: what lies between two notes is one work's cost.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from autograder.grading.pipeline import Progress
from autograder.grading.runs import Figures
from autograder.session import GradeOptions, Summary, grade_class
from tests.bench.machine import used

ROOT = Path(__file__).resolve().parents[2]


def spent(started: float) -> tuple[float, float]:
    """Return CPU and wall-clock seconds so far."""
    now = used(os.getpid())
    return round(now.user + now.system, 3), round(time.perf_counter() - started, 4)


def main() -> None:
    """Grade what the plan says; write the marks."""
    started = time.perf_counter()
    plan_path, marks_path = map(Path, sys.argv[1:])
    plan = json.loads(plan_path.read_text(encoding="utf-8"))
    place, pages_of = plan_path.parent, set(plan["pages_of"])
    options = GradeOptions(
        plan["assignment"],
        (place / plan["source"],),
        place / plan["out"],
        slots=1,
        device="cpu",
        root=ROOT,
        figures=Figures.AFTER if pages_of else Figures.NEVER,
    )
    marks: dict[str, list[Any]] = {"scores": [], "pages": []}

    def scored(summary: Summary) -> None:
        """Leave only those works whose pages are wanted: the others' figures stay due."""
        summary.records[:] = [record for record in summary.records if record.student in pages_of]

    def show(progress: Progress) -> None:
        assert not progress.record.reasons, (progress.record.student, progress.record.reasons)
        marks["scores"].append((progress.record.student, *spent(started)))

    grade_class(options, show, scored=scored, drawn=lambda _done, _all: marks["pages"].append(spent(started)))
    assert len(marks["pages"]) == (len(pages_of) + 1 if pages_of else 0), marks["pages"]
    marks_path.write_text(json.dumps(marks), encoding="utf-8")


if __name__ == "__main__":
    main()
