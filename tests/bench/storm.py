"""The evening of the deadline: real works, a real exchange, the real desk, and how long everybody waits.

`python -m tests.bench.storm OUT [--works 200 --minutes 10 --slots 2 --assignments ID ...]` makes a course folder and an
exchange below OUT, lets students of the corpus hand in by a Poisson process (some a second and a third time), grades
as the service does, and prints the table of docs/scaling.md. Scores are compared with what the corpus states; a work
of which it states no number (a whole student's notebook with a state) is graded once more when the storm is over.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import json
import logging
import os
import random
import secrets
import shutil
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from autograder.catalog import load_assignment, read_master
from autograder.corpus import Case, build_notebook, iter_cases
from autograder.integrations.exchange import receipt_path
from autograder.model import Assignment
from autograder.service.app import build_desk
from autograder.service.receipt import FINISHED, Receipt, ReceiptState
from autograder.service.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
COURSE = "storm"
_KINDS = ("class", "right", "wrong")
_MORE = (1.0, 0.35, 0.12)
"""Shares of the students who hand in a first, a second and a third time."""
_LOOK_SECONDS = 0.05
_PREDICT_SECONDS = 1.0
_LONGEST_SECONDS = 3600.0
_CLOSE_SECONDS = 15.0
"""A prediction that is off by less is as good as true: nobody looks more often."""


@dataclass(frozen=True)
class Work:
    """A work of the corpus as a student hands it in."""

    assignment: str
    name: str
    notebook: bytes
    expected: float | None


@dataclass
class Handed:
    """One submission, and what was seen of it; times are `time.time()`."""

    student: str
    work: Work
    attempt: int
    at: float = 0.0
    secret: str = ""
    folder: str = ""
    row: float | None = None
    file: float | None = None
    predicted: list[tuple[float, float]] = field(default_factory=list)


def works(ids: Sequence[str], seed: int) -> Iterator[Work]:
    """Yield works of the corpus without end: assignments in turn, kinds in a class's proportion."""
    chance = random.Random(seed)
    shelves: dict[str, list[Work]] = {}
    for assignment_id in ids:
        assignment = load_assignment(assignment_id, ROOT)
        master = read_master(assignment)
        shelf = []
        for kind in _KINDS:
            for case in iter_cases(ROOT / "tests" / "corpus" / assignment_id / kind):
                if not case.limits:  # else it is graded under limits that are not the assignment's
                    notebook = json.dumps(build_notebook(case, master), ensure_ascii=False).encode()
                    shelf.append(Work(assignment_id, f"{kind}/{case.name}", notebook, stated(case, kind, assignment)))
        shelves[assignment_id] = shelf
    while True:
        for assignment_id in ids:
            yield chance.choice(shelves[assignment_id])


def stated(case: Case, kind: str, assignment: Assignment) -> float | None:
    """Return the score that the corpus states, None where it states none."""
    if kind == "class":
        return float(case.expect) if case.expect.replace(".", "", 1).isdigit() else None
    return assignment.points if kind == "right" else None


