"""The frame never costs points: every notebook of ``tests/corpus/frames/`` through the real pipeline, and by `check`.

`tests.grading.frames` tells the form of a frame.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from autograder import session
from autograder.cli import main
from autograder.grading.ledger import Ledger
from autograder.grading.pipeline import grade
from autograder.grading.runs import open_run
from autograder.intake import read_source
from autograder.intake.verdicts import TABLE
from autograder.judge import Judge
from autograder.model import GradeRecord, Outcome, TestOutcome, Verdict
from autograder.report import feedback_html
from tests.grading.frames import (
    FOLDER,
    Crossing,
    Frame,
    all_crossings,
    asked,
    content_of,
    crossings,
    expected_points,
    faults,
    notebook_of,
    parse,
)
from tests.grading.works import IDS, ROOT, assignment_of, master_of

CROSSINGS = all_crossings()
BY_NAME = {crossing.name: crossing for crossing in CROSSINGS}

AFTER_RUNNING = {"better-of-two", "name-overwritten", "name-shadowed"}
"""Verdicts that `check` may not know: they need values. What it can see of them it may say."""

SECRET = b"5eed" * 4
ONE_SCREEN = 3
"""How often a short page may give one reason, whichever cell, line or number it names."""


class _Here(Executor):
    """Runs a job where it is submitted."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class Graders:
    """The real pipeline with one judge; each work is graded once."""

    def __init__(self, judge: Judge, folder: Path) -> None:
        self._judge, self._folder = judge, folder
        self._records: dict[str, GradeRecord] = {}
        self._ledger = Ledger(folder / "ledger.db")

    def close(self) -> None:
        """Close the ledger."""
        self._ledger.close()

    def file(self, crossing: Crossing) -> Path:
        """The notebook as this student hands it in."""
        path = self._folder / f"s{CROSSINGS.index(crossing):04d}" / crossing.assignment.notebook
        if not path.exists():
            path.parent.mkdir()
            path.write_bytes(content_of(crossing))
        return path

    def record(self, crossing: Crossing) -> GradeRecord:
        """The record of the work, whose questions of the crossing alone are graded."""
        if crossing.name not in self._records:
            assignment = crossing.assignment
            run = open_run(assignment, self._ledger, SECRET)

            def grade_job(job: dict[str, Any], silence: float) -> dict[str, Any]:
                return self._judge.grade({**job, "only": list(crossing.graded)}, silence=silence)

            (work,) = read_source(self.file(crossing), assignment)
            (progress,) = grade(run, [work], _Here(), grade_job, window=1, lone_flights=2)
            self._records[crossing.name] = progress.record
        return self._records[crossing.name]


def _named(chosen: Sequence[Crossing]) -> list[Any]:
    return [pytest.param(c.name, id=c.name, marks=[pytest.mark.soak] if c.soak else []) for c in chosen]


@pytest.fixture(scope="module")
def graders(real_judge: Judge, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graders]:
    graders = Graders(real_judge, tmp_path_factory.mktemp("frames"))
    yield graders
    graders.close()


