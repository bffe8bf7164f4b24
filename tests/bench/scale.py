"""Ten thousand submissions through the real coordinator: `python -m tests.bench.scale [COUNT]`.

Intake, assembly, ledger (on disk), engine and, where asked for, record and feedback files are the product's own. Only
the job is trivial: it answers at once, or sleeps, so that what is measured is what the coordinator adds to a
submission. What sandboxes cost is measured elsewhere. Each run is a process of its own, so that memory is its own.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from tests.bench import material

ROOT = Path(__file__).resolve().parents[2]
_TEST = {"question": "q1", "points": 25, "outcome": "passed"}
_TESTS = [{**_TEST, "name": f"test_{name}", "title": name} for name in material.TESTS]


@dataclasses.dataclass(frozen=True)
class Plan:
    """One run: how many submissions, which engine with how many workers, what a job does, what goes wrong."""

    count: int
    engine: str = "local"
    workers: int = 1
    sleep: float = 0.0
    files: bool = False
    """Write records and feedback too, as ``autograder grade`` does."""
    kill: bool = False
    """Kill a Dask worker with SIGKILL after a third and after two thirds of the submissions."""


def answer(job: dict[str, Any], _seconds: float) -> dict[str, Any]:
    """Grade a job at once, with an answer as large as the small notebook's."""
    return {"tests": _TESTS, "executed": job["notebook"], "usage": {"wall_seconds": 0.0}}


