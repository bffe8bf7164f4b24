"""Every hostile submission through the real grader, a clean one beside each: nothing achieved, the right verdict.

The class is graded once, by the same call as ``autograder grade``. What an attack may have reached is looked at
afterwards: servers that wait for a connection, files outside, processes, the clean submissions' scores.
"""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from autograder.grading import slots
from autograder.model import GradeRecord
from autograder.sandbox import Confinement, ForkServer
from autograder.session import GradeOptions, grade_class
from tests.bench import material

from .course import CORPUS, ROOT, Hostile, all_cases, notebook, prelude, write_course
from .defences import DEFENCES, PLANTED, TRACES, faults, reached, targets
from .table import table

CASES = all_cases()
CLEAN_EVERY = 3


@dataclass(frozen=True)
class Graded:
    """The class after grading, and what was seen of the attacks outside."""

    records: dict[str, dict[str, Any]]
    """By the name of the submitted file."""
    out: Path
    canary: str
    connections: int
    left: list[str]
    suite_changed: bool


KERNELS = [
    None,
    pytest.param(4, marks=pytest.mark.soak),  # no scope for signals
    pytest.param(1, marks=pytest.mark.soak),  # nothing but files
]


@pytest.fixture(scope="module", params=KERNELS, ids=lambda abi: "this-kernel" if abi is None else f"landlock-{abi}")
def graded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    root, canary = tmp_path_factory.mktemp("course"), f"canary{secrets.token_hex(20)}"
    suite = write_course(root, canary)
    before, mine = suite.read_bytes(), set(psutil.Process().children(recursive=True))
    inbox = root / "inbox"
    inbox.mkdir()
    with targets(root, suite, os.getpid()) as (target, sockets), pytest.MonkeyPatch.context() as patch:
        for number, case in enumerate(CASES):
            nbformat.write(notebook(case, prelude(**target)), inbox / f"{case.student}.ipynb")
            if number % CLEAN_EVERY == 0:
                clean = material.submission(tests_inside=False, name=f"clean {number}")
                nbformat.write(clean, inbox / f"{case.name}-beside.ipynb")
        patch.setenv("AUTOGRADER_SUITES", str(root / "suites"))
        if request.param is not None:
            older = Confinement(landlock_abi=request.param)
            patch.setattr(slots, "ForkServer", lambda unsafe: ForkServer(confinement=older, unsafe=unsafe))
        options = GradeOptions(material.ASSIGNMENT, (inbox,), root / "graded", slots=2, root=root)
        found: list[GradeRecord] = []  # the summary leaves executed notebooks out
        grade_class(options, lambda progress: found.append(progress.record))
        connections = reached(sockets)
    family = set(psutil.Process().children(recursive=True)) - mine
    left = [p.name() for p in family if p.status() != psutil.STATUS_ZOMBIE]
    records = {Path(r.source).stem: r.to_dict() for r in found}
    return Graded(records, root / "graded", canary, connections, left, suite.read_bytes() != before)


@pytest.mark.xdist_group("hostile")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_submission_achieves_nothing_and_gets_its_verdict(graded: Graded, case: Hostile) -> None:
    record = graded.records[case.student]
    details = [(test["name"], test["outcome"], test["detail"][:300]) for test in record["tests"]]
    assert faults(case, record, graded.canary) == [], details


@pytest.mark.xdist_group("hostile")
def test_every_clean_submission_beside_them_earns_everything(graded: Graded) -> None:
    beside = {name: record["score"] for name, record in graded.records.items() if name.endswith("-beside")}
    assert len(beside) == len(CASES[::CLEAN_EVERY])
    assert set(beside.values()) == {100.0}


@pytest.mark.xdist_group("hostile")
def test_nothing_outside_was_reached_changed_or_left(graded: Graded) -> None:
    assert graded.connections == 0
    assert not graded.suite_changed
    assert not [path for path in PLANTED if path.exists()]
    assert graded.left == []


@pytest.mark.xdist_group("hostile")
def test_no_feedback_holds_a_script_or_a_file_of_the_host(graded: Graded) -> None:
    pages = list((graded.out / "feedback").glob("*.html"))
    assert len(pages) == len(graded.records)
    for page in [*pages, *graded.out.glob("report*.html")]:
        text = page.read_text(encoding="utf-8").lower()
        assert not [trace for trace in TRACES if trace in text], page.name
    assert graded.canary not in "".join(page.read_text(encoding="utf-8") for page in pages)


@pytest.mark.xdist_group("hostile")
def test_no_page_holds_a_character_that_steers_a_terminal(graded: Graded) -> None:
    """Row 87: not in a page, nor in the spreadsheet; a page may hold tabs and line ends."""
    pages = [*(graded.out / "feedback").glob("*.html"), *graded.out.glob("report*.html"), graded.out / "grades.csv"]
    steering = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
    assert [page.name for page in pages if steering.search(page.read_text(encoding="utf-8"))] == []


@pytest.mark.xdist_group("hostile")
def test_a_name_that_is_a_formula_is_text_in_the_spreadsheet(graded: Graded) -> None:
    lines = (graded.out / "grades.csv").read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if line.lstrip('"').startswith(("=", "+", "@"))]


def test_there_are_at_least_75_cases_of_every_row_that_a_cell_can_try() -> None:
    elsewhere = {8, 11, 43, 53}  # docs/security.md says where
    assert len(CASES) >= 75
    assert {case.row for case in CASES} >= set(range(1, 53)) - elsewhere
    assert {case.row for case in CASES} >= {80, 81, 82, 87, 90, 91, 92, 93}
    assert {path.suffix for path in CORPUS.iterdir()} == {".py"}


def test_every_case_says_what_lets_it_succeed_or_why_nothing_does() -> None:
    assert [case.name for case in CASES if bool(case.without) == bool(case.why)] == []
    assert {name for case in CASES for off in case.without for name in off} == set(DEFENCES)


def test_the_page_of_promises_holds_the_table_of_the_cases() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    assert page.partition("<!-- cases -->\n")[2].partition("<!-- /cases -->")[0] == table()


def test_the_tests_that_promises_name_exist() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8").partition("## The cases")[0]
    promises = [line for line in page.splitlines() if line.startswith("| ")][1:]
    for line in promises:
        named = re.findall(r"`((?:tests/)?[\w/*]*(?:test_[\w*]+\.py|malformed/))`", line.rpartition(" | ")[2])
        assert named or "rows " in line or "row " in line, line
        for name in named:
            assert list(ROOT.glob(name if "/" in name else f"tests/*/{name}")), name


PROBE = "import subprocess, sys, torch; subprocess.run([sys.executable, '-c', 'import torch'], check=True)"


@pytest.mark.soak
def test_an_ordinary_users_grader_contains_them_as_well(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("the other tests of this file run as an ordinary user already")
    program = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    readable = subprocess.run([*program, sys.executable, "-c", PROBE], check=False, capture_output=True).returncode == 0
    if not readable:
        pytest.skip("the interpreter lies in a folder that only root can read")
    tmp_path.chmod(0o777)
    for path in list(tmp_path.parents)[:2]:
        path.chmod(0o755)
    command = [*program, sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not soak"]
    environment = {**os.environ, "HOME": str(tmp_path)}
    done = subprocess.run(
        [*command, "--basetemp", str(tmp_path / "base"), str(Path(__file__))],
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-3000:]
