"""Real works: of the corpus, graded by us, by nbgrader and by otter in turn, the peers on some of the same notebooks.

Ours is the command's own function on one slot, with a note of what has been spent at each score (`tests.bench.marked`).
`nbgrader autograde` is nbgrader's own, without our plug-in; `otter run` has the public checks as its tests. All get
``FAST=1`` and one thread. A command's start-up is measured by the same command with nothing to grade, and stands beside
what a further work costs.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Any

import nbformat

from autograder.corpus import EXPERIMENTS, Case, build_notebook
from tests.bench.machine import BIN, Cost, spread, timed
from tests.grading.works import IDS, ROOT, cases, master_of

WORKS, BY_NBGRADER, BY_OTTER = 24, 4, 2
"""Works of each assignment: ours, nbgrader's, otter's. Full pages are made of otter's."""
QUICK: dict[str, Any] = {"ids": IDS[3:4], "works": 3, "by_nbgrader": 1, "by_otter": 1}

_KINDS = ("class", "right", "wrong")
_ENVIRONMENT = {"FAST": "1", "OMP_NUM_THREADS": "1"}
_CONFIG = 'c = get_config()\nc.CourseDirectory.course_id = "bench"\n'

Notebooks = dict[str, str]
"""Works by student, as the text of the notebook."""


@dataclass(frozen=True)
class Graded:
    """What a grader spent on the works of an assignment: its start-up, and each work by student."""

    start_up: Cost
    works: dict[str, Cost]
    count: int
    """Works graded, also those whose cost cannot be told from the start-up."""
    pages: Cost | None = None
    """Of ours: the mean of what a work's full page costs on top of its score."""
    points: dict[str, float] | None = None


def compare(
    work: Path,
    ids: Sequence[str] = IDS,
    *,
    works: int = WORKS,
    by_nbgrader: int = BY_NBGRADER,
    by_otter: int = BY_OTTER,
) -> dict[str, Any]:
    """Return, for each assignment, what a further work costs by each grader, start-up beside it, and the ratios."""
    taken, load = dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), os.getloadavg()[0]
    figures: dict[str, Any] = {}
    for number, assignment_id in enumerate(ids):
        place, notebooks = work / assignment_id, chosen(assignment_id, works)
        shared = _some(notebooks, by_nbgrader)
        fewer = _some(shared, by_otter, first=0)
        ours, nbgrader, otter = Ours(place, assignment_id), Nbgrader(place, assignment_id), Otter(place, assignment_id)
        ways: dict[str, Callable[[], Graded]] = {
            "ours": partial(ours.grade, notebooks, pages_of=list(fewer)),
            "nbgrader": partial(nbgrader.grade, shared),
            "otter": partial(otter.grade, fewer),
        }
        names = list(ways)
        found = {name: ways[name]() for name in (*names[number % 3 :], *names[: number % 3])}
        figures[assignment_id] = summary(found)
        shutil.rmtree(place, ignore_errors=True)
        print(f"{assignment_id}: {json.dumps(figures[assignment_id])}", flush=True)
    return {"taken": taken, "load_at_start": round(load, 2), "assignments": figures}


def summary(found: Mapping[str, Graded]) -> dict[str, Any]:
    """Return the figures of one assignment from what each grader has spent.

    Ratios compare the peers' works with ours of the very same works, both without start-up.
    """
    ours, pages = found["ours"].works, found["ours"].pages or Cost(0.0, 0.0)
    figures: dict[str, Any] = {
        "ours": {
            "works": found["ours"].count,
            "score": _seconds(list(ours.values())),
            "page": _seconds([_plus(_mean(list(ours.values())), pages)]),
            "start_up": _seconds([found["ours"].start_up]),
        }
    }
    ratios = {}
    for name in ("nbgrader", "otter"):
        works = found[name].works
        figures[name] = {
            "works": found[name].count,
            **_seconds(list(works.values())),
            "start_up": _seconds([found[name].start_up]),
            "points": found[name].points,
        }
        theirs, same = _mean(list(works.values())), _mean([ours[student] for student in works])
        for what, mine in (("score", same), ("page", _plus(same, pages))):
            ratios[f"{name} / {what}"] = {
                "cpu": round(theirs.cpu / mine.cpu, 2),
                "wall": round(theirs.wall / mine.wall, 2),
            }
    return {**figures, "ratios": ratios}