@pytest.fixture(scope="module", autouse=True)
def masters_are_read_once() -> Iterator[None]:
    """`check` reads the assignment anew each time; here it is one of five."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "load_assignment", lambda assignment_id, _root: assignment_of(assignment_id))
        patch.setattr(session, "read_master", lambda assignment: master_of(assignment.id))
        yield


def _checked(path: Path, crossing: Crossing) -> tuple[int, set[str]]:
    """Exit code and codes of `autograder check`."""
    command = ["check", str(path), "--assignment", crossing.assignment.id, "--root", str(ROOT), "--json"]
    done = CliRunner().invoke(main, command)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    (found,) = json.loads(done.stdout)
    return done.exit_code, {verdict["code"] for verdict in found["verdicts"]}


@pytest.mark.parametrize("name", _named(CROSSINGS))
def test_the_work_gets_what_it_deserves_in_this_frame(graders: Graders, name: str) -> None:
    crossing = BY_NAME[name]
    assert faults(crossing, graders.record(crossing)) == []


@pytest.mark.parametrize("name", _named(CROSSINGS))
def test_check_says_what_grading_says(graders: Graders, name: str) -> None:
    crossing = BY_NAME[name]
    record = graders.record(crossing)

    code, said = _checked(graders.file(crossing), crossing)

    known = {verdict.code for verdict in record.verdicts}
    assert said <= known, "check says more than grading"
    assert {c for c in known - said if c in TABLE} <= AFTER_RUNNING, "check says less than grading"
    assert code == (0 if crossing.frame.check else 1), sorted(said)
    if code:
        assert asked(crossing, record) or not any(score.earned for score in record.questions), record.questions
    else:
        assert not asked(crossing, record)


@pytest.mark.parametrize("name", _named([crossing for crossing in CROSSINGS if crossing.frame.short]))
def test_the_page_of_a_work_without_answers_repeats_nothing(graders: Graders, name: str) -> None:
    crossing = BY_NAME[name]
    page = feedback_html(graders.record(crossing), crossing.assignment)

    messages = re.findall(r'(?s)<p class="message[^"]*">(.*?)</p>', page)

    often = Counter(re.sub(r"<code>.*?</code>|\d+", "#", message) for message in messages)
    assert {message: count for message, count in often.items() if count > ONE_SCREEN} == {}


def test_there_are_enough_notebooks_and_each_frame_is_tried_on_three_of_two_assignments() -> None:
    frames = {crossing.frame.name for crossing in CROSSINGS}
    assert {path.suffix for path in FOLDER.iterdir() if path.is_file()} == {".py", ".toml"}
    assert len(frames) >= 80
    assert len(CROSSINGS) == len(BY_NAME) >= 240
    for frame in frames:
        own = [crossing for crossing in CROSSINGS if crossing.frame.name == frame]
        assert len({c.assignment.id for c in own}) >= 2, frame
        assert len({(c.assignment.id, q) for c in own for q in c.graded}) >= 3, frame
    assert {crossing.assignment.id for crossing in CROSSINGS} == set(IDS)


def test_what_a_frame_does_shows_in_the_notebook() -> None:
    plain = _frame("# about: x\n# on: 01/q1 02/q1 03/q1 04/q1 05/q1\n# expect: all")
    notebooks = {crossing.assignment.id: notebook_of(crossing) for crossing in crossings(plain)}
    for crossing in (crossing for crossing in CROSSINGS if not crossing.soak):
        changed = notebook_of(crossing) != notebooks[crossing.assignment.id]
        assert changed == bool(crossing.frame.edits), crossing.name


def _frame(text: str) -> Frame:
    return parse("a-frame", text)


HEADER = "# about: x\n# on: 04/q4\n# expect: all\n# says: cell-adopted|cell-duplicated\n# message: cell-adopted: {name}"


def _edited(cells: str, on: str = "04/q4") -> list[str]:
    """Sources of the notebook's code cells between q3-check and q5, after these cells of a frame."""
    frame = _frame(f"# about: x\n# on: {on}\n# expect: all\n{cells}")
    (crossing,) = crossings(frame)
    cells_of = notebook_of(crossing)["cells"]
    labels = [cell["metadata"].get("nbgrader", {}).get("grade_id", "") for cell in cells_of]
    between = cells_of[labels.index("q3-check") + 1 : labels.index("q5")]
    return ["".join(cell["source"]) for cell in between if cell["cell_type"] == "code"]


def test_verbs_do_what_they_say() -> None:
    (answer, check) = _edited("")
    first, rest = answer.split("\n\n\n")

    assert check == 'check("q4")'
    assert _edited("# %% join {q} {check}") == [f"{answer}\n\n{check}"]
    assert _edited("# %% split {q}") == [first, rest, check]
    assert _edited("# %% {q}\nif True:\n    {first}")[0].splitlines()[:2] == ["if True:", "    def amdahl(p, s):"]
    assert _edited("# %% after {q}\n{each} = 1\n# %% after {q}\n2") == [
        answer,
        "amdahl = 1\namdahl_fraction = 1",
        "2",
        check,
    ]
    assert _edited("# %% copy-below {q}\n{rest}\n# %% drop {check}") == [answer, rest]
    assert _edited("# %% before {q}\n{name}: {names}\n# %% drop {q}") == ["amdahl: amdahl, amdahl_fraction", check]
    assert "raise NotImplementedError" in _edited("# %% blank {q}")[0]
    assert "def my_amdahl(p, s):" in _edited("# %% {q}\n{renamed}")[0]


