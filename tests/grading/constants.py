"""Works made of constants: each function gives back what the public check was seen to get from it.

    python -m tests.grading.constants [ID ...]

prints what they earn of each question. A table of the check's own calls is the most that can be copied from it: the
arguments that the check uses get the right values, every other call gets the value of the first.
"""

from __future__ import annotations

import argparse
import base64
import io
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import torch

from autograder.corpus import Case, Edit
from autograder.grading.slots import Slots
from autograder.quality.bench import PATIENT, Bench
from course.checks import _otter, _quiet_random_state
from tests.course.masters import ROOT, solve
from tests.grading.works import IDS, assignment_of, master_of

MOST_CALLS = 200
"""Calls of one function that a copier would write down."""

SOURCE = """\
import base64 as _base64
import io as _io

_CALLS = torch.load(_io.BytesIO(_base64.b64decode({table!r})), weights_only=False)


def _key(args, kwargs):
    return repr((args, sorted(kwargs.items())))


def _constant(name):
    def function(*args, **kwargs):
        table, first = _CALLS[name]
        try:
            return table.get(_key(args, kwargs), first)
        except Exception:
            return first

    return function


"""


def key(args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """What tells one call from another; the same expression stands in `SOURCE`."""
    return repr((args, sorted(kwargs.items())))


def seen(assignment_id: str, question: str) -> dict[str, tuple[dict[str, Any], Any]]:
    """What the public check of a question gets from the master's functions: (value by call, the first value)."""
    namespace = solve(assignment_id)
    found: dict[str, tuple[dict[str, Any], Any]] = {}

    def noting(name: str, function: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            asked = key(args, kwargs)
            value = function(*args, **kwargs)
            table, _ = found.setdefault(name, ({}, value))
            if len(table) < MOST_CALLS and _kept(value):
                table[asked] = value
            return value

        return call

    path = ROOT / "solutions" / assignment_id / "checks" / f"{question}.py"
    names = next(q.names for q in assignment_of(assignment_id).questions if q.id == question)
    here = Path.cwd()
    try:
        os.chdir(path.parents[1])
        tests = _otter().ExceptionTestFile.from_string(path.read_text(encoding="utf-8"), path=str(path))
        for case in tests.test_cases:
            own = {**namespace, **{name: noting(name, namespace[name]) for name in names}}
            with _quiet_random_state():
                case.body.call_func(own)
    finally:
        os.chdir(here)
    return {name: pair for name, pair in found.items() if _kept(pair[1])}


def constant_case(assignment_id: str, question: str) -> Case:
    """The work in which every function of this question is a table of what the public check has seen.

    A function whose answer cannot be written down (a model, a function) stays as the student received it.
    """
    known = seen(assignment_id, question)
    asked = next(q for q in assignment_of(assignment_id).questions if q.id == question)
    data = io.BytesIO()
    torch.save(known, data)
    source = SOURCE.format(table=base64.b64encode(data.getvalue()).decode())
    for name in asked.names:
        unknown = f"def {name}(*args, **kwargs):\n    raise NotImplementedError\n"
        source += f"{name} = _constant({name!r})\n" if name in known else unknown
    return Case(
        "constants", "constants of the public check", question, (), "", (Edit("replace", asked.solution_cell, source),)
    )


def earned(
    assignment_id: str, slots: Slots, questions: tuple[str, ...] = ()
) -> Iterator[tuple[str, float, tuple[str, ...]]]:
    """Yield for each question its id, the share of its points (0 to 1) that constants earn, and the tests they pass."""
    assignment = assignment_of(assignment_id)
    bench = Bench(assignment, master_of(assignment_id), slots.grade)
    ids = questions or tuple(q.id for q in assignment.questions if not q.manual)
    cases = [constant_case(assignment_id, name) for name in ids]  # one after the other: a check changes the folder

    def graded(case: Case) -> tuple[str, float, tuple[str, ...]]:
        tests = bench.grade(case, (case.question,), PATIENT)
        passed = tuple(t["name"] for t in tests if t["outcome"] == "passed")
        points = sum(t["points"] for t in tests)
        return case.question, sum(t["points"] for t in tests if t["outcome"] == "passed") / points, passed

    with ThreadPoolExecutor(slots.count) as executor:
        yield from executor.map(graded, cases)


def _kept(value: Any) -> bool:
    try:
        torch.save(value, io.BytesIO())
    except Exception:
        return False
    return not isinstance(value, torch.nn.Module) and not callable(value)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("ids", nargs="*", default=[i[:2] for i in IDS])
    options = parser.parse_args()
    with Slots(len(os.sched_getaffinity(0))) as slots:
        for which in options.ids:
            start, _, named = which.partition(":")
            (assignment_id,) = (i for i in IDS if i.startswith(start))
            for question, share, passed in earned(assignment_id, slots, tuple(named.split(",")) if named else ()):
                print(f"{start} {question}: {100 * share:.0f} % {', '.join(passed)}", flush=True)


if __name__ == "__main__":
    main()
