"""Grades one submission: notebook, questions, verdicts, result. The judge's whole work on one job.

Owns the forms of `Job` and of the result. Nothing of a submission outlives `grade`.
"""

from __future__ import annotations

import base64
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any, Protocol

import numpy as np
import torch

from autograder.errors import InfrastructureError
from autograder.judge import margins
from autograder.judge.budget import Budget, Patience
from autograder.judge.left_out import LeftOut, NameMissed
from autograder.judge.notebook import FORGED, NotebookRun
from autograder.judge.outcomes import Scene
from autograder.judge.public_stop import PublicStops, stopped_before
from autograder.judge.question import QuestionRun, not_begun
from autograder.judge.suite import HiddenTest, Suite
from autograder.judge.told import Finding, Kind, Telling
from autograder.model import Limits, Outcome, Question, TestOutcome, Verdict
from autograder.sandbox.confinement.devices import is_device

__all__ = ["FEWEST_DRAWS", "Job", "grade"]

FEWEST_DRAWS = 3
"""Secrets under which every test of a trial is run, however long it takes."""

_AGAIN_CPU_SECONDS = 5.0
"""CPU seconds up to which a notebook is run once more to see where its public checks stop (`public_stop`)."""
_BEAT_SECONDS = 5.0
"""Wall-clock seconds between two words to whoever waits for the result."""


class SpawnsSandboxes(Protocol):
    """What is used of `autograder.sandbox.SandboxControl`."""

    def spawn(
        self, *, limits: Limits, files: Mapping[str, bytes], seed: int, device: str, alive: Callable[[], None]
    ) -> Any:
        """Return a fresh sandbox."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a coordinator asks of a judge.

    Args:
        assignment: assignment id.
        suites: folder of all suites.
        suite_hash: the suite's hash as the coordinator knows it, or "".
        notebook: the assembled notebook, nbformat 4 JSON.
        put_off: cells to leave out, by index, and the global names that they bind. Where one of these names is missed,
            the notebook is run again in order and graded so.
        files: what lies in the sandbox's working directory, by name.
        limits: what the submission may use.
        starved_seconds: how long all of the submission may wait for the machine, where somebody else's clock runs, or
            None: then each cell and call has patience of its own.
        seed: of the notebook's random states.
        secret: the course secret, for the tests' seeds.
        more_secrets: further secrets under which the tests are run, in fresh branches of the same notebook; for trials
            of a suite, never for grades.
        stand_ins: run each test that leans on earlier functions once more with the stand-ins for them; for trials.
        draw_seconds: wall-clock seconds that one test may take under all secrets together, though each is run under
            `FEWEST_DRAWS` of them at least; None for no bound.
        device: ``"cpu"``, ``"cuda:N"`` or ``"cuda"``; the tests are told ``"cuda"``, as there is no other GPU for them.
        only: question ids to grade, or None for all.
        named: names of the tests to run, or None for all; for trials of a suite, never for grades.
        badges: grade the badge tests and no others; else they are deferred and the others graded. Points never come
            from a job that grades badges, so that they are the same wherever it ran.
        tests_hash: hash of the suite's own files, so that no other version grades under this suite's name; "" for any.
        margins: record how near each comparison of the tests came to failing, see `autograder.judge.margins`; for
            surveys.
        stop_at_first_loss: leave out all tests after the first one that is lost; for surveys, never for grades.
        progress: send each question's outcomes as soon as it is finished, before the result.
    """

    assignment: str
    suites: str
    suite_hash: str
    notebook: dict[str, Any]
    files: dict[str, bytes]
    limits: Limits
    seed: int
    secret: bytes
    device: str
    only: frozenset[str] | None
    badges: bool = False
    stop_at_first_loss: bool = False
    tests_hash: str = ""
    progress: bool = False
    starved_seconds: float | None = None
    more_secrets: tuple[bytes, ...] = ()
    draw_seconds: float | None = None
    named: frozenset[str] | None = None
    stand_ins: bool = False
    margins: bool = False
    put_off: LeftOut = field(default_factory=LeftOut)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Job:
        """Read a job; raises InfrastructureError (``job-invalid``) if it does not have the form."""
        try:
            only, named = data.get("only"), data.get("named")
            job = cls(
                assignment=str(data["assignment"]),
                suites=str(data["suites"]),
                suite_hash=str(data.get("suite_hash", "")),
                notebook=dict(data["notebook"]),
                files={str(k): base64.b64decode(v, validate=True) for k, v in data.get("files", {}).items()},
                limits=Limits.from_dict(data.get("limits", {})),
                seed=int(data.get("seed", 0)),
                secret=bytes.fromhex(data["secret"]),
                device=str(data.get("device", "cpu")),
                only=None if only is None else frozenset(map(str, only)),
                badges=bool(data.get("badges", False)),
                stop_at_first_loss=bool(data.get("stop_at_first_loss", False)),
                tests_hash=str(data.get("tests_hash", "")),
                progress=bool(data.get("progress", False)),
                starved_seconds=_seconds(data, "starved_seconds"),
                more_secrets=tuple(bytes.fromhex(secret) for secret in data.get("more_secrets", ())),
                draw_seconds=_seconds(data, "draw_seconds"),
                named=None if named is None else frozenset(map(str, named)),
                stand_ins=bool(data.get("stand_ins", False)),
                margins=bool(data.get("margins", False)),
                put_off=LeftOut.from_dict(data.get("put_off", {})),
            )
            secrets = (job.secret, *job.more_secrets)
            if not is_device(job.device) or not isinstance(job.notebook.get("cells"), list) or not all(secrets):
                raise ValueError("device, cells or secret")
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            message = "채점 작업의 형식이 올바르지 않습니다."
            raise InfrastructureError("job-invalid", message, detail=repr(error)) from error
        return job


