"""One question of one submission: its branch of the sandbox, its seconds, and its tests in order.

Owns the life of branches (opened when a test first calls the student, shared by the question's tests, replaced after
a death or a timeout), the question's budget of seconds, and follow-through: a test that fails and leans on earlier
functions is run again with correct ones in their place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, cast

from autograder.errors import ProtocolError
from autograder.judge.kinds import short
from autograder.judge.outcomes import (
    DEFERRED,
    BudgetSpent,
    Judgement,
    NameMissing,
    Scene,
    carried_message,
    judgement_of,
)
from autograder.judge.probes import ProbeFile
from autograder.judge.student import Student
from autograder.judge.suite import HiddenTest, Suite
from autograder.model import Limits, Outcome, TestOutcome
from autograder.sandbox import Handle, SandboxDied, SandboxTimeout, StudentError

__all__ = ["BranchLike", "Budget", "QuestionRun", "Template"]

_LEAST = 0.05
"""Seconds below which no call is started any more."""


class BranchLike(Protocol):
    """What is used of `autograder.sandbox.Branch`."""

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, timeout: float) -> Any: ...  # noqa: D102
    def call_method(  # noqa: D102
        self, handle: Handle, method: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, timeout: float
    ) -> Any: ...
    def probe(  # noqa: D102
        self, source: str, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, timeout: float
    ) -> Any: ...
    def install(self, source: str, names: list[str]) -> None: ...  # noqa: D102
    def close(self) -> None: ...  # noqa: D102


class Template(Protocol):
    """The notebook after its run, to take branches from."""

    def branch(self) -> BranchLike:
        """Return a fresh copy of the notebook's state; raises what a sandbox raises."""

    def is_defined(self, name: str) -> bool:
        """Return whether the notebook defines a function of this name."""


class Budget:
    """Seconds of wall-clock time that the student's code may take; only time spent in calls counts.

    Args:
        seconds: the budget.
        clock: a monotonic clock in seconds.
    """

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self.seconds = seconds
        self.left = seconds
        self._clock = clock

    @contextmanager
    def charged(self, most: float) -> Iterator[float]:
        """Give the timeout of one call, at most `most`, and take the seconds it took off the budget.

        Raises:
            BudgetSpent: nothing is left.
        """
        if self.left < _LEAST:
            raise BudgetSpent(self.seconds)
        started = self._clock()
        try:
            yield min(most, self.left)
        finally:
            self.left -= self._clock() - started


