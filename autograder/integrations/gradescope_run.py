"""Grades one submission inside Gradescope's container; what ``run_autograder`` of an exported zip runs.

    python -I -m autograder.integrations.gradescope_run [--base /autograder]

Owns the way from ``submission/`` to ``results/results.json``. The file is written before anything is run, again after
each question and once at the end, each time whole, so that whoever kills the container finds valid results that say
how far they go. Student code cannot write it: it runs in this kit's sandbox. Where the container lets nothing be
confined, nothing is graded and the results say that a person has to. The exit status is 0 whenever results were
written, because Gradescope shows them only then.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.catalog import load_assignment
from autograder.errors import AssignmentError, ConfinementError, GraderError, InfrastructureError
from autograder.grading.fault import GRADED_AGAIN
from autograder.grading.identity import grader_version, secret_id
from autograder.grading.ledger import Ledger
from autograder.grading.pipeline import grade
from autograder.grading.records import write_atomically
from autograder.grading.runs import Figures, GradeJob, open_run
from autograder.grading.slots import Slots
from autograder.intake import read_source
from autograder.integrations.gradescope_results import message_results, partial_results, record_results
from autograder.model import Assignment, GradeRecord, Submission, TestOutcome
from autograder.sandbox import probe_machine
from autograder.sinks.echo import guard_process, print_traceback, say

__all__ = ["CONFIG", "MOST_MINUTES", "asked_minutes", "handed_in", "least_minutes", "main", "run_submission", "within"]

CONFIG = "gradescope.json"
"""Name, in ``source/``, of what the export decided: assignment, versions, visibility, minutes."""

MOST_MINUTES = 40
"""Longest time limit that Gradescope lets one choose."""
_SLOWNESS = 2.0
"""Gradescope's smallest container has half a processor core: everything may take twice as long by the wall clock. CPU
limits are the same there."""
_MARGIN_SECONDS = 75.0
"""Of the container's time, kept for starting, for what the tests compute themselves and for the last results."""
_LEAST_SECONDS = 5.0
"""With less of the container's time left nothing is begun any more."""
_UNCONFINED = (
    "이 Gradescope 컨테이너에서는 학생 코드를 격리할 수 없어 채점하지 않았습니다. 학생의 잘못이 아닙니다. "
    "담당 교수나 조교가 다른 장비에서 채점합니다."
)
_PREPARING = (
    "채점을 준비하고 있습니다. 이 문구가 계속 보이면 채점이 시작되지 못한 것이며 학생의 잘못이 아닙니다. "
    "조교에게 알려 주세요."
)
_TROUBLE = "채점기의 문제로 채점하지 못했습니다. 학생의 잘못이 아닙니다. 조교에게 알려 주세요."


@dataclass(frozen=True, slots=True)
class _Setup:
    """What stands in ``source/``."""

    assignment: Assignment
    secret: bytes
    visibility: str
    seconds: float


def main(argv: Sequence[str] | None = None) -> int:
    """Grade what lies in ``BASE/submission``; return 0 if there are results, else 1."""
    parser = argparse.ArgumentParser(prog="python -m autograder.integrations.gradescope_run", description=__doc__)
    parser.add_argument("--base", type=Path, default=Path(os.environ.get("AUTOGRADER_BASE") or "/autograder"))
    options = parser.parse_args(argv)
    started = time.monotonic()
    guard_process()
    write = _writer(options.base / "results" / "results.json")
    try:
        try:
            write(message_results(_PREPARING, reason="not-started"))
            run_submission(options.base, write, started)
        except ConfinementError as error:
            say("refused: {code}: {detail}", code=error.code, detail=error.detail)  # for instructors there
            write(message_results(_UNCONFINED, reason=error.code))
        except Exception as error:  # whatever it is, it is ours, and the student must not read a traceback
            print_traceback()
            write(message_results(_TROUBLE, reason=error.code if isinstance(error, GraderError) else "grader-failed"))
    except OSError as error:
        say("cannot write results: {why}", why=error)
        return 1
    return 0


