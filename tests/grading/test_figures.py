"""Figures after the score: the same result in every mode, nothing lost by a kill, nothing seen of a test."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.corpus import main as write_class
from autograder.errors import AssignmentError, InfrastructureError
from autograder.grading import engines
from autograder.grading import figures as making
from autograder.grading.due_figures import DueFigures
from autograder.grading.engines import Engine
from autograder.grading.identity import SECRET_VARIABLE
from autograder.grading.ledger import JobKey, Ledger
from autograder.grading.records import read_record
from autograder.grading.runs import Figures
from autograder.judge import Judge
from autograder.marks import FiguresState, figures_state, with_figures
from autograder.model import GradeRecord, Submission
from autograder.session import GradeOptions, Summary, grade_class
from tests.grading.graders import family, until
from tests.grading.kit import DOUBLE, ID, TOTAL, Kit
from tests.grading.tried import keep_passed
from tests.grading.works import IDS, ROOT
from tests.report.records import perfect

EXPERIMENT = "table = [double(n) for n in range(3)]\nprint('실험', table)"
DUE = "그림은 채점이 끝난 뒤 채워집니다"
pytestmark = pytest.mark.xdist_group("heavy")


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, real_judge: Judge) -> Kit:
    made = Kit(tmp_path, real_judge)
    monkeypatch.setenv("AUTOGRADER_SUITES", str(made.suite.parent))
    monkeypatch.setenv(SECRET_VARIABLE, "a secret of these tests")
    monkeypatch.setattr(engines, "open_engine", lambda *_, **__: lent(made))
    made.master({"q1": DOUBLE, "q2": TOTAL}, experiment=EXPERIMENT)
    (tmp_path / "inbox").mkdir()
    return made


@contextmanager
def lent(kit: Kit) -> Iterator[Engine]:
    """The session's judge in place of slots of its own, which take seconds to start."""
    with ThreadPoolExecutor(1) as executor:
        yield Engine(executor, kit.grade_job, 1, kit.grade_job, 0, list)


def hand_in(kit: Kit, student: str, q1: str = DOUBLE, q2: str = TOTAL, own: str = "", experiment: str = "") -> None:
    notebook = nbformat.read(kit.root / "solutions" / ID / "tiny.ipynb", as_version=4)
    for cell in notebook.cells:
        label = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        cell.source = {"q1": q1, "q2": q2}.get(label, cell.source)
        if experiment and cell.source == EXPERIMENT:
            cell.source = experiment
    if own:
        notebook.cells.append(nbformat.v4.new_code_cell(own, id="own"))
    nbformat.write(notebook, kit.root / "inbox" / f"{student}.ipynb")


def graded(kit: Kit, when: Figures, scored: Any = lambda _: None, *, out: str = "") -> dict[str, GradeRecord]:
    """What the files say of each student when the run is over."""
    folder = kit.root / (out or f"out-{when.value}")
    keep_passed(folder, ID, kit.root, suites=kit.suite.parent)
    options = GradeOptions(ID, (kit.root / "inbox",), folder, slots=2, root=kit.root, figures=when)
    grade_class(options, scored=scored)
    return records(folder)


def records(folder: Path) -> dict[str, GradeRecord]:
    return {r.student: r for r in map(read_record, sorted((folder / "records").glob("*.json")))}


def outputs(record: GradeRecord) -> str:
    cells = (record.executed or {}).get("cells", [])
    return "".join(json.dumps(cell.get("outputs", []), ensure_ascii=False) for cell in cells)


def same(record: GradeRecord) -> dict[str, Any]:
    """A record without the executed notebook and without times."""
    whole = dataclasses.replace(record, executed=None, graded_at="", seconds=0.0).to_dict()
    for part in (*whole["cells"], *whole["tests"]):
        part["seconds"] = part["cpu_seconds"] = 0.0
    return {**whole, "environment": {k: v for k, v in whole["environment"].items() if k != "usage"}}


def test_the_result_is_the_same_in_every_mode(kit: Kit) -> None:
    hand_in(kit, "right", own="print(double(4))")
    hand_in(kit, "wrong", q1="def double(x):\n    return 3 * x")
    hand_in(kit, "reads", own="print(table)")
    hand_in(kit, "reaches", own="print(len(globals()) > 1)")
    hand_in(kit, "changed", experiment="print('내 실험', double(7))")
    modes = {when: graded(kit, when) for when in Figures}
    for student, record in modes[Figures.NOW].items():
        assert all(same(modes[when][student]) == same(record) for when in Figures), student
        assert figures_state(record.executed) is FiguresState.COMPLETE
        assert outputs(modes[Figures.AFTER][student]) == outputs(record), student
    assert "실험 [0, 2, 4]" in outputs(modes[Figures.AFTER]["right"])
    left = modes[Figures.NEVER]
    assert {s for s, r in left.items() if figures_state(r.executed) is FiguresState.COMPLETE} == {"reaches"}
    assert "실험 [0, 2, 4]" in outputs(left["reads"]), "what a cell reads is there for it"
    assert "내 실험 14" in outputs(left["changed"]), "a changed experiment is the student's own"
    later = [cell.status for cell in modes[Figures.NOW]["right"].cells]
    assert later.count("later") == 4 and set(later) == {"ok", "later"}