class Storm:
    """One storm: a course below `out`, its desk, and what is handed in.

    Args:
        out: an empty folder.
        count: submissions.
        seconds: in which they come.
        slots: gradings at the same time.
        ids: of the assignments.
        seed: of all chance in it.
    """

    def __init__(self, out: Path, count: int, seconds: float, slots: int, ids: Sequence[str], seed: int) -> None:
        self.out, self.slots, self.ids = out, slots, list(ids)
        self.exchange = out / "exchange"
        self.seconds = seconds
        chance = random.Random(seed)
        self.handed = list(plan(count, seconds, works(ids, seed), chance))
        root = out / "course"
        root.mkdir(parents=True)
        shutil.copytree(ROOT / "solutions", root / "solutions")
        for assignment_id in ids:
            (self.exchange / COURSE / "outbound" / assignment_id).mkdir(parents=True)
        self.inbound = self.exchange / COURSE / "inbound"
        self.inbound.mkdir(parents=True)
        self.settings = Settings(root, COURSE, self.exchange, "staff", "students", attempts_per_hour=1000, slots=slots)
        self.desk = build_desk(self.settings)
        for student in {handed.student for handed in self.handed}:
            self.desk.roster.meet(student)
        self.scores: dict[str, list[float | None]] = {}

    def run(self) -> dict[str, Any]:
        """Carry it out and return the figures."""
        self.desk.start()
        try:
            self._warm()
            cpu, begun = _cpu(), time.monotonic()
            thread = threading.Thread(target=self._hand_in, daemon=True)
            thread.start()
            self._watch(thread)
            used, took = _cpu() - cpu, time.monotonic() - begun
            rows = {row.folder: row for row in self.desk.receipts.rows(summaries=True)}
            again = self._grade_again(rows)
        finally:
            self.desk.stop()
        spent = {"seconds": round(took, 1), "cpu_seconds": round(used, 1)}
        return {**figures(self.handed, rows, again), **spent}

    def _warm(self) -> None:
        """Let one work of each assignment be graded, so that sandboxes are warm and suites tried."""
        source = works(self.ids, 1)
        first = [Handed(f"warm{number}", next(source), 1) for number in range(len(self.ids))]
        for handed in first:
            self.desk.roster.meet(handed.student)
            hand_in(self.inbound, handed)
        names = {handed.folder for handed in first}
        _until(lambda: all(r.state in FINISHED for r in self._rows(names)) and len(self._rows(names)) == len(first))
        _until(lambda: any(t.name == "_warm_up" and not t.is_alive() for t in self.desk._threads))

    def _rows(self, names: set[str]) -> list[Receipt]:
        return [row for row in self.desk.receipts.rows() if row.folder in names]

    def _hand_in(self) -> None:
        begun = time.monotonic()
        offsets = sorted(self.handed, key=lambda handed: handed.at)
        for handed in offsets:
            time.sleep(max(0.0, handed.at - (time.monotonic() - begun)))
            hand_in(self.inbound, handed)

    def _watch(self, thread: threading.Thread) -> None:
        """Note when each receipt is there, what is predicted, until every submission has its result."""
        looked = 0.0
        open_ = list(self.handed)
        end = time.monotonic() + _LONGEST_SECONDS
        while open_ or thread.is_alive():
            if time.monotonic() > end:
                raise TimeoutError(f"{len(open_)} submissions have no result")
            now = time.time()
            for handed in open_:
                if handed.secret and handed.file is None:
                    path = receipt_path(self.exchange, COURSE, handed.secret)
                    handed.file = path.stat().st_mtime if path.exists() else None
            if now - looked > _PREDICT_SECONDS:
                looked = now
                places = self.desk.receipts.outlook()
                rows = {row.folder: row for row in self.desk.receipts.rows()}
                for handed in [h for h in open_ if h.folder in rows]:
                    row = rows[handed.folder]
                    if row.ref in places:
                        handed.predicted.append((now, places[row.ref].seconds))
                    over = row.state not in (ReceiptState.WAITING, ReceiptState.GRADING)
                    if over and handed.file is not None:
                        handed.row = row.queued
                        open_.remove(handed)
            time.sleep(_LOOK_SECONDS)

    def _grade_again(self, rows: dict[str, Receipt]) -> dict[str, float | None]:
        """Grade, on the machine that is idle again, what the corpus states no score of; returns scores by work."""
        graded = [h for h in self.handed if rows[h.folder].state in FINISHED]
        unsure = {h.work.assignment + h.work.name: h for h in graded if h.work.expected is None}
        refs = {key: rows[h.folder].ref for key, h in unsure.items()}
        self.desk.regrade(list(refs.values()))
        _until(lambda: not self.desk.receipts.rows(states=(ReceiptState.WAITING, ReceiptState.GRADING)))
        found = {key: self.desk.receipts.get(ref) for key, ref in refs.items()}
        return {key: row.score for key, row in found.items() if row is not None}


def plan(count: int, seconds: float, source: Iterator[Work], chance: random.Random) -> Iterator[Handed]:
    """Yield `count` submissions at the times of a Poisson process, resubmissions after their first."""
    students = 0
    left = count
    while left > 0:
        students += 1
        work = next(source)
        at = chance.uniform(0.0, seconds)
        for attempt, share in enumerate(_MORE, start=1):
            if left == 0 or chance.random() >= share:
                break
            if attempt > 1:
                at += chance.expovariate(1 / 90.0)
                work = dataclasses.replace(work, notebook=again(work.notebook, attempt))
            left -= 1
            yield Handed(f"s{students:03d}", work, attempt, at=at)


def again(notebook: bytes, attempt: int) -> bytes:
    """Return a notebook that is graded anew, because a line of text in it is another one."""
    content = json.loads(notebook)
    text: dict[str, Any] = {
        "cell_type": "code",
        "metadata": {},
        "source": f"# {attempt}",
        "outputs": [],
        "execution_count": None,
    }
    content["cells"].append({**text, "execution_count": None, "id": f"attempt-{attempt}"})
    return json.dumps(content, ensure_ascii=False).encode()


def hand_in(inbound: Path, handed: Handed) -> None:
    """Write a submission as nbgrader's Submit does; it is complete when this returns."""
    stamp = f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M:%S.%f} UTC"
    folder = inbound / f"{handed.student}+{handed.work.assignment}+{stamp}+{secrets.token_urlsafe(9)}"
    folder.mkdir()
    (folder / f"{handed.work.assignment}.ipynb").write_bytes(handed.work.notebook)
    (folder / "timestamp.txt").write_text(stamp, encoding="utf-8")
    secret = secrets.token_hex(64)
    (folder / "submission_secret.txt").write_text(secret, encoding="utf-8")
    handed.folder, handed.at, handed.secret = folder.name, time.time(), secret