def chosen(assignment_id: str, count: int) -> Notebooks:
    """Return so many different works of an assignment's corpus, by student.

    A third at most are of the sample class, the others right and wrong ones in equal parts; which ones, and in which
    order, a hash of their names decides. Works that hand in no experiments are left out: students keep theirs.
    """
    drawn = {kind: sorted(filter(_is_whole, cases(assignment_id, kind)), key=_lot) for kind in _KINDS}
    taken = {"class": drawn["class"][: count // 3]}
    left = count - len(taken["class"])
    taken["right"] = drawn["right"][: left // 2]
    taken["wrong"] = drawn["wrong"][: left - len(taken["right"])]
    works = sorted((case for kind in _KINDS for case in taken[kind]), key=_lot)
    texts = [json.dumps(build_notebook(case, master_of(assignment_id)), ensure_ascii=False) for case in works]
    assert len(set(texts)) == count, f"{assignment_id}: {len(set(texts))} different works"
    return {f"w{number:02d}-{case.name}": text for number, (case, text) in enumerate(zip(works, texts, strict=True))}


def _is_whole(case: Case) -> bool:
    return all((edit.action, edit.target) != ("drop", EXPERIMENTS) for edit in case.edits)


def _lot(case: Case) -> str:
    return hashlib.sha256(case.name.encode()).hexdigest()


def _some(works: Notebooks, count: int, first: int = 1) -> Notebooks:
    """Return so many of the works, evenly spread; not the very first, whose cost of ours has the start-up in it."""
    students = list(works)
    return {s: works[s] for s in (students[first + n * (len(works) - first) // count] for n in range(count))}


class Ours:
    """`autograder grade` on one slot."""

    def __init__(self, place: Path, assignment_id: str) -> None:
        self._place = place / "ours"
        self._id = assignment_id

    def grade(self, works: Notebooks, pages_of: Sequence[str] = ()) -> Graded:
        """Grade works; make the full pages of some of them once all scores are known."""
        _submit(works, self._place / "submitted", self._id)
        plan, marks = self._place / "plan.json", self._place / "marks.json"
        asked = {"assignment": self._id, "source": "submitted", "out": "graded", "pages_of": list(pages_of)}
        plan.write_text(json.dumps(asked), encoding="utf-8")
        command = [sys.executable, "-m", "tests.bench.marked", str(plan), str(marks)]
        whole = timed(command, ROOT, **_ENVIRONMENT)
        return of_ours(json.loads(marks.read_text(encoding="utf-8")), whole)


def of_ours(marks: dict[str, Any], whole: Cost) -> Graded:
    """Return what the works of one run cost by its marks; the start-up is what neither a score nor a page took.

    The first work's own cost cannot be told from the start-up: it is taken to be the others' mean.
    """
    scores = [(student, Cost(cpu, wall)) for student, cpu, wall in marks["scores"]]
    works = {student: cost - before for (_, before), (student, cost) in pairwise(scores)}
    drawn = [Cost(cpu, wall) for cpu, wall in marks["pages"]]
    pages = (drawn[-1] - drawn[0]).each(len(drawn) - 1) if len(drawn) > 1 else None
    graded = _mean(list(works.values()))
    spent = Cost(graded.cpu * len(scores), graded.wall * len(scores))
    if pages is not None:
        spent = Cost(spent.cpu + pages.cpu * (len(drawn) - 1), spent.wall + pages.wall * (len(drawn) - 1))
    return Graded(whole - spent, works, len(scores), pages)


class Nbgrader:
    """A course of nbgrader's own, with the assignment made from the same master."""

    def __init__(self, place: Path, assignment_id: str) -> None:
        self._root = place / "nbgrader"
        self._id = assignment_id
        shutil.copytree(ROOT / "solutions" / assignment_id, self._root / "source" / assignment_id)
        (self._root / "nbgrader_config.py").write_text(_CONFIG, encoding="utf-8")
        timed([str(BIN / "nbgrader"), "generate_assignment", assignment_id], self._root)

    def grade(self, works: Notebooks) -> Graded:
        """Grade works with one command, then give it again: it finds them graded, and costs what starting costs."""
        _submit(works, self._root / "submitted", self._id)
        command = [str(BIN / "nbgrader"), "autograde", self._id]
        whole = timed(command, self._root, **_ENVIRONMENT)
        start_up = timed(command, self._root, **_ENVIRONMENT)
        each = (whole - start_up).each(len(works))
        return Graded(start_up, dict.fromkeys(works, each), len(works), points=self._points(works))

    def _points(self, works: Notebooks) -> dict[str, float]:
        """Return the points that the gradebook has; raises AssertionError where a notebook was not run to its end."""
        from nbgrader.api import Gradebook

        points = {}
        with Gradebook(f"sqlite:///{self._root / 'gradebook.db'}") as book:
            for student in works:
                points[student] = float(book.find_submission(self._id, student).score)
                done = self._root / "autograded" / student / self._id / f"{self._id}.ipynb"
                _assert_run(nbformat.read(done, 4), student)
        return points


class Otter:
    """`otter run`, one notebook a command as it works, with the public checks as its tests."""

    def __init__(self, place: Path, assignment_id: str) -> None:
        self._root = place / "otter"
        shutil.copytree(ROOT / "solutions" / assignment_id / "checks", self._root / "checks")
        (self._root / "out").mkdir()
        options = ["-t", "checks", "-o", "autograder.zip", "--no-environment", "checks"]
        timed([str(BIN / "otter"), "generate", *options], self._root)

    def grade(self, works: Notebooks) -> Graded:
        """Grade each work; the start-up is the command's on a notebook of one empty cell, kernel and tests included."""
        start_up, _ = self._run("empty", _EMPTY)
        costs, points = {}, {}
        for student, text in works.items():
            cost, points[student] = self._run(student, text)
            costs[student] = cost - start_up
        return Graded(start_up, costs, len(works), points=points)

    def _run(self, name: str, text: str) -> tuple[Cost, float]:
        (self._root / f"{name}.ipynb").write_text(text, encoding="utf-8")
        command = [str(BIN / "otter"), "run", "-a", "autograder.zip", "-o", "out", f"{name}.ipynb"]
        cost = timed(command, self._root, **_ENVIRONMENT)
        results = json.loads((self._root / "out" / "results.json").read_text(encoding="utf-8"))
        return cost, sum(float(test.get("score", 0.0)) for test in results["tests"])


def _submit(works: Notebooks, folder: Path, assignment_id: str) -> None:
    """Write works as nbgrader's `submitted` folder holds them, and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    for student, text in works.items():
        place = folder / student / assignment_id
        place.mkdir(parents=True)
        (place / f"{assignment_id}.ipynb").write_text(text, encoding="utf-8")


def _assert_run(notebook: nbformat.NotebookNode, student: str) -> None:
    left = [c for c in notebook.cells if c.cell_type == "code" and c.source.strip() and c.execution_count is None]
    assert not left, f"{student}: {len(left)} cells were not run"


def _plus(one: Cost, other: Cost) -> Cost:
    return Cost(one.cpu + other.cpu, one.wall + other.wall)


def _mean(costs: Sequence[Cost]) -> Cost:
    return Cost(mean(c.cpu for c in costs), mean(c.wall for c in costs))


def _seconds(costs: Sequence[Cost]) -> dict[str, Any]:
    """Return means, since what a class costs is their sum, and from where to where the CPU seconds went."""
    together, cpu = _mean(costs), spread([c.cpu for c in costs], 3)
    return {
        "cpu_seconds": round(together.cpu, 3),
        "cpu_range": [cpu["min"], cpu["max"]],
        "wall_seconds": round(together.wall, 3),
    }


_EMPTY = nbformat.writes(
    nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("", id="empty")],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
)