@pytest.mark.soak
@pytest.mark.parametrize("assignment_id", IDS)
def test_the_sample_class_has_the_same_records_in_every_mode(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, assignment_id: str
) -> None:
    monkeypatch.delenv("AUTOGRADER_SUITES")
    inbox = tmp_path / "class"
    assert write_class([str(ROOT / "tests" / "corpus"), str(inbox)]) == 0
    modes = {}
    for when in Figures:
        out = tmp_path / f"sample-{when.value}"
        keep_passed(out, assignment_id, ROOT)
        grade_class(GradeOptions(assignment_id, (inbox,), out, slots=2, root=ROOT, figures=when))
        modes[when] = records(out)
    assert len(modes[Figures.NOW]) >= 7
    for student, record in modes[Figures.NOW].items():
        assert all(same(modes[when][student]) == same(record) for when in Figures), student
    drawn = [record for record in modes[Figures.AFTER].values() if record.executed is not None]
    assert all(figures_state(record.executed) is FiguresState.COMPLETE for record in drawn)


def test_the_page_has_the_score_first_and_gains_its_figures_by_the_same_name(kit: Kit) -> None:
    hand_in(kit, "kim")
    pages: list[str] = []
    page = kit.root / "out-after" / "feedback" / f"kim--{ID}.html"

    def scored(summary: Summary) -> None:
        assert [record.score for record in summary.records] == [20]
        pages.append(page.read_text(encoding="utf-8"))

    graded(kit, Figures.AFTER, scored)
    pages.append(page.read_text(encoding="utf-8"))
    assert [DUE in text for text in pages] == [True, False]
    assert ["실험 [0, 2, 4]" in text for text in pages] == [False, True]
    assert "실험 셀은 점수와 상관이 없어" in _page(kit, Figures.NEVER)


def _page(kit: Kit, when: Figures) -> str:
    graded(kit, when)
    return (kit.root / f"out-{when.value}" / "feedback" / f"kim--{ID}.html").read_text(encoding="utf-8")


def test_an_end_between_score_and_figures_loses_neither(kit: Kit) -> None:
    """The same ends by ``kill -9`` in the soak: the run's own clean-up is not needed."""
    hand_in(kit, "kim")

    def ended(_: Summary) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        graded(kit, Figures.AFTER, ended)
    before = records(kit.root / "out-after")["kim"]
    assert (before.score, figures_state(before.executed)) == (20, FiguresState.DUE)
    after = graded(kit, Figures.AFTER)["kim"]
    assert "실험 [0, 2, 4]" in outputs(after)
    assert after.graded_at == before.graded_at and len(kit.jobs) == 2


