"""Grades one submission: notebook, questions, verdicts, result. The judge's whole work on one job.

Owns the forms of `Job` and of the result. Nothing of a submission outlives `grade`.
"""

from __future__ import annotations

import base64
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch

from autograder.errors import InfrastructureError
from autograder.judge.notebook import FORGED, NotebookRun
from autograder.judge.outcomes import Scene
from autograder.judge.question import Patience, QuestionRun
from autograder.judge.suite import Suite
from autograder.model import Limits, Outcome, TestOutcome, Verdict
from autograder.sandbox.confinement.devices import is_device

__all__ = ["Job", "grade"]

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
        files: what lies in the sandbox's working directory, by name.
        limits: what the submission may use.
        starved_seconds: how long all of the submission may wait for the machine, where somebody else's clock runs, or
            None: then each cell and call has patience of its own.
        seed: of the notebook's random states.
        secret: the course secret, for the tests' seeds.
        device: ``"cpu"``, ``"cuda:N"`` or ``"cuda"``; the tests are told ``"cuda"``, as there is no other GPU for them.
        only: question ids to grade, or None for all.
        badges: grade the badge tests and no others; else they are deferred and the others graded. Points never come
            from a job that grades badges, so that they are the same wherever it ran.
        tests_hash: hash of the suite's own files, so that no other version grades under this suite's name; "" for any.
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

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Job:
        """Read a job; raises InfrastructureError (``job-invalid``) if it does not have the form."""
        try:
            only = data.get("only")
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
                starved_seconds=None if data.get("starved_seconds") is None else float(data["starved_seconds"]),
            )
            if not is_device(job.device) or not isinstance(job.notebook.get("cells"), list) or not job.secret:
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
    """Grade one job and return its result (cells, executed, tests, verdicts, usage, environment), JSON types only.

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
    started = clock()
    beat = _beating(alive, clock)
    patience = Patience(job.starved_seconds)
    limits, questions, device = job.limits, suite.assignment.questions, job.device.partition(":")[0]
    notebook = NotebookRun(
        job.notebook,
        lambda: sandboxes.spawn(limits=limits, files=job.files, seed=job.seed, device=job.device, alive=beat),
        questions,
        limits,
        suite.asked,
        patience,
    )
    tests: list[TestOutcome] = []
    forged: list[str] = []
    try:
        notebook.run()
        ran = clock()
        scene = Scene(
            notebook.cells,
            questions,
            notebook.grade_ids,
            notebook.names_in,
            notebook.functions_in,
            frozenset(notebook.frame),
            notebook.numbers,
        )
        for question in questions:
            own = suite.tests_of(question.id) if job.only is None or question.id in job.only else ()
            own = tuple(test for test in own if test.badge) if job.badges else own
            if not own or (job.stop_at_first_loss and _lost(tests)):
                continue
            notebook.begin_question()
            with QuestionRun(suite, notebook, scene, limits, job.secret, job.seed, device, job.badges, patience) as run:
                for test in own:
                    beat()
                    tests.append(run.run(test))
                    if job.stop_at_first_loss and _lost(tests):
                        break
                forged.extend(run.forged)
            if tell is not None:
                told = [test.to_dict() for test in tests if test.question == question.id]
                tell({"question": question.id, "tests": told})
    finally:
        usage = notebook.close()
    verdicts = list(notebook.verdicts)
    if forged:
        verdicts.append(Verdict("forged-frame", FORGED, detail="; ".join(forged)[:2000]))
    return {
        "cells": [run.to_dict() for run in notebook.cells],
        "executed": notebook.executed,
        "tests": [test.to_dict() for test in tests],
        "verdicts": [verdict.to_dict() for verdict in verdicts],
        "usage": {
            **usage,
            "wall_seconds": round(clock() - started, 4),
            "notebook_seconds": round(ran - started, 4),
            "restarts": notebook.restarts,
        },
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


def _beating(alive: Callable[[], None] | None, clock: Callable[[], float]) -> Callable[[], None]:
    """Return `alive`, called at most every few seconds however often the result is."""
    last = clock()

    def beat() -> None:
        nonlocal last
        if alive is not None and clock() - last >= _BEAT_SECONDS:
            last = clock()
            alive()

    return beat


def _lost(tests: list[TestOutcome]) -> bool:
    """Return whether the last test was lost; a fault of our own is no loss."""
    return bool(tests) and tests[-1].outcome in (Outcome.FAILED, Outcome.BLOCKED)
