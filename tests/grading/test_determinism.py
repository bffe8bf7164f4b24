"""The same work gets the same score wherever it is graded: the whole sample class, on other slots, users and engines.

Two works of every assignment are graded here, on two slots, against their stated scores; then one of them is graded
again by an ordinary user's single slot and the other by a Dask cluster (`soak`: the whole class by each, on a machine
kept busy). Other threads, other hash seeds and a thousand repetitions are the business of ``test_stability.py``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from autograder import catalog
from autograder.corpus import Case
from autograder.grading.identity import grader_version
from autograder.grading.slots import Slots
from tests.grading.clusters import Cluster
from tests.grading.load import spinners
from tests.grading.works import IDS, ROOT, cases, job_for

WORKS = [(i, case) for i in IDS for case in cases(i, "class")]
ORDINARY = 65534
LIMITS = ("timeout", "memory", "died")

ORDINARY_ONES, CLUSTERS = ([(i, cases(i, "class")[place]) for i in IDS] for place in (0, 2))
EVERY_DAY = [*ORDINARY_ONES, *CLUSTERS]
"""The others are the soak's: `make demo` grades the whole class too."""

Told = dict[str, Any]


def name_of(work: tuple[str, Case]) -> str:
    return f"{work[0][:2]}-{work[1].name}"


def job(work: tuple[str, Case]) -> dict[str, Any]:
    hashed = catalog.tests_hash(catalog.load_assignment(work[0], ROOT).suite_dir)
    made = job_for(*work)
    return {**made, "tests_hash": hashed, "grader_version": grader_version()}


def told(result: dict[str, Any]) -> Told:
    """What a student gets and is told: outcomes and points, and messages, how cells ran and verdicts.

    Which limit an endless cell meets first, time or memory, is up to the machine: of such works only the points count.
    """
    tests = {t["name"]: (t["outcome"], t["points"], t["carried"]) for t in result["tests"]}
    if any(cell["status"] in LIMITS or cell["ename"] == "MemoryError" for cell in result["cells"]):
        return {"tests": tests}
    return {
        "tests": tests,
        "messages": {t["name"]: t["message"] for t in result["tests"]},
        "cells": [(cell["index"], cell["status"]) for cell in result["cells"]],
        "verdicts": [(verdict["code"], verdict["cell"]) for verdict in result["verdicts"]],
    }


def elsewhere(engine: str, slots: int, works: list[tuple[str, Case]], *, user: int | None = None) -> dict[str, Told]:
    """Grade in a process of its own; `user` is the one it runs as."""
    results = run_elsewhere(engine, slots, [job(work) for work in works], user)
    return dict(zip(map(name_of, works), map(told, results), strict=True))


def run_elsewhere(engine: str, slots: int, jobs: list[dict[str, Any]], user: int | None = None) -> list[dict[str, Any]]:
    command = [sys.executable, "-B", "-m", "tests.grading.elsewhere", engine, str(slots)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "HOME": "/nonexistent", "DASK_TEMPORARY_DIRECTORY": "/tmp"},
        user=user,
        group=user,
        extra_groups=None if user is None else [],
        input="".join(json.dumps(job) + "\n" for job in jobs),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def here(request: pytest.FixtureRequest) -> dict[str, dict[str, Any]]:
    """Results on two slots of this process: of the whole class if a test of the soak was chosen."""
    chosen = any(item.get_closest_marker("soak") for item in request.session.items if item.path == request.path)
    works = WORKS if chosen else EVERY_DAY
    with Slots(2) as slots, ThreadPoolExecutor(2) as executor:
        results = executor.map(lambda work: slots.grade(job(work), 600.0), works)
        return dict(zip(map(name_of, works), results, strict=True))


@pytest.mark.parametrize(
    "work",
    [pytest.param(work, id=name_of(work), marks=[] if work in EVERY_DAY else [pytest.mark.soak]) for work in WORKS],
)
def test_a_student_of_the_sample_class_gets_the_stated_score(here: Any, work: tuple[str, Case]) -> None:
    tests = here[name_of(work)]["tests"]
    assert not [t for t in tests if t["outcome"] == "error"]
    lost = {t["name"]: t["detail"][:500] for t in tests if t["outcome"] not in ("passed", "deferred")}
    assert sum(t["points"] for t in tests if t["outcome"] == "passed") == float(work[1].expect), lost
    assert sum(t["points"] for t in tests) == catalog.load_assignment(work[0], ROOT).points


def _same(here: dict[str, dict[str, Any]], there: dict[str, Told]) -> None:
    for name, found in there.items():
        expected = told(here[name])
        common = found.keys() & expected.keys()
        assert {key: found[key] for key in common} == {key: expected[key] for key in common}, name


def _by_an_ordinary_user(works: list[tuple[str, Case]]) -> dict[str, Told]:
    user = ORDINARY if os.geteuid() == 0 else None
    if user is not None and not _may_read(user):
        warnings.warn("graded as root: an ordinary user cannot read this interpreter or this checkout", stacklevel=2)
        user = None
    return elsewhere("local", 1, works, user=user)


def _may_read(user: int) -> bool:
    """Whether this user can run our interpreter and read this checkout."""
    command = [sys.executable, "-c", "import autograder, tests"]
    try:
        done = subprocess.run(
            command, cwd=ROOT, user=user, group=user, extra_groups=[], capture_output=True, check=False
        )
    except PermissionError:
        return False
    return done.returncode == 0


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    cluster = Cluster(tmp_path_factory.mktemp("dask"), AUTOGRADER_SUITES=str(ROOT / "autograder" / "suites"))
    cluster.add_worker()
    yield cluster.address
    cluster.close()


@pytest.mark.soak
def test_an_ordinary_users_single_slot_says_the_same(here: Any) -> None:
    _same(here, _by_an_ordinary_user(ORDINARY_ONES))


def test_a_dask_cluster_says_the_same_and_refuses_other_suites_and_graders(here: Any, cluster: str) -> None:
    good = [job(work) for work in CLUSTERS]
    others = [{**good[0], "tests_hash": "0" * 64}, {**good[0], "grader_version": "another"}]
    *results, suite, grader = run_elsewhere(cluster, 1, [*good, *others])
    assert suite == grader == {"refused": "worker-differs"}
    _same(here, dict(zip(map(name_of, CLUSTERS), map(told, results), strict=True)))


@pytest.mark.soak
def test_the_whole_class_is_told_the_same_everywhere(here: Any) -> None:
    with spinners(2):
        _same(here, _by_an_ordinary_user(WORKS))
    _same(here, elsewhere("dask", 2, WORKS))
    _same(here, elsewhere("local", 1, WORKS))


def test_every_assignment_is_graded_by_each() -> None:
    assert {work[0] for work in ORDINARY_ONES} == {work[0] for work in CLUSTERS} == set(IDS)
