"""A machine kept busy, and the sample class graded on it by the command line.

``python -m tests.grading.load OUT [--spinners 30] [--slots 2] [ID ...]`` grades the sample class and three right works
of each assignment with ``autograder grade`` while that many processes spin, and says what became of the scores, how
long it took, and which share of the time the sandboxes had a processor.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.catalog import load_assignment, read_master
from autograder.corpus import Case, build_notebook
from tests.grading.works import IDS, ROOT, cases

_SPIN = "import os\nparent = os.getppid()\nwhile os.getppid() == parent:\n    for _ in range(1_000_000): pass\n"
"""Ends by itself as well, should nobody be left to end it."""

MOST_SHARE = 0.15
"""With a larger share of a processor the machine was not busy: a run says nothing."""


@contextmanager
def spinners(count: int, cpus: Iterable[int] | None = None) -> Iterator[None]:
    """Keep processors busy with `count` processes, on the processors `cpus` alone where stated.

    Each is the leader of a session of its own. Where the kernel groups tasks by session (autogroup), one group of all
    spinners would weigh no more than the grader; so each of them does. Where it does not, that changes nothing.
    """
    started: list[subprocess.Popen[bytes]] = []
    try:
        for _ in range(count):
            started.append(subprocess.Popen([sys.executable, "-I", "-S", "-c", _SPIN], start_new_session=True))
            if cpus is not None:
                os.sched_setaffinity(started[-1].pid, cpus)
        yield
    finally:
        for process in started:
            process.kill()
        for process in started:
            process.wait()


def share(results: Iterable[Mapping[str, Any]]) -> float | None:
    """Return CPU seconds over wall-clock seconds of the sandboxes' cells and tests, or None if nobody counted them.

    Args:
        results: what a judge returned, or records as JSON.
    """
    runs = [run for result in results for run in (*result["cells"], *result["tests"])]
    used, seconds = (sum(run.get(key, 0.0) for run in runs) for key in ("cpu_seconds", "seconds"))
    return used / seconds if used and seconds else None


def right_works(assignment_id: str, count: int) -> list[Case]:
    """Right works spread over an assignment's questions."""
    every = cases(assignment_id, "right")
    return every[:: max(1, len(every) // count)][:count]


@dataclass
class Report:
    """What grading a class under load gave."""

    wrong: list[str] = field(default_factory=list)
    """Each score that is not the one stated, each student a person is asked about, each test lost to the machine."""
    works: int = 0
    seconds: float = 0.0
    share: float | None = None

    @property
    def void(self) -> str:
        """Why nothing was shown, or ""."""
        if self.share is not None and self.share > MOST_SHARE:
            return f"the sandboxes had {self.share:.1%} of a processor: the machine was not busy"
        return ""

    def __str__(self) -> str:
        had = "unknown" if self.share is None else f"{self.share:.1%}"
        lines = [f"{self.works} works in {self.seconds:.0f} s, the sandboxes' share of a processor: {had}", *self.wrong]
        return "\n".join([*lines, *([f"void: {self.void}"] if self.void else [])])


def grade_class(out: Path, ids: Sequence[str] = IDS, *, slots: int = 2, rights: int = 3) -> Report:
    """Grade the sample class and some right works of each assignment by the command line, and compare the scores."""
    report, records = Report(), []
    began = time.monotonic()
    for assignment_id in ids:
        stated = {case.name: case for case in cases(assignment_id, "class")}
        stated |= {f"right-{case.name}".replace("_", "-"): case for case in right_works(assignment_id, rights)}
        _write(out / "submitted", assignment_id, stated)
        command = [sys.executable, "-m", "autograder", "grade", assignment_id, str(out / "submitted"), "--json"]
        options = ["--root", str(ROOT), "--out", str(out / "graded" / assignment_id), "--slots", str(slots)]
        done = subprocess.run([*command, *options], cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1) or not done.stdout.strip():
            report.wrong.append(f"{assignment_id}: exit {done.returncode}: {done.stderr[-2000:]}")
            continue
        summary = json.loads(done.stdout)
        report.works += len(stated)
        report.wrong += _differences(assignment_id, stated, summary)
        found = (out / "graded" / assignment_id / "records").glob("*.json")
        records += [json.loads(path.read_text(encoding="utf-8")) for path in sorted(found)]
    report.seconds, report.share = time.monotonic() - began, share(records)
    report.wrong += [text for record in records for text in _lost_to_limits(record)]
    return report


def _write(folder: Path, assignment_id: str, works: Mapping[str, Case]) -> None:
    """Write submissions as nbgrader's ``submitted`` folder holds them."""
    assignment = load_assignment(assignment_id, ROOT)
    master = read_master(assignment)
    for student, case in works.items():
        path = folder / student / assignment_id / assignment.notebook
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(build_notebook(case, master), ensure_ascii=False), encoding="utf-8")


def _differences(assignment_id: str, stated: Mapping[str, Case], summary: Mapping[str, Any]) -> list[str]:
    scores, asked = summary["scores"], {entry["student"]: entry["reasons"] for entry in summary["needs_staff"]}
    wrong = [f"{assignment_id} {name}: a person is asked for {reasons}" for name, reasons in asked.items()]
    for name, case in stated.items():
        expected = float(case.expect or 100)
        if scores.get(name) != expected:
            wrong.append(f"{assignment_id} {name}: {scores.get(name)}, not {expected:g}")
    return wrong


def _lost_to_limits(record: Mapping[str, Any]) -> list[str]:
    """Tests that a limit ended: no work of the sample class is slow."""
    return [
        f"{record['assignment']} {record['student']}: {test['name']} {test['outcome']} by the limit {test['limit']}"
        for test in record["tests"]
        if test.get("limit") and test["outcome"] in ("failed", "blocked")
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Grade under load and print what came of it; 0 if every score is exact, 2 if the machine was not busy."""
    parser = argparse.ArgumentParser(prog="python -m tests.grading.load", description=str(__doc__))
    parser.add_argument("out", type=Path)
    parser.add_argument("ids", nargs="*", default=IDS)
    parser.add_argument("--spinners", type=int, default=30)
    parser.add_argument("--slots", type=int, default=2)
    parser.add_argument("--rights", type=int, default=3)
    options = parser.parse_args(argv)
    with spinners(options.spinners):
        report = grade_class(options.out.resolve(), options.ids, slots=options.slots, rights=options.rights)
    print(report)
    return 1 if report.wrong else 2 if report.void else 0


if __name__ == "__main__":
    sys.exit(main())