def answer_later(job: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Take 20 ms without using a core: what a slot on another machine looks like from here."""
    time.sleep(0.02)
    return answer(job, seconds)


def measure(plan: Plan) -> dict[str, Any]:
    """Carry out a plan in a process of its own and return its figures; raises CalledProcessError."""
    command = [sys.executable, "-m", "tests.bench.scale", "--plan", json.dumps(dataclasses.asdict(plan))]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout[-1000:], done.stderr[-4000:])
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def write_class(root: Path, count: int) -> Path:
    """Write a course of one small assignment and an inbox with `count` different submissions; return the inbox."""
    material.write_ours(root)
    inbox = root / "inbox"
    inbox.mkdir()
    text = nbformat.writes(material.submission(tests_inside=False, name="@name@"))
    for number in range(count):
        (inbox / f"s{number:06d}.ipynb").write_text(text.replace("@name@", f"s{number}"), encoding="utf-8")
    return inbox


def carry_out(plan: Plan, root: Path) -> dict[str, Any]:
    """Run a plan in this process below `root` and return its figures."""
    inbox = write_class(root, plan.count)
    import autograder.report  # noqa: F401 (loaded before anything is measured, as everything else is)
    from autograder import session
    from autograder.catalog import load_assignment
    from autograder.grading.engines import open_engine
    from autograder.grading.ledger import Ledger
    from autograder.grading.pipeline import grade
    from autograder.grading.runs import open_run
    from autograder.grading.whose import ANYBODY

    assignment = load_assignment(material.ASSIGNMENT, root)
    out = root / "graded"
    ledger = Ledger(out / "ledger.db")
    run = open_run(assignment, ledger, b"x" * 32)
    options = session.GradeOptions(material.ASSIGNMENT, (inbox,), out, root=root)
    if plan.files:
        submissions = session._submissions(options, assignment, ANYBODY)
    else:
        submissions = ANYBODY.read(inbox, assignment)
    job = answer_later if plan.sleep else answer
    ended: list[str] = []
    with _engine(plan, open_engine) as engine, Watch(lambda: len(ended)) as watch:
        for progress in grade(
            run, submissions, engine.executor, _importable(job), window=2 * engine.count, alive=engine.alive
        ):
            ended.append(progress.record.student)
            if plan.files:
                session._write_result(out, progress, assignment, ledger)
            if plan.kill and len(ended) in (plan.count // 3, 2 * plan.count // 3):
                _kill_a_worker()
    ledger.close()
    return {
        **dataclasses.asdict(plan),
        **watch.figures(plan.count),
        "ledger_mb": round((out / "ledger.db").stat().st_size / 2**20, 2),
        "lost": plan.count - len(set(ended)),
        "doubled": len(ended) - len(set(ended)),
        **_in_the_ledger(out / "ledger.db", plan.count),
    }


@contextlib.contextmanager
def _engine(plan: Plan, open_engine: Any) -> Iterator[Any]:
    with open_engine(plan.engine, plan.workers) as engine:
        if plan.engine == "dask":  # every worker has imported what it needs before the clock starts
            first = [engine.executor.submit(_importable(answer_later), {"notebook": {}}, 1.0) for _ in range(50)]
            for future in first:
                future.result()
        yield engine


def _importable(job: Any) -> Any:
    """Return the function by its importable name: a worker does not know this process's ``__main__``."""
    from tests.bench import scale

    return getattr(scale, job.__name__)


def _kill_a_worker() -> None:
    from distributed import default_client

    pid = next(iter(default_client().run(os.getpid).values()))
    os.kill(pid, signal.SIGKILL)


def _in_the_ledger(path: Path, count: int) -> dict[str, int]:
    """Ask the database itself what it holds: rows without a result, and rows too many."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        rows, students = database.execute("select count(*), count(distinct student) from jobs").fetchone()
        query = "select count(*) from jobs where state = 'done' and json_extract(record, '$.score') = 100"
        (done,) = database.execute(query).fetchone()
    return {"without_result": count - done, "rows_doubled": rows - students}


class Watch:
    """What this process used between enter and exit: its CPU, the calling thread's, wall time, resident memory."""

    def __init__(self, finished: Any) -> None:
        self._finished = finished
        self._memory: list[tuple[int, float]] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        self._cpu, self._own, self._wall = time.process_time(), time.thread_time(), time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.cpu = time.process_time() - self._cpu
        self.own = time.thread_time() - self._own
        self.wall = time.perf_counter() - self._wall
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(0.1):
            self._memory.append((self._finished(), resident_mb()))

    def figures(self, count: int) -> dict[str, Any]:
        """Return milliseconds a submission, submissions a second, and how memory went over the second half."""
        late = [(n, mb) for n, mb in self._memory if n >= count / 2] or [(0, 0.0)]
        return {
            "coordinator_cpu_ms": round(self.own / count * 1e3, 3),
            "process_cpu_ms": round(self.cpu / count * 1e3, 3),
            "wall_seconds": round(self.wall, 2),
            "per_second": round(count / self.wall, 1),
            "resident_mb": {
                "start": round(self._memory[0][1], 1) if self._memory else 0.0,
                "half": round(late[0][1], 1),
                "end": round(late[-1][1], 1),
                "peak": round(max((mb for _, mb in self._memory), default=0.0), 1),
            },
            "growth_kb_per_submission": round(_slope(late) * 1024, 3),
        }


def resident_mb() -> float:
    """Return MB of resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _slope(points: list[tuple[int, float]]) -> float:
    """Return the least-squares slope."""
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


def plans(count: int) -> dict[str, Plan]:
    """Return the runs of one scale measurement, the long ones with `count` submissions."""
    short = min(max(count // 10, 20), 200)
    waiting = {
        f"{engine}, {workers} workers": Plan(short * workers, engine, workers, sleep=0.02)
        for engine in ("local", "dask")
        for workers in (1, 2, 4)
    }
    return {
        "coordinator": Plan(count),
        "coordinator and files": Plan(count, files=True),
        "dask": Plan(count, "dask", 2),
        "dask, workers killed": Plan(count // 2, "dask", 2, kill=True),
        **waiting,
    }


def measure_all(count: int) -> dict[str, Any]:
    """Carry out every plan, each in a process of its own; say how well waiting workers were kept busy."""
    figures = {name: measure(plan) for name, plan in plans(count).items()}
    for engine in ("local", "dask"):
        one = figures[f"{engine}, 1 workers"]["per_second"]
        for workers in (2, 4):
            found = figures[f"{engine}, {workers} workers"]
            found["of_ideal"] = round(found["per_second"] / one / workers, 3)
    return figures


def main() -> None:
    """Carry out one plan, or all of them, and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=10_000)
    parser.add_argument("--plan", help="one plan as JSON, carried out in this process")
    arguments = parser.parse_args()
    if arguments.plan:
        with tempfile.TemporaryDirectory(prefix="scale-") as folder:
            os.environ["AUTOGRADER_SUITES"] = str(Path(folder) / "suites")
            print(json.dumps(carry_out(Plan(**json.loads(arguments.plan)), Path(folder))))
        return
    for name, figures in measure_all(arguments.count).items():
        print(name, json.dumps(figures), flush=True)


if __name__ == "__main__":
    main()