def figures(handed: Sequence[Handed], rows: dict[str, Receipt], again: dict[str, float | None]) -> dict[str, Any]:
    """Return what was seen, as numbers."""
    graded = [h for h in handed if rows[h.folder].state in FINISHED]
    waits = {h.folder: (rows[h.folder].finished or 0.0) - h.at for h in graded}
    tries = Counter((h.student, h.work.assignment) for h in graded)
    thirds = [h for h in graded if h.attempt == 3 and tries[h.student, h.work.assignment] == 3]
    overtaken = [
        h.folder for h in graded if h.attempt == 1 and any(_went_before(rows[o.folder], rows[h.folder]) for o in thirds)
    ]
    told = [_prediction(h, rows[h.folder]) for h in graded if h.predicted]
    wrong = []
    for h in graded:
        expected = h.work.expected if h.work.expected is not None else again.get(h.work.assignment + h.work.name)
        if rows[h.folder].score != expected:
            wrong.append(f"{h.work.assignment}/{h.work.name}: {rows[h.folder].score}, expected {expected}")
    return {
        "submissions": len(handed),
        "students": len({h.student for h in handed}),
        "superseded": sum(rows[h.folder].state is ReceiptState.SUPERSEDED for h in handed),
        "without_result": sum(rows[h.folder].state not in (*FINISHED, ReceiptState.SUPERSEDED) for h in handed),
        "receipt_row": spread([(h.row or 0.0) - h.at for h in handed]),
        "receipt_file": spread([(h.file or 0.0) - h.at for h in handed]),
        "wait": {str(n): spread([waits[h.folder] for h in graded if h.attempt == n]) for n in (1, 2, 3)},
        "first_behind_third": len(overtaken),
        "predictions": len(told),
        "true_within_30_percent": round(sum(ok for ok, _ in told) / len(told), 3) if told else None,
        "median_error": round(statistics.median(abs(error) for _, error in told), 3) if told else None,
        "scores_compared": len(graded),
        "scores_other": wrong,
    }


def _went_before(other: Receipt, first: Receipt) -> bool:
    """Whether a third hand-in was begun while a first one waited that had arrived before it was begun."""
    if other.begun is None or first.begun is None or other.student == first.student:
        return False
    return first.queued < other.begun - 0.05 and other.begun < first.begun


def _prediction(handed: Handed, row: Receipt) -> tuple[bool, float]:
    """Return whether the first wait that was shown was true within 30 %, and by what share it was off."""
    at, seconds = handed.predicted[0]
    actual = max((row.finished or at) - at, 0.1)
    return abs(seconds - actual) <= max(0.3 * actual, _CLOSE_SECONDS), (seconds - actual) / actual


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return the number, median, 99th percentile and worst of some seconds."""
    if not values:
        return {"n": 0}
    ordered = sorted(values)
    high = ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]
    return {
        "n": len(ordered),
        "p50": round(statistics.median(ordered), 2),
        "p99": round(high, 2),
        "worst": round(ordered[-1], 2),
    }


def table(found: dict[str, Any]) -> str:
    """Return the rows of docs/scaling.md."""

    def words(part: dict[str, float]) -> str:
        return f"{part['p50']} s, {part['p99']} s, {part['worst']} s" if part["n"] else "none"

    waits = found["wait"]
    rows = [
        ("submissions, students", f"{found['submissions']}, {found['students']}"),
        ("graded to the last one after", f"{found['seconds'] / 60:.1f} min"),
        ("CPU, the service and its sandboxes", f"{found['cpu_seconds']} s"),
        ("receipt written down: median, p99, worst", words(found["receipt_row"])),
        ("receipt in the exchange: median, p99, worst", words(found["receipt_file"])),
        ("result of a first hand-in: median, p99, worst", words(waits["1"])),
        ("result of a second one", words(waits["2"])),
        ("result of a third one", words(waits["3"])),
        ("first hand-ins that waited behind a third", str(found["first_behind_third"])),
        ("first shown waits true within 30 %", f"{found['true_within_30_percent']} of {found['predictions']}"),
        ("their median error", str(found["median_error"])),
        ("replaced by a later hand-in before they were graded", str(found["superseded"])),
        ("without a result", str(found["without_result"])),
        ("scores other than on the idle machine", f"{len(found['scores_other'])} of {found['scores_compared']}"),
    ]
    return "\n".join(["| what | seen |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])


def _cpu() -> float:
    """Return CPU seconds of this process and of all below it, those that have ended among them."""
    me = psutil.Process()
    total = 0.0
    for process in (me, *me.children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def _until(condition: Any) -> None:
    end = time.monotonic() + _LONGEST_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.2)


def main() -> None:
    """Carry a storm out, print its table and write `storm.json`."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.storm", description=__doc__)
    parser.add_argument("out", type=Path, help="a folder that does not exist yet")
    parser.add_argument("--works", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--slots", type=int, default=2)
    parser.add_argument("--assignments", nargs="+", default=sorted(p.name for p in (ROOT / "solutions").iterdir()))
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    logging.basicConfig(level=logging.WARNING)
    arguments.out.mkdir(parents=True)
    storm = Storm(
        arguments.out.resolve(),
        arguments.works,
        60 * arguments.minutes,
        arguments.slots,
        arguments.assignments,
        arguments.seed,
    )
    found = storm.run()
    (arguments.out / "storm.json").write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")
    print(table(found))
    for line in found["scores_other"]:
        print(line)


if __name__ == "__main__":
    main()
