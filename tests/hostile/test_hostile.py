"""Every hostile submission through the real grader, a clean one beside each: nothing achieved, the right verdict.

The class is graded once, by the same call as ``autograder grade``. What an attack may have reached is looked at
afterwards: servers that wait for a connection, files outside, processes, the clean submissions' scores.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from autograder.catalog import load_assignment
from autograder.grading import slots
from autograder.judge.inprocess import InProcessSandbox
from autograder.judge.suite import Suite
from autograder.model import Limits
from autograder.sandbox import Confinement, ForkServer, SandboxControl
from autograder.session import GradeOptions, Summary, grade_class
from tests.bench import material

from .course import ACHIEVED, CORPUS, ROOT, Hostile, all_cases, notebook, prelude, write_course
from .table import table

CASES = all_cases()
CLEAN_EVERY = 3
PLANTED = (Path("/dev/shm/planted-by-a-student"),)


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


@contextlib.contextmanager
def targets(folder: Path, suite: Path) -> Iterator[tuple[dict[str, Any], list[socket.socket]]]:
    """Servers that should not be reached, and the names a case calls them by."""
    abstract = f"autograder-hostile-{os.getpid()}"
    with contextlib.ExitStack() as stack:
        listening = []
        for kind, address in (
            (socket.AF_UNIX, str(folder / "socket")),
            (socket.AF_UNIX, f"\0{abstract}"),
            (socket.AF_INET, ("127.0.0.1", 0)),
        ):
            server = stack.enter_context(socket.socket(kind))
            server.bind(address)
            server.listen(50)
            server.setblocking(False)
            listening.append(server)
        datagram = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        datagram.bind(("127.0.0.1", 0))
        datagram.setblocking(False)
        (folder / "socket").chmod(0o777)
        yield (
            {
                "suite": str(suite),
                "pid": os.getpid(),
                "tcp_port": listening[2].getsockname()[1],
                "udp_port": datagram.getsockname()[1],
                "unix_path": str(folder / "socket"),
                "abstract": abstract,
            },
            [*listening, datagram],
        )


def reached(sockets: list[socket.socket]) -> int:
    count = 0
    for server in sockets:
        with contextlib.suppress(BlockingIOError):
            server.recv(1) if server.type == socket.SOCK_DGRAM else server.accept()
            count += 1
    return count


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
    with targets(root, suite) as (target, sockets), pytest.MonkeyPatch.context() as patch:
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
        summary: Summary = grade_class(options)
        connections = reached(sockets)
    family = set(psutil.Process().children(recursive=True)) - mine
    left = [p.name() for p in family if p.status() != psutil.STATUS_ZOMBIE]
    records = {Path(r.source).stem: r.to_dict() for r in summary.records}
    return Graded(records, root / "graded", canary, connections, left, suite.read_bytes() != before)


def shown(record: dict[str, Any]) -> str:
    """Everything that the executed notebook shows."""
    cells = (record["executed"] or {"cells": []})["cells"]
    return json.dumps([cell.get("outputs", []) for cell in cells], ensure_ascii=False)


@pytest.mark.xdist_group("hostile")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_submission_achieves_nothing_and_gets_its_verdict(graded: Graded, case: Hostile) -> None:
    record = graded.records[case.student]
    told = json.dumps([(test["title"], test["message"]) for test in record["tests"]], ensure_ascii=False)
    assert ACHIEVED not in shown(record)
    assert ACHIEVED not in told
    assert graded.canary not in json.dumps(record["executed"])
    assert record["score"] == case.score, [(t["name"], t["outcome"], t["detail"][:300]) for t in record["tests"]]
    assert {verdict["code"] for verdict in record["verdicts"]} == set(case.verdicts)
    assert not [test for test in record["tests"] if test["outcome"] == "error"]


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
        for trace in ("<script", 'onerror="', 'onload="', 'href="javascript', 'src="file:', "<iframe", "<object"):
            assert trace not in text, page.name
    assert graded.canary not in "".join(page.read_text(encoding="utf-8") for page in pages)


@pytest.mark.xdist_group("hostile")
def test_a_name_that_is_a_formula_is_text_in_the_spreadsheet(graded: Graded) -> None:
    lines = (graded.out / "grades.csv").read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if line.lstrip('"').startswith(("=", "+", "@"))]


def test_there_are_at_least_75_cases_of_every_row_that_a_cell_can_try() -> None:
    elsewhere = {8, 11, 12, 43, 53}  # docs/security.md says where
    assert len(CASES) >= 75
    assert {case.row for case in CASES} == set(range(1, 53)) - elsewhere
    assert {path.suffix for path in CORPUS.iterdir()} == {".py"}


def test_the_page_of_promises_holds_the_table_of_the_cases() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    assert page.partition("<!-- cases -->\n")[2].partition("<!-- /cases -->")[0] == table()


# -- each defence matters


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return the outputs of a case's cells with some defences switched off."""
    root = tmp_path_factory.mktemp("open")
    suite = write_course(root, "canary")
    servers: dict[tuple[str, ...], ForkServer] = {}
    with contextlib.ExitStack() as stack:
        target, _ = stack.enter_context(targets(root, suite))

        def run(case: Hostile, off: tuple[str, ...]) -> str:
            if off not in servers:
                confinement = Confinement(**dict.fromkeys(off, False))
                servers[off] = stack.enter_context(ForkServer(confinement=confinement, unsafe=True))
            control = SandboxControl(servers[off].control())
            printed = []
            with control.spawn(limits=Limits(memory_mb=512, scratch_mb=16)) as sandbox:
                for index, cell in enumerate(notebook(case, prelude(**target)).cells):
                    if cell.cell_type == "code":
                        printed.append(json.dumps(sandbox.run_cell(cell.source, index=index, timeout=60).outputs))
            control.close()
            return "".join(printed)

        yield run


@pytest.mark.parametrize("case", [case for case in CASES if case.without == ("process",)], ids=lambda case: case.name)
def test_where_tests_share_the_process_an_attack_succeeds(tmp_path: Path, case: Hostile) -> None:
    suite = write_course(tmp_path, "canary")
    with targets(tmp_path, suite) as (target, _), pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOGRADER_SUITES", str(tmp_path / "suites"))
        collected = Suite.collect(load_assignment(material.ASSIGNMENT))
        shared = InProcessSandbox()
        cells = [cell.source for cell in notebook(case, prelude(**target)).cells if cell.cell_type == "code"]
        printed = [shared.run_cell(source, index=number, timeout=5).outputs for number, source in enumerate(cells)]
    assert collected.tests
    assert ACHIEVED in json.dumps(printed)


CONFINED = [case for case in CASES if case.without and case.without != ("process",)]


@pytest.mark.soak
@pytest.mark.parametrize("case", CONFINED, ids=lambda case: case.name)
def test_without_its_defence_an_attack_succeeds(without: Any, case: Hostile) -> None:
    try:
        assert ACHIEVED in without(case, case.without)
    finally:
        for path in PLANTED:
            path.unlink(missing_ok=True)


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