def least_minutes(assignment: Assignment) -> int:
    """Return the minutes that a container needs which has a processor core of its own; see `_wall_seconds`."""
    return math.ceil((_wall_seconds(assignment) + _MARGIN_SECONDS) / 60.0)


def asked_minutes(assignment: Assignment) -> int:
    """Return the minutes to ask of Gradescope: enough for half a core, as far as Gradescope goes."""
    return min(MOST_MINUTES, math.ceil((_wall_seconds(assignment) * _SLOWNESS + _MARGIN_SECONDS) / 60.0))


def _wall_seconds(assignment: Assignment) -> float:
    """Return how long a submission takes that uses every CPU second it has, on a core of its own, and waits once.

    That is answers, other cells and each question with an endless loop in it. Work that waits in many cells can take
    longer. It loses nothing by it: what is not graded when the container's time is over waits for a person.
    """
    limits = assignment.limits
    questions = sum(limits.question_seconds for question in assignment.questions if not question.manual)
    return limits.answers_seconds + limits.notebook_seconds + questions + limits.asleep_seconds


def run_submission(base: Path, write: Callable[[dict[str, Any]], None], started: float) -> None:
    """Grade the submission below `base` and hand results to `write` as they come.

    Args:
        base: a folder laid out like Gradescope's ``/autograder``.
        write: takes each version of the results.
        started: `time.monotonic` when the container's time began to run.

    Raises:
        ConfinementError: this container cannot confine student code.
        AssignmentError: what stands in ``source/`` is not what was exported (``export-changed``, or unreadable).
    """
    setup = _read_setup(base / "source")
    assignment, seen = setup.assignment, setup.visibility
    report = probe_machine()
    if not report.can_confine:
        lacking = ", ".join(item.name for item in report.capabilities if item.needed and not item.available)
        raise ConfinementError("cannot-confine", _UNCONFINED, detail=lacking)
    done: dict[str, list[TestOutcome]] = {}
    write(partial_results(assignment, done, visibility=seen))

    def tell(part: dict[str, Any]) -> None:
        done[str(part["question"])] = [TestOutcome.from_dict(test) for test in part["tests"]]
        with contextlib.suppress(OSError):
            write(partial_results(assignment, done, visibility=seen))

    with tempfile.TemporaryDirectory(prefix="gradescope-") as folder:
        own = Path(folder)
        own.chmod(0o700)
        submission = handed_in(base, own, assignment)
        if submission is None:
            message = (
                "제출물에 여러 사람의 파일이 섞여 있어 어느 것을 채점할지 알 수 없습니다. 노트북 하나만 제출하세요."
            )
            write(message_results(message, reason="submission-ambiguous"))
            return
        record = _grade(setup, submission, own, started, tell)
    for verdict in record.verdicts:
        say("{code}: {detail}", code=verdict.code, detail=verdict.detail)
    if GRADED_AGAIN.intersection(record.reasons):  # it did not come to an end: what was finished before is told
        note = next(verdict.message for verdict in record.verdicts if verdict.code in GRADED_AGAIN)
        results = partial_results(assignment, done, visibility=seen, note=note)
        write({**results, "extra_data": {**results["extra_data"], "reasons": list(record.reasons)}})
    else:
        write(record_results(record, assignment, visibility=seen))


def _read_setup(source: Path) -> _Setup:
    """Return what was exported; raises AssignmentError (``export-changed``) where it is not whole."""
    try:
        config = json.loads((source / CONFIG).read_text(encoding="utf-8"))
        os.environ["AUTOGRADER_SUITES"] = str((source / "suites").resolve())
        assignment = load_assignment(str(config["assignment"]), source.resolve())
        secret = (source / "secret").read_text(encoding="utf-8").strip().encode()
        setup = _Setup(assignment, secret, str(config["visibility"]), float(config["minutes"]) * 60.0)
        here = {
            "suite_hash": assignment.suite_hash,
            "grader_version": grader_version(),
            "secret_id": secret_id(secret),
        }
        changed = [name for name, value in here.items() if config[name] != value]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AssignmentError("export-changed", _TROUBLE, detail=repr(error)) from error
    if changed:
        raise AssignmentError("export-changed", _TROUBLE, detail=f"not as exported: {', '.join(changed)}")
    return setup


