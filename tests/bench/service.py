"""How long a student waits: from a complete folder in the exchange to the feedback that "Fetch Feedback" finds.

`python -m tests.bench.service [COUNT]` starts the service as JupyterHub does, submits COUNT notebooks one by one to an
empty queue and COUNT at once (each by another student), and prints median and worst. The notebook is the small one of
`material`; its own run is part of the time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from autograder.service.receipts import Receipts
from tests.service.course import Course, Handed, right, until
from tests.service.standin import GROUPS, StandIn
from tests.service.web import free_port


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder), count), indent=1))


def measure(folder: Path, count: int) -> dict[str, object]:
    """Return seconds from complete folder to feedback, one by one and in a burst, and what the grading alone took."""
    students = [f"s{number:03d}" for number in range(count)]
    GROUPS["nbgrader-whydl"] = students
    course, hub = Course(folder, attempts_per_hour=10 * count, slots=len(os.sched_getaffinity(0))), StandIn()
    environment = {**os.environ, **hub.environment(free_port()), **course.environment()}
    started = time.monotonic()
    with (folder / "log.txt").open("wb") as log:
        service = subprocess.Popen(
            [sys.executable, "-m", "autograder.service"], env=environment, stdout=log, stderr=log
        )
        try:
            first = course.submit("s000", right("first"))
            until(first.feedback().exists, 300)
            until(lambda: "slots warm" in (folder / "log.txt").read_text(), 300)
            warm = time.monotonic() - started
            single = []
            for student in students:
                single.append(_wait(time.monotonic(), [course.submit(student, right(f"one {student}"))])[0])
            begun = time.monotonic()
            burst = _wait(begun, [course.submit(s, right(f"burst {s}")) for s in students])
        finally:
            service.terminate()
            service.wait(60)
            hub.close()
    receipts = Receipts(course.settings.results / "service.db")
    own = [r.summary.seconds for r in receipts.rows(summaries=True) if r.summary]
    receipts.close()
    return {
        "submissions": count,
        "slots": course.settings.slots,
        "load": os.getloadavg()[0],
        "from start to the first feedback and all slots warm": round(warm, 1),
        "one by one": _figures(single),
        "burst": _figures(burst),
        "grading alone": _figures(own),
    }


def _wait(begun: float, handed: list[Handed]) -> list[float]:
    """Return seconds until each feedback was there; those handed in together are counted from `begun`."""
    left = {h.feedback(): begun for h in handed}
    seconds: list[float] = []

    def all_there() -> bool:
        for path in [p for p in left if p.exists()]:
            seconds.append(time.monotonic() - left.pop(path))
        return not left

    until(all_there, 600)
    return seconds


def _figures(seconds: list[float]) -> dict[str, float]:
    return {"median": round(median(seconds), 2), "worst": round(max(seconds), 2)}


if __name__ == "__main__":
    main()