def _record(**changes: Any) -> GradeRecord:
    (crossing,) = crossings(_frame(HEADER))
    from autograder.grading.scoring import score_questions, staff_reasons, state_of, total

    tests = changes.pop("tests", (TestOutcome("test_q4_a", "q4", "a", 9, Outcome.PASSED),))
    verdicts = changes.pop("verdicts", (Verdict("cell-adopted", "amdahl 함수"),))
    questions = score_questions(crossing.assignment, tests)
    reasons = staff_reasons(questions, tests, verdicts)
    state, score = state_of(reasons), total(questions)
    where = ("x", crossing.assignment.id, "0", "0", "0", state, score, 100.0, questions, tests)
    return GradeRecord(*where, verdicts=verdicts, reasons=reasons)


LOST = (TestOutcome("test_q4_a", "q4", "a", 9, Outcome.FAILED, "틀림"),)


@pytest.mark.parametrize(
    ("header", "changes", "fault"),
    [
        (HEADER, {}, ""),
        (HEADER, {"tests": LOST}, "score 0, not score 9"),
        (HEADER, {"tests": LOST}, "test_q4_a is lost: failed: 틀림"),
        (HEADER, {"tests": ()}, "no score, not score 9"),
        (HEADER, {"verdicts": ()}, "no verdict cell-adopted|cell-duplicated"),
        (
            HEADER,
            {"verdicts": (Verdict("cell-adopted", "다른 함수"),)},
            "cell-adopted is not told 'amdahl' but '다른 함수'",
        ),
        (HEADER.replace("|cell-duplicated", "\n# staff: yes"), {}, "a person is asked for nothing"),
        (HEADER.replace("cell-adopted|", ""), {}, "verdict cell-adopted: amdahl 함수"),
        (HEADER.replace("expect: all", "expect: 5"), {}, "score 9, not score 5"),
        (HEADER.replace("expect: all", "expect: rest"), {}, "score 9, not score 0"),
        (HEADER.replace("04/q4", "04/q4=3"), {}, "score 9, not score 3"),
        (HEADER.replace("expect: all", "expect: nothing"), {"tests": ()}, "a person is asked for ['tests-missing']"),
        (HEADER.replace("04/q4", "04/q1"), {}, "no score, not score 6"),
    ],
)
def test_what_is_not_as_the_frame_says_is_noticed(header: str, changes: dict[str, Any], fault: str) -> None:
    (crossing,) = crossings(_frame(header))
    found = faults(crossing, _record(**changes))
    assert fault in found if fault else found == []


def test_a_wrong_answer_must_lose_exactly_what_the_corpus_says() -> None:
    (crossing,) = crossings(_frame("# about: x\n# on: 01/q1\n# expect: wrong\n\n# %% {q}\n{wrong}"))
    assert expected_points(crossing, 2.0) == 8.0
    assert [fault for fault in faults(crossing, _record(tests=())) if "no score" in fault]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("# about: x\n", ""),
        ("# about: x", "# about: x\n# about: y"),
        ("# says:", "# sais:"),
        ("# on: 04/q4\n", ""),
        ("expect: all", "expect: most"),
        ("# message: cell-adopted: {name}", "# message: {name}"),
        ("# message", "# staff: maybe\n# message"),
        ("# message: cell-adopted: {name}", "\n# %% drop q4\nx = 1"),
        ("# message: cell-adopted: {name}", "\n# %% after q4"),
        ("# message: cell-adopted: {name}", "\n# %% shuffle q4 q5\nx = 1"),
    ],
)
def test_a_malformed_frame_is_refused(right: str, wrong: str) -> None:
    with pytest.raises(ValueError, match="a-frame"):
        _frame(HEADER.replace(right, wrong))


@pytest.mark.parametrize("on", ["06/q1", "04/4", "q4"])
def test_a_crossing_that_does_not_exist_is_refused(on: str) -> None:
    with pytest.raises(ValueError, match="no crossing"):
        crossings(_frame(HEADER.replace("04/q4", on)))