def handed_in(base: Path, own: Path, assignment: Assignment) -> Submission | None:
    """Return what was handed in, or None if it is several people's work. Nothing of it is run or followed.

    Args:
        base: a folder laid out like Gradescope's ``/autograder``.
        own: an empty folder to lay the files out in.
        assignment: whose notebook to look for.
    """
    given = base / "submission"
    files = sorted(path for path in given.iterdir() if not path.is_symlink() and path.is_file())
    notebooks = [path for path in files if path.suffix.casefold() == ".ipynb"]
    packed = [path for path in files if path.suffix.casefold() == ".zip"]
    if len(packed) == 1 and not notebooks:
        found = list(read_source(packed[0], assignment))
    else:
        folder = given if notebooks else _only_folder(given)
        # Laid out as intake knows one student's work, so that a misnamed notebook is that student's all the same.
        place = own / "given" / "student" / assignment.id
        place.mkdir(parents=True)
        for path in folder.iterdir():
            if path.is_symlink() or path.is_file():
                shutil.copy2(path, place / path.name, follow_symlinks=False)
        found = list(read_source(own / "given", assignment))
    if len(found) != 1:
        return None
    # The platform's clock counts, so what intake noted about the files' times means nothing here.
    notes = tuple(v for v in found[0].verdicts if v.code != "clock-differs")
    return replace(found[0], student="submission", received_at=_received(base), verdicts=notes)


def _only_folder(given: Path) -> Path:
    """Return the one folder that holds notebooks, where a student uploaded a folder; else the place itself."""
    folders = {
        path.parent
        for path in given.rglob("*.ipynb")
        if path.is_file()
        and not path.is_symlink()
        and not any(part.startswith((".", "__")) for part in path.relative_to(given).parts)
    }
    return folders.pop() if len(folders) == 1 else given


def _received(base: Path) -> str:
    try:
        metadata = json.loads((base / "submission_metadata.json").read_text(encoding="utf-8"))
        return str(metadata["created_at"])[:40]
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _grade(
    setup: _Setup, submission: Submission, own: Path, started: float, tell: Callable[[dict[str, Any]], None]
) -> GradeRecord:
    """Grade one submission within the container's time; trouble of our own ends in the record."""
    assignment = setup.assignment
    ledger = Ledger(own / "ledger.db")
    run = open_run(assignment, ledger, setup.secret, figures=Figures.NEVER)  # its page has no place for them
    slots = Slots(1)
    grade_job = within(started + setup.seconds - _MARGIN_SECONDS, slots.grade, tell)
    try:
        with ThreadPoolExecutor(1) as executor:
            (progress,) = grade(run, [submission], executor, grade_job, window=1)
    finally:
        slots.close()
        ledger.close()
    return progress.record


def within(
    end: float,
    grade_job: Callable[..., dict[str, Any]],
    tell: Callable[[dict[str, Any]], None],
    *,
    clock: Callable[[], float] = time.monotonic,
) -> GradeJob:
    """Return a function that grades a job as long as the container's time lasts.

    The submission may starve for what is left of it. When it is over the judge is ended, and that is trouble of ours.

    Args:
        end: when the time is over, by `clock`.
        grade_job: `Slots.grade`.
        tell: told of each question that is finished.
        clock: monotonic seconds.
    """

    def left() -> float:
        seconds = end - clock()
        if seconds < _LEAST_SECONDS:
            raise InfrastructureError("time-over", _TROUBLE, detail=f"{seconds:.0f} s left of the container's time")
        return seconds

    def grade_within(job: dict[str, Any], silence: float) -> dict[str, Any]:
        seconds = left()
        return grade_job({**job, "starved_seconds": seconds}, min(silence, seconds), tell, left)

    return grade_within


def _writer(path: Path) -> Callable[[dict[str, Any]], None]:
    def write(results: dict[str, Any]) -> None:
        write_atomically(path, json.dumps(results, ensure_ascii=False, indent=1) + "\n")

    return write


if __name__ == "__main__":
    sys.exit(main())