def grade(
    job: Job,
    suite: Suite,
    sandboxes: SpawnsSandboxes,
    *,
    clock: Callable[[], float] = time.monotonic,
    tell: Callable[[dict[str, Any]], None] | None = None,
    alive: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Grade one job and return its result, JSON types only.

    Where a cell or a test misses a name that a cell left out would have bound, everything is done again in order.

    It holds ``cells``, ``executed``, ``tests``, ``verdicts``, ``usage``, ``environment``; ``calls``, what the calls of
    each question have used; ``draws``, the tests' outcomes under each of the job's further secrets; ``stand_ins``,
    those with the suite's stand-ins, and ``margins``, the worst of each comparison over all draws, if the job asks;
    ``put_off``, the cells that were left out.

    Args:
        job: what to grade.
        suite: the collected suite of the job's assignment.
        sandboxes: starts sandboxes for this submission.
        clock: monotonic seconds, for what is told of wall-clock time; no limit is kept by it.
        tell: called after each question with its id and its tests, for whoever shows results as they come.
        alive: called every few seconds while this goes on, so that nobody takes a slow machine for a dead judge.

    Raises:
        ConfinementError: student code cannot be confined here.
        InfrastructureError: the machinery failed, or the machine was too busy (``machine-busy``); nothing is known
            about the submission.
    """
    beat = _beating(alive, clock)
    try:
        return _grade(job, suite, sandboxes, clock, tell, beat)
    except NameMissed:
        return _grade(replace(job, put_off=LeftOut()), suite, sandboxes, clock, tell, beat)


def _grade(
    job: Job,
    suite: Suite,
    sandboxes: SpawnsSandboxes,
    clock: Callable[[], float],
    tell: Callable[[dict[str, Any]], None] | None,
    beat: Callable[[], None],
) -> dict[str, Any]:
    started = clock()
    patience = Patience(job.starved_seconds)
    limits, questions = job.limits, suite.assignment.questions
    fresh = partial(
        NotebookRun,
        job.notebook,
        lambda: sandboxes.spawn(limits=limits, files=job.files, seed=job.seed, device=job.device, alive=beat),
        questions,
        limits,
        suite.asked,
        patience,
        job.put_off,
        lambda look: _spawn_helper(sandboxes, job, beat, look),
    )
    notebook = fresh()
    tests: list[TestOutcome] = []
    draws: list[list[TestOutcome]] = [[] for _ in job.more_secrets]
    leaning: list[TestOutcome] = []
    stops = PublicStops(fresh, job.files, limits, partial(_scene, suite))
    asking = _Asking(job, suite, notebook, patience, beat, stops)
    recorder = margins.start() if job.margins else None
    try:
        notebook.run()
        ran = clock()
        for question in questions:
            own = suite.tests_of(question.id) if job.only is None or question.id in job.only else ()
            own = tuple(test for test in own if test.badge) if job.badges else own
            own = tuple(test for test in own if job.named is None or test.name in job.named)
            if not own or (job.stop_at_first_loss and _lost(tests[-1:])):
                continue
            graded = asking.grade(question, own)
            tests += graded
            for number, secret in enumerate(job.more_secrets, start=2):
                draws[number - 2] += asking.grade(question, _due(own, graded, number, job.draw_seconds), secret)
            if job.stand_ins:
                leaning += asking.with_stand_ins(own)
            if tell is not None:
                tell({"question": question.id, "tests": [test.to_dict() for test in graded]})
    finally:
        margins.stop()
        usage = _together(notebook.close(), stops.close())
    notebook.tell_better(asking.better)
    verdicts = list(notebook.verdicts)
    if asking.forged:
        verdicts.append(Verdict("forged-frame", FORGED, detail="; ".join(asking.forged)[:2000]))
    return {
        "cells": [run.to_dict() for run in notebook.cells],
        "executed": notebook.executed,
        "tests": [test.to_dict() for test in tests],
        "draws": [[test.to_dict() for test in draw] for draw in draws],
        "stand_ins": [test.to_dict() for test in leaning],
        "margins": recorder.to_dict() if recorder else {},
        "calls": asking.calls,
        "verdicts": [verdict.to_dict() for verdict in verdicts],
        "usage": {
            **usage,
            "wall_seconds": round(clock() - started, 4),
            "notebook_seconds": round(ran - started, 4),
            "restarts": notebook.restarts,
        },
        "put_off": list(job.put_off.cells),
        "environment": {
            "python": platform.python_version(),
            "torch": torch.__version__,
            "numpy": np.__version__,
            "device": job.device,
            "threads": torch.get_num_threads(),
            "machine": platform.machine(),
            "kernel": platform.release(),
            "confinement": notebook.confinement,
        },
    }


class _Asking:
    """Grades the questions of one notebook that has run.

    Attributes:
        forged: the tests in which the sandbox sent a broken frame, with the reason.
        better: solution cells of the questions for which the second grading counts.
        calls: CPU seconds and seconds asleep that the calls of each question used together, and the most of one call;
            CPU seconds that stand-ins used for it outside of the sandbox.
    """

    def __init__(
        self,
        job: Job,
        suite: Suite,
        notebook: NotebookRun,
        patience: Patience,
        beat: Callable[[], None],
        stops: PublicStops,
    ) -> None:
        self.forged: list[str] = []
        self.better: list[str] = []
        self.calls: dict[str, dict[str, float]] = {}
        self._job = job
        self._suite = suite
        self._notebook = notebook
        self._patience = patience
        self._beat = beat
        self._stop_of = cache(stops.of)

    def grade(
        self, question: Question, tests: tuple[HiddenTest, ...], secret: bytes | None = None
    ) -> list[TestOutcome]:
        """Return the outcomes of a question's tests, with inputs drawn from `secret`; from the job's if None.

        A question that loses a test where its answer reads something else now than when its cell had run is graded a
        second time, with everything as it was then, and the better result counts.
        """
        if not self._notebook.answers.is_begun(question.solution_cell):
            return [not_begun(test, badges=self._job.badges) for test in tests]
        secret = self._job.secret if secret is None else secret
        first = self._run(tests, secret, "")
        if (
            not _lost(first)
            or self._job.stop_at_first_loss
            or not self._notebook.answers.is_changed(question.solution_cell)
        ):
            return first
        second = self._run(tests, secret, question.solution_cell)
        if _worth(second) <= _worth(first):
            return first
        if question.solution_cell not in self.better:
            self.better.append(question.solution_cell)
        return second

    def with_stand_ins(self, tests: tuple[HiddenTest, ...]) -> list[TestOutcome]:
        """Return the outcomes of those tests that lean on earlier functions, with the suite's stand-ins for them."""
        own = tuple(test for test in tests if test.leans_on and (self._job.badges or not test.badge))
        if not own:
            return []
        with self._opened(self._job.secret, "") as run:
            outcomes = [run.run_with_stand_ins(test) for test in own]
            self._count(own[0].question, run.budget)
        return outcomes

    def _run(self, tests: tuple[HiddenTest, ...], secret: bytes, recalled: str) -> list[TestOutcome]:
        outcomes: list[TestOutcome] = []
        with self._opened(secret, recalled) as run:
            for test in tests:
                self._beat()
                outcomes.append(run.run(test))
                if self._job.stop_at_first_loss and _lost(outcomes[-1:]):
                    break
            self.forged.extend(run.forged)
            if tests:
                self._count(tests[0].question, run.budget)
        return self._told(tests[: len(outcomes)], outcomes, run.findings)

    def _told(
        self, tests: tuple[HiddenTest, ...], outcomes: list[TestOutcome], findings: Mapping[str, Finding]
    ) -> list[TestOutcome]:
        """Return the outcomes with what the student is told; trials and surveys have no student."""
        job, stop = self._job, ""
        surveyed = job.more_secrets or job.stop_at_first_loss or job.badges or job.named is not None
        if not surveyed and any(finding.kind is Kind.ERROR for finding in findings.values()):
            if sum(run.cpu_seconds for run in self._notebook.cells) > _AGAIN_CPU_SECONDS:
                stop = stopped_before(_scene(self._suite, self._notebook))
            else:
                stop = self._stop_of(next(q for q in self._suite.assignment.questions if q.id == tests[0].question))
        ran = [(test, outcome) for test, outcome in zip(tests, outcomes, strict=True) if _is_run(test, job)]
        telling = Telling([test.words for test, _ in ran], leans=any(test.leans_on for test, _ in ran))
        told = {outcome.name: outcome for outcome in telling.tell([outcome for _, outcome in ran], findings, stop)}
        return [told.get(outcome.name, outcome) for outcome in outcomes]

    def _opened(self, secret: bytes, recalled: str) -> QuestionRun:
        job, notebook = self._job, self._notebook
        notebook.begin_question()
        return QuestionRun(
            self._suite,
            notebook,
            _scene(self._suite, notebook),
            job.limits,
            secret,
            job.seed,
            job.device.partition(":")[0],
            job.badges,
            self._patience,
            recalled,
        )

    def _count(self, question: str, budget: Budget) -> None:
        """Keep the most that a run of this question's tests has used."""
        used, most = budget.used, budget.most
        now = {"cpu": used.cpu, "call_cpu": most.cpu, "asleep": used.asleep, "call_asleep": most.asleep}
        now["stand_ins_cpu"] = budget.purse.cpu
        before = self.calls.get(question, {})
        self.calls[question] = {name: round(max(value, before.get(name, 0.0)), 4) for name, value in now.items()}


def _is_run(test: HiddenTest, job: Job) -> bool:
    """Whether a job runs a test, or defers it to one with a GPU."""
    return job.badges or not test.badge


def _spawn_helper(sandboxes: SpawnsSandboxes, job: Job, beat: Callable[[], None], look: Callable[[], None]) -> Any:
    """Return a sandbox for stand-ins: without the student's files, and with no time for cells."""

    def alive() -> None:
        beat()
        look()

    limits = replace(job.limits, answers_seconds=0.0, notebook_seconds=0.0)
    return sandboxes.spawn(limits=limits, files={}, seed=job.seed, device="cpu", alive=alive)


def _scene(suite: Suite, notebook: NotebookRun) -> Scene:
    return Scene(
        notebook.cells,
        suite.assignment.questions,
        notebook.grade_ids,
        notebook.names_in,
        notebook.functions_in,
        frozenset(notebook.frame),
        notebook.numbers,
    )


def _together(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    """Return what two runs have used: seconds of both, memory of the larger."""
    sums = {name: round(value + other.get(name, 0.0), 4) for name, value in one.items()}
    return {**sums, "peak_rss_mb": max(one["peak_rss_mb"], other.get("peak_rss_mb", 0.0))}


def _beating(alive: Callable[[], None] | None, clock: Callable[[], float]) -> Callable[[], None]:
    """Return `alive`, called at most every few seconds however often the result is."""
    last = clock()

    def beat() -> None:
        nonlocal last
        if alive is not None and clock() - last >= _BEAT_SECONDS:
            last = clock()
            alive()

    return beat


def _due(
    tests: tuple[HiddenTest, ...], graded: list[TestOutcome], number: int, seconds: float | None
) -> tuple[HiddenTest, ...]:
    """Return the tests to be run under the secret of this number, from 1: all, or those whose time allows it."""
    if seconds is None or number <= FEWEST_DRAWS:
        return tests
    took = {outcome.name: outcome.seconds for outcome in graded}
    return tuple(test for test in tests if took[test.name] * number <= seconds)


def _seconds(data: Mapping[str, Any], name: str) -> float | None:
    return None if data.get(name) is None else float(data[name])


def _lost(tests: list[TestOutcome]) -> bool:
    """Return whether a test was lost; a fault of our own is no loss."""
    return any(test.outcome in (Outcome.FAILED, Outcome.BLOCKED) for test in tests)


def _worth(tests: list[TestOutcome]) -> float:
    """Return the points of the tests that passed."""
    return sum(test.points for test in tests if test.outcome is Outcome.PASSED)