class BranchLink:
    """A `Link` to one branch, opened on first use. After a death or a timeout it is spent, and says so again."""

    def __init__(
        self,
        template: Template,
        probes: ProbeFile,
        budget: Budget,
        limits: Limits,
        stand_ins: tuple[str, ...] = (),
    ) -> None:
        self._template = template
        self._probes = probes
        self._budget = budget
        self._limits = limits
        self._stand_ins = stand_ins
        self._branch: BranchLike | None = None
        self.spent: Exception | None = None
        self.last_call: Callable[[], str] = str

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """See `Link`; raises NameMissing where the student has no such function."""
        self._need(name)
        return self._do(name, args, kwargs, lambda b, t: b.call(name, args, kwargs, timeout=t))

    def call_method(self, handle: Handle, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """See `Link`."""
        label = f"object.{method}" if method else "object"
        return self._do(label, args, kwargs, lambda b, t: b.call_method(handle, method, args, kwargs, timeout=t))

    def probe(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """See `Link`; raises NameMissing where the student lacks a function that the probe uses."""
        source = self._probes.source_for(name)
        for needed in sorted(self._probes.student_names(name)):
            self._need(needed)
        return self._do(f"probe {name}", args, kwargs, lambda b, t: b.probe(source, name, args, kwargs, timeout=t))

    def close(self) -> None:
        """End the branch."""
        branch, self._branch = self._branch, None
        if branch is not None:
            branch.close()

    def _need(self, name: str) -> None:
        if name not in self._stand_ins and not self._template.is_defined(name):
            raise NameMissing(name)

    def _open(self) -> BranchLike:
        branch = self._template.branch()
        if self._stand_ins:
            try:
                branch.install(self._probes.stand_ins_for(self._stand_ins), list(self._stand_ins))
            except StudentError as error:
                branch.close()
                raise RuntimeError(f"stand-ins {self._stand_ins} did not install: {error.detail}") from error
            except BaseException:
                branch.close()
                raise
        return branch

    def _do(
        self, label: str, args: tuple[Any, ...], kwargs: dict[str, Any], act: Callable[[BranchLike, float], Any]
    ) -> Any:
        if self.spent is not None:
            raise self.spent
        self.last_call = lambda: _describe_call(label, args, kwargs)
        try:
            if self._branch is None and self._budget.left >= _LEAST:
                self._branch = self._open()  # not charged: without branches it runs the notebook again
            with self._budget.charged(self._limits.call_seconds) as seconds:
                return act(cast(BranchLike, self._branch), seconds)
        except (SandboxDied, SandboxTimeout, ProtocolError) as error:
            self.spent = error
            self.close()
            raise


@dataclass
class QuestionRun:
    """Runs the tests of one question; close it (or leave its ``with``) to end its branches.

    Args:
        suite: the collected suite.
        template: the notebook after its run.
        scene: what messages may point at.
        limits: seconds for calls and for the question.
        budget: what the question has left.
        secret: the course secret, for seeds.
        device: ``"cpu"`` or ``"cuda"``: where the tests have the student's code compute.
        badges: whether badge tests run; else they are deferred.
    """

    suite: Suite
    template: Template
    scene: Scene
    limits: Limits
    budget: Budget
    secret: bytes
    device: str = "cpu"
    badges: bool = False
    forged: list[str] = field(default_factory=list)
    """Names of the tests in which the sandbox sent a broken frame, with the reason."""
    _links: dict[tuple[str, ...], BranchLink] = field(default_factory=dict)
    _distrusted: set[str] = field(default_factory=set)
    """Earlier functions in whose company a test died or hung: later tests go to the stand-ins at once."""

    def run(self, test: HiddenTest) -> TestOutcome:
        """Run one test, again with stand-ins if it fails and leans on earlier functions."""
        if test.badge and not self.badges:
            return _outcome(test, Judgement(Outcome.DEFERRED, DEFERRED), 0.0)
        if test.leans_on and self._distrusted.issuperset(test.leans_on):
            return self._with_stand_ins(test, None, 0.0)
        judgement, seconds, error = self._attempt(test, ())
        if not test.leans_on or judgement.outcome not in (Outcome.FAILED, Outcome.BLOCKED):
            return _outcome(test, judgement, seconds)
        if isinstance(error, NameMissing) and error.name not in test.leans_on:
            return _outcome(test, judgement, seconds)
        if isinstance(error, SandboxDied | SandboxTimeout):
            self._distrusted.update(test.leans_on)
        return self._with_stand_ins(test, judgement, seconds)

    def __enter__(self) -> QuestionRun:
        return self

    def __exit__(self, *_: object) -> None:
        for link in self._links.values():
            link.close()
        self._links.clear()

    def _with_stand_ins(self, test: HiddenTest, first: Judgement | None, seconds: float) -> TestOutcome:
        if first is not None and self.budget.left < _LEAST:
            return _outcome(test, first, seconds)
        second, more, error = self._attempt(test, test.leans_on)
        seconds += more
        if second.outcome is Outcome.PASSED:
            note = Judgement(Outcome.PASSED, carried_message(test.leans_on), first.detail if first else "")
            return replace(_outcome(test, note, seconds), carried=True)
        if first is None:
            return _outcome(test, second, seconds)
        if second.outcome is Outcome.BLOCKED or isinstance(error, BudgetSpent):
            return _outcome(test, first, seconds)
        if second.detail == first.detail:
            return _outcome(test, second, seconds)
        detail = f"{second.detail}\n-- before, with the student's own {', '.join(test.leans_on)}:\n{first.detail}"
        return _outcome(test, replace(second, detail=detail), seconds)

    def _attempt(self, test: HiddenTest, stand_ins: tuple[str, ...]) -> tuple[Judgement, float, BaseException | None]:
        link = self._links.get(stand_ins)
        if link is None or link.spent is not None:
            link = BranchLink(self.template, self.suite.probes, self.budget, self.limits, stand_ins)
            self._links[stand_ins] = link
        link.last_call = str
        attempt = self.suite.run(test, Student(link), self.secret, self.device)
        if isinstance(link.spent, ProtocolError):
            self.forged.append(f"{test.name}: {link.spent.detail or link.spent.code}")
        last_call = "" if attempt.error is None else link.last_call()
        judgement = judgement_of(attempt.error, self.scene, call_seconds=self.limits.call_seconds, last_call=last_call)
        return judgement, attempt.seconds, attempt.error


def _describe_call(label: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """Return, for staff, a call with its hidden inputs, shortened."""
    shown = [short(arg, 120) for arg in args] + [f"{key}={short(value, 120)}" for key, value in kwargs.items()]
    return f"{label}({', '.join(shown)})"


def _outcome(test: HiddenTest, judgement: Judgement, seconds: float) -> TestOutcome:
    return TestOutcome(
        name=test.name,
        question=test.question,
        title=test.title,
        points=test.points,
        outcome=judgement.outcome,
        message=judgement.message,
        detail=judgement.detail,
        seconds=seconds,
        badge=test.badge,
    )
