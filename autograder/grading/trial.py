"""The gate: a suite grades a class only if the instructor's own answers earn everything from it.

`admit` stands between a run and its first submission. It grades the master under the course's own secret and two
others, quick tests under more, so that a test that passes by chance is found; and every test that leans on earlier
functions with the suite's stand-ins too. A suite that fails is refused before any student's record is written. The
result is kept in the result folder, by suite, grader and secret, so that it costs seconds once.

A loss counts only if it is seen twice, the second time with the whole notebook and nothing beside it. What a busy
machine did not let happen says nothing about the suite.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, wait
from dataclasses import asdict, dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from autograder.errors import AssignmentError, InfrastructureError
from autograder.findings import Finding
from autograder.grading.identity import grader_version, known_secret, secret_id
from autograder.grading.pipeline import LONE_FLIGHTS, MACHINE_BUSY, engine_lost, now
from autograder.grading.records import json_text, write_atomically
from autograder.grading.reference import reference_notebook
from autograder.grading.runs import GradeJob, Run, job_of, support_files
from autograder.grading.secrets import trial_secret
from autograder.judge import SILENCE_SECONDS
from autograder.model import Assignment, Outcome, TestOutcome

__all__ = ["SUITE_WRONG", "Trial", "admit", "keep", "kept_trial", "key_of", "trial_key", "try_master"]

SUITE_WRONG = "suite-wrong"
"""Code of the error that refuses to grade with a suite which the instructor's own answers do not pass."""

_REFUSED = ("suite-invalid", "master-unfit", "master-invalid", SUITE_WRONG)
"""Codes that say something of the suite itself, to be kept; others are about this moment or this machine."""

_SECRETS = 12
"""Under as many secrets a test is tried that takes no time: a coin flip passes all of them once in 4,096 times."""
_DRAW_SECONDS = 0.6
"""Wall-clock seconds that the trials of one test may take together, beyond the three that each has."""
_LOOK_SECONDS = 5.0
"""Between two questions whether the executor can still answer."""
_TRIES = 3
"""How often trouble of our own is tried again."""