@pytest.mark.soak
def test_a_kill_between_score_and_figures_loses_neither(kit: Kit) -> None:
    kit.master({"q1": DOUBLE, "q2": TOTAL}, experiment=f"import time\ntime.sleep(2)\n{EXPERIMENT}")
    for student in ("kim", "lee", "park"):
        hand_in(kit, student)
    out = kit.root / "out"
    keep_passed(out, ID, kit.root, suites=kit.suite.parent)
    program = [str(Path(sys.executable).parent / "autograder"), "grade", ID, "inbox", "--root", ".", "--out", "out"]
    grader = subprocess.Popen(
        program, cwd=kit.root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        until(lambda: b"0/3" in (grader.stderr.readline() if grader.stderr else b""))
    finally:
        members = family(grader.pid)
        for pid in (grader.pid, *members):
            os.kill(pid, signal.SIGKILL)
        grader.wait()
    before = records(out)
    assert {r.student: r.score for r in before.values()} == {"kim": 20, "lee": 20, "park": 20}
    assert all(figures_state(r.executed) is FiguresState.DUE for r in before.values())
    done = subprocess.run(program, cwd=kit.root, capture_output=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    after = records(out)
    assert all("실험 [0, 2, 4]" in outputs(r) for r in after.values())
    assert {r.student: r.graded_at for r in after.values()} == {r.student: r.graded_at for r in before.values()}


CHANNELS = """\
import mmap
import os

reader, writer = os.pipe()
os.set_blocking(reader, False)
shared = mmap.mmap(-1, 65536)


def double(x):
    told = repr(x.tolist()).encode()
    for tell in (lambda: os.write(1, told), lambda: os.write(2, told), lambda: os.write(writer, told),
                 lambda: shared.__setitem__(slice(0, len(told)), told), lambda: open('seen.txt', 'ab').write(told),
                 lambda: open('/tmp/seen.txt', 'ab').write(told), lambda: print(told)):
        try:
            tell()
        except Exception:
            pass
    return 2 * x
"""
LOOK = """\
import os

for name in ('seen.txt', '/tmp/seen.txt'):
    print(name, os.path.exists(name))
try:
    print(os.read(reader, 4096))
except OSError:
    print('nothing')
print(bytes(shared).strip(b'\\0'))
"""


@pytest.mark.parametrize("when", [Figures.AFTER, Figures.NOW])
def test_nothing_of_a_test_comes_into_the_figures(kit: Kit, when: Figures) -> None:
    """Descriptor 1, a file, a pipe and a shared mapping, written under hidden inputs and read by the next run."""
    hand_in(kit, "spy", q1=CHANNELS, own=LOOK)
    record = graded(kit, when)["spy"]
    assert record.score == 20
    shown = outputs(record)
    assert "실험" in shown
    assert "seen.txt False" in shown and "nothing" in shown
    assert shown.count("b''") == 1
    assert "[0.0, 0.0, 0.0]" not in shown, "the hidden zeros of q1"


# -- the ledger's list


def submission(student: str = "kim") -> Submission:
    return Submission(student, "01", student.ljust(64, "0"), {}, "here")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(tmp_path / "ledger.db")
    yield made
    made.close()


KEY = JobKey("suite", "1", "secret", "cpu")


def finish(ledger: Ledger, record: GradeRecord, *, regrade: bool = False) -> int:
    job, lease = ledger.claim(submission(record.student), KEY, "me", 60.0, regrade=regrade)
    assert lease is not None
    ledger.finish(lease, record)
    return job.id


@pytest.fixture
def record() -> GradeRecord:
    executed = with_figures({"cells": [], "metadata": {"kept": True}}, FiguresState.DUE)
    return dataclasses.replace(perfect(), student="kim", assignment="01", executed=executed)


def test_figures_are_due_until_they_are_kept_and_change_no_record(ledger: Ledger, record: GradeRecord) -> None:
    due, job_id = DueFigures(ledger), finish(ledger, record)
    assert due.jobs("01") == due.jobs(None) == [job_id] and due.jobs("02") == []
    job = due.claim(job_id, "me", 60.0)
    assert job is not None and due.claim(job_id, "you", 60.0) is None
    assert due.keep(job, {"cells": ["drawn"], "metadata": {}})
    assert due.jobs("01") == [] and due.claim(job_id, "me", 60.0) is None
    found = ledger.job(job_id).record
    assert found is not None and found.executed == {"cells": ["drawn"], "metadata": {}}
    assert dataclasses.replace(found, executed=None) == dataclasses.replace(
        record, executed=None, source=found.source, received_at=found.received_at
    )
    assert [j.record.executed for j in ledger.history("01", "kim") if j.record] == [found.executed]


def test_figures_of_an_older_grading_are_dropped(ledger: Ledger, record: GradeRecord) -> None:
    due, job_id = DueFigures(ledger), finish(ledger, record)
    job = due.claim(job_id, "me", 60.0)
    assert job is not None
    finish(ledger, record, regrade=True)
    assert not due.keep(job, {"cells": ["old"], "metadata": {}})
    found = ledger.job(job_id).record
    assert found is not None and figures_state(found.executed) is FiguresState.DUE
    assert due.jobs("01") == [job_id]


def test_what_a_dead_process_was_drawing_is_drawn_by_another(ledger: Ledger, record: GradeRecord) -> None:
    due, job_id = DueFigures(ledger), finish(ledger, record)
    dead = f"{os.uname().nodename}:1:0"
    assert due.claim(job_id, dead, 900.0) is not None
    assert due.claim(job_id, "me", 60.0) is None
    ledger.reclaim()
    assert due.claim(job_id, "me", 60.0) is not None


def test_figures_that_fail_three_times_leave_the_score_and_say_so(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    hand_in(kit, "kim")
    with monkeypatch.context() as patch:
        patch.setattr(making, "figures_job", lambda *_: {"assignment": ID})
        record = graded(kit, Figures.AFTER)["kim"]
    assert record.score == 20 and record.reasons == ()
    assert figures_state(record.executed) is FiguresState.FAILED
    page = kit.root / "out-after" / "feedback" / f"kim--{ID}.html"
    assert "그림을 만들지 못했습니다" in page.read_text(encoding="utf-8")
    again = graded(kit, Figures.AFTER)["kim"]
    assert "실험 [0, 2, 4]" in outputs(again), "the next run tries once more"
    assert again.graded_at == record.graded_at


@pytest.mark.parametrize("error", [AssignmentError("suite-invalid", ""), InfrastructureError("grader-differs", "")])
def test_a_suite_or_grader_that_changes_meanwhile_is_no_failure(
    ledger: Ledger, record: GradeRecord, error: Exception
) -> None:
    due, job_id = DueFigures(ledger), finish(ledger, record)
    for _ in range(4):
        job = due.claim(job_id, "me", 60.0)
        assert job is not None
        came: Future[dict[str, Any]] = Future()
        came.set_exception(error)
        with pytest.raises(type(error)):
            list(making.drawn(due, job, came))
        assert due.is_open(job)