@dataclass(frozen=True, slots=True)
class Trial:
    """How a suite was tried, and what came of it.

    Args:
        assignment: assignment id.
        key: what the result depends on: suite, support files, grader, course secret, torch and numpy.
        code: "" if the master earned everything; else the code of the refusal.
        message: Korean, one sentence with file and line; "" if it passed.
        detail: for staff: every loss, one a line.
        tried_at: ISO 8601.
        seconds: wall-clock seconds that it took.
    """

    assignment: str
    key: str
    code: str
    message: str
    detail: str
    tried_at: str
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether the suite may grade."""
        return not self.code

    def error(self) -> AssignmentError:
        """Return the refusal."""
        return AssignmentError(self.code, self.message, detail=self.detail)


def admit(
    run: Run,
    folder: Path,
    executor: Executor,
    grade_job: GradeJob,
    *,
    parts: int = 1,
    again: bool = False,
    alive: Callable[[], bool] = lambda: True,
    tell: Callable[[], None] = lambda: None,
) -> Trial:
    """Return the trial of the run's suite, made now or kept from before; raise if the suite may not grade.

    Args:
        run: the run that is to begin.
        folder: the result folder, which keeps trials.
        executor: runs `grade_job`.
        grade_job: grades one job.
        parts: jobs at the same time.
        again: try a suite that was refused before once more; one that passed is not tried again.
        alive: asked, while nothing comes back, whether the executor can still answer.
        tell: called before a suite is tried, for whoever waits.

    Raises:
        AssignmentError: ``suite-wrong``: the master loses a test; or what is wrong with the suite's or the master's
            files.
        InfrastructureError: ``machine-busy`` and other trouble of ours: nothing is known of the suite.
        ConfinementError: this machine cannot confine code.
    """
    key = trial_key(run)
    trial = _read(folder, run.assignment.id)
    if trial is None or trial.key != key or (again and not trial.passed):
        tell()
        trial = _tried(run, key, executor, grade_job, parts, alive)
        keep(folder, trial)
    if not trial.passed:
        raise trial.error()
    return trial


def keep(folder: Path, trial: Trial) -> None:
    """Write a trial into a result folder, in place of the one before."""
    write_atomically(_path(folder, trial.assignment), json_text(asdict(trial)))


def trial_key(run: Run) -> str:
    """Return a hash of all that decides what the master earns in a run."""
    return key_of(run.assignment, run.key.grader_version, run.key.secret_id, run.files)


def kept_trial(folder: Path, assignment: Assignment, secret: bytes | None = None) -> Trial | None:
    """Return what a result folder keeps about this very suite, grader and secret, or None; nothing is run.

    Without a secret the folder's own is meant, or the environment's.
    """
    trial, secret = _read(folder, assignment.id), secret or known_secret(folder)
    if trial is None or secret is None:
        return None
    key = key_of(assignment, grader_version(), secret_id(secret), support_files(assignment))
    return trial if trial.key == key else None


def losses(results: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """Return what the master lost, one finding a test, in the suite's order.

    Args:
        results: of jobs that graded it, with ``draws`` and ``stand_ins``; see `autograder.judge.run.grade`.
    """
    found: dict[str, list[TestOutcome]] = {}
    leaning: dict[str, TestOutcome] = {}
    for result in results:
        for tests in (result["tests"], *result.get("draws", ())):
            for test in map(TestOutcome.from_dict, tests):
                found.setdefault(test.name, []).append(test)
        for test in map(TestOutcome.from_dict, result.get("stand_ins", ())):
            leaning[test.name] = test
    losing = {name: [test for test in tests if _loss(test)] for name, tests in found.items()}
    told = []
    for name, tests in found.items():
        if lost := losing[name]:
            told.append(_finding(_loss(lost[0]), lost, len(tests)))
        elif name in leaning and _loss(leaning[name]):
            told.append(_finding("trial-stand-in", [leaning[name]], 1))
    return told


def _tried(run: Run, key: str, executor: Executor, grade_job: GradeJob, parts: int, alive: Callable[[], bool]) -> Trial:
    started = time.monotonic()
    others = [trial_secret(number) for number in range(_SECRETS - 1)]
    try:
        found, _ = try_master(
            run, executor, grade_job, secrets=others, draw_seconds=_DRAW_SECONDS, parts=parts, alive=alive
        )
    except AssignmentError as error:
        if error.code not in _REFUSED:
            raise
        code, message, detail = error.code, error.message, error.detail
    else:
        code, message, detail = _refusal(run.assignment, found)
    return Trial(run.assignment.id, key, code, message, detail, now(), round(time.monotonic() - started, 2))


def try_master(
    run: Run,
    executor: Executor,
    grade_job: GradeJob,
    *,
    secrets: Sequence[bytes],
    draw_seconds: float | None = None,
    parts: int = 1,
    alive: Callable[[], bool] = lambda: True,
) -> tuple[list[Finding], list[dict[str, Any]]]:
    """Return what the master loses in a quick look and again in a thorough one, and the results that say so.

    Args:
        run: the assignment, with the first secret.
        executor: runs `grade_job`.
        grade_job: grades one job.
        secrets: further secrets.
        draw_seconds: see `autograder.judge.run.Job`.
        parts: jobs at the same time in the quick look.
        alive: whether the executor can still answer.

    Raises:
        AssignmentError: the suite or the master cannot be used at all.
        InfrastructureError: trouble of ours, ``machine-busy`` among it.
        ConfinementError: this machine cannot confine code.
    """
    questions = [question.id for question in run.assignment.questions if not question.manual]
    groups = [questions[start::parts] for start in range(min(parts, len(questions)))]
    asked = {"more_secrets": [secret.hex() for secret in secrets], "draw_seconds": draw_seconds, "stand_ins": True}
    quick = {**job_of(run, reference_notebook(run.assignment, run.master, whole=False)), **asked}
    try:
        results = _answers(executor, grade_job, [{**quick, "only": group} for group in groups], alive)
    except InfrastructureError as error:
        if error.code != MACHINE_BUSY:
            raise
    else:
        if not losses(results):
            return [], results
    whole = {**job_of(run, reference_notebook(run.assignment, run.master, whole=True)), **asked}
    results = [_alone(executor, grade_job, {**whole, "only": questions}, alive)]
    return losses(results), results


def _answers(
    executor: Executor, grade_job: GradeJob, jobs: Sequence[dict[str, Any]], alive: Callable[[], bool]
) -> list[dict[str, Any]]:
    """Run jobs at the same time; trouble of our own is tried again."""
    for attempt in range(1, _TRIES + 1):
        futures = [executor.submit(grade_job, job, SILENCE_SECONDS) for job in jobs]
        try:
            while wait(futures, timeout=_LOOK_SECONDS).not_done:
                if not alive():
                    raise engine_lost("no answer is to come")
            return [future.result() for future in futures]
        except InfrastructureError as error:
            if attempt == _TRIES or error.code in (MACHINE_BUSY, "engine-lost", "grader-differs"):
                raise
        finally:
            for future in futures:
                future.cancel()
    raise AssertionError


def _alone(executor: Executor, grade_job: GradeJob, job: dict[str, Any], alive: Callable[[], bool]) -> dict[str, Any]:
    """Run a job with nothing beside it, again while the machine is too busy for it."""
    for _ in range(LONE_FLIGHTS):
        try:
            return _answers(executor, grade_job, [job], alive)[0]
        except InfrastructureError as error:
            if error.code != MACHINE_BUSY:
                raise
            busy = error
    message = "장비가 너무 바빠 시험지를 확인하지 못했습니다. 아무것도 채점하지 않았습니다. 잠시 뒤에 다시 실행하세요."
    raise InfrastructureError(MACHINE_BUSY, message, detail=busy.detail)


def _loss(test: TestOutcome) -> str:
    """Return what kind of loss this outcome is, a code of `autograder.findings`, or ""."""
    if test.outcome in (Outcome.PASSED, Outcome.DEFERRED):
        return "trial-carried" if test.carried else ""
    if test.outcome is Outcome.ERROR:
        return "trial-raises"
    return "trial-limit" if test.limit else "trial-lost"


_SAID = {
    "trial-lost": (
        "모범 답안이 {test} 테스트를 통과하지 못합니다. 테스트, reference.py, 원본 노트북 가운데 틀린 곳을 고치세요."
    ),
    "trial-raises": "{test} 테스트가 예외로 끝나 판정하지 못합니다. 테스트의 코드를 고치세요.",
    "trial-carried": (
        "모범 답안이 {test} 테스트를 앞 문항의 자기 함수로는 통과하지 못하고 대신하는 함수(stand_in)로만 통과합니다."
    ),
    "trial-stand-in": (
        "앞 문항의 함수를 probes.py의 stand_in으로 바꾸면 모범 답안이 {test} 테스트를 통과하지 못합니다. "
        "stand_in을 고치세요. 함수나 모듈, 장치를 받거나 돌려주는 stand_in은 probes.py의 STAYS에 적어야 합니다."
    ),
    "trial-limit": (
        "모범 답안이 {test} 테스트에서 제한을 넘습니다. assignment.toml의 [limits]를 늘리거나 계산을 줄이세요."
    ),
}


def _finding(kind: str, lost: Sequence[TestOutcome], draws: int) -> Finding:
    first = lost[0]
    file, _, line = first.place.rpartition(":")
    some = f" 숨은 입력 {draws}벌 가운데 {len(lost)}벌에서 그렇습니다." if len(lost) < draws else ""
    named = _SAID[kind].format(test=first.name) + some
    said = f"{first.message} | {first.detail}" if first.message else first.detail
    return Finding(kind, named, file or f"test_{first.question}.py", int(line or 0), said)


def _refusal(assignment: Assignment, found: Sequence[Finding]) -> tuple[str, str, str]:
    if not found:
        return "", "", ""
    more = f" 고칠 테스트가 모두 {len(found)}개 있습니다." if len(found) > 1 else ""
    message = f"'{assignment.id}' 과제의 시험지가 틀려 채점하지 않았습니다. {found[0].sentence}{more}"
    return SUITE_WRONG, message, "\n".join(f"{each.file}:{each.line}: {each.detail}" for each in found)


def key_of(assignment: Assignment, version: str, secret: str, files: Mapping[str, bytes]) -> str:
    """Return a hash of an assignment, the grader's version, a secret's id and the support files."""
    digest = hashlib.sha256()
    for part in (assignment.suite_hash, version, secret, *_libraries()):
        digest.update(part.encode() + b"\0")
    for name, data in sorted(files.items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(data).digest())
    return digest.hexdigest()


@cache
def _libraries() -> tuple[str, ...]:
    return tuple(f"{name} {metadata.version(name)}" for name in ("torch", "numpy", "pytest"))


def _path(folder: Path, assignment_id: str) -> Path:
    return folder / "trials" / f"{assignment_id}.json"


def _read(folder: Path, assignment_id: str) -> Trial | None:
    try:
        return Trial(**json.loads(_path(folder, assignment_id).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None  # none, or one that another version wrote: the suite is tried
