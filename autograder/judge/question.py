"""One question of one submission: its branch of the sandbox, its CPU seconds, and its tests in order.

Owns the life of branches (opened when a test first calls the student, shared by the question's tests, replaced after
a death or a timeout), the question's budget, the random state each test starts with, and follow-through: a test that
fails and leans on earlier functions is run again with correct ones in their place.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from autograder.errors import ProtocolError
from autograder.judge import margins
from autograder.judge.kinds import short
from autograder.judge.left_out import NameMissed
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
from autograder.judge.told import Finding
from autograder.model import NOT_BEGUN, Limits, Outcome, TestOutcome
from autograder.sandbox import Allowance, Handle, Meter, SandboxDied, SandboxTimeout, StudentError

__all__ = ["BranchLike", "Budget", "Patience", "QuestionRun", "Template", "not_begun", "seed_of"]

_LEAST_SECONDS = 0.05
"""Seconds below which no call is started any more."""


class BranchLike(Protocol):
    """What is used of `autograder.sandbox.Branch`."""

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, allowance: Allowance) -> Any: ...  # noqa: D102
    def call_method(  # noqa: D102
        self, handle: Handle, method: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, allowance: Allowance
    ) -> Any: ...
    def probe(  # noqa: D102
        self, source: str, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, allowance: Allowance
    ) -> Any: ...
    def install(self, source: str, names: list[str]) -> None: ...  # noqa: D102
    def recall(self, answer: str) -> None: ...  # noqa: D102
    def seed(self, value: int) -> None: ...  # noqa: D102
    @property
    def meter(self) -> Meter: ...  # noqa: D102
    def close(self) -> None: ...  # noqa: D102


class Template(Protocol):
    """The notebook after its run, to take branches from."""

    def branch(self) -> BranchLike:
        """Return a fresh copy of the notebook's state; raises what a sandbox raises."""

    def is_defined(self, name: str) -> bool:
        """Return whether the notebook defines a function of this name; raises NameMissed as `miss`."""

    def miss(self, ename: str, text: str) -> None:
        """Raise NameMissed if an exception in a call is for want of a cell that was left out."""


class Patience:
    """How long a whole submission may still wait for the machine, in wall-clock seconds; as long as asked by default.

    It ends where somebody else's clock ends: a container that is taken away at a stated minute.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self._left = math.inf if seconds is None else seconds

    def at_most(self, seconds: float) -> float:
        """Return these seconds, or what is left if that is less."""
        return max(0.0, min(seconds, self._left))

    def charge(self, meter: Meter) -> None:
        """Take off what was waited for."""
        self._left -= meter.starved


class Budget:
    """What the student's code may use for one question; only what calls use counts, as the sandbox's clocks tell it.

    Args:
        limits: CPU seconds of a call and of the question, seconds asleep, and how long a call may starve.
        patience: of the whole submission with a busy machine.
    """

    def __init__(self, limits: Limits, patience: Patience | None = None) -> None:
        self._limits = limits
        self._patience = patience or Patience()
        self.used = Meter()
        self.most = Meter()
        """The most that one call used, of each clock."""

    @property
    def spent(self) -> BudgetSpent | None:
        """What no call can be made for want of any more, or None."""
        limits, used = self._limits, self.used
        if limits.question_seconds - used.cpu < _LEAST_SECONDS:
            return BudgetSpent("cpu", limits.question_seconds)
        if limits.question_asleep_seconds - used.asleep < _LEAST_SECONDS:
            return BudgetSpent("asleep", limits.question_asleep_seconds)
        return None

    def allowance(self) -> Allowance:
        """Return what one call may use; raises BudgetSpent."""
        if (spent := self.spent) is not None:
            raise spent
        limits, used = self._limits, self.used
        return Allowance(
            cpu=min(limits.call_seconds, limits.question_seconds - used.cpu),
            asleep=min(limits.asleep_seconds, limits.question_asleep_seconds - used.asleep),
            starved=self._patience.at_most(limits.starved_factor * limits.call_seconds),
        )

    def charge(self, meter: Meter) -> None:
        """Take off what a call has used."""
        self.used += meter
        self.most = self.most.most(meter)
        self._patience.charge(meter)


class BranchLink:
    """A `Link` to one branch, opened on first use. After a death or a timeout it is spent, and says so again."""

    def __init__(
        self,
        template: Template,
        probes: ProbeFile,
        budget: Budget,
        stand_ins: tuple[str, ...] = (),
        recalled: str = "",
    ) -> None:
        self._recalled = recalled
        self._template = template
        self._probes = probes
        self._budget = budget
        self._stand_ins = stand_ins
        self._seed: int | None = None
        self._branch: BranchLike | None = None
        self.spent: Exception | None = None
        self.missed: NameMissed | None = None
        """What a test must not be judged for want of, whatever its own code makes of the exception."""
        self.last_call: Callable[[], str] = str

    def begin(self, seed: int) -> None:
        """Start a test: its first call finds the random states that this seed makes."""
        self._seed = seed
        self.last_call = str

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """See `Link`; raises NameMissing where the student has no such function."""
        self._need(name)
        return self._do(name, args, kwargs, lambda b, a: b.call(name, args, kwargs, allowance=a))

    def call_method(self, handle: Handle, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """See `Link`."""
        label = f"object.{method}" if method else "object"
        return self._do(label, args, kwargs, lambda b, a: b.call_method(handle, method, args, kwargs, allowance=a))

    def probe(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """See `Link`; raises NameMissing where the student lacks a function that the probe uses."""
        source = self._probes.source_for(name)
        for needed in sorted(self._probes.student_names(name)):
            self._need(needed)
        return self._do(f"probe {name}", args, kwargs, lambda b, a: b.probe(source, name, args, kwargs, allowance=a))

    def close(self) -> None:
        """End the branch."""
        branch, self._branch = self._branch, None
        if branch is not None:
            branch.close()

    def _need(self, name: str) -> None:
        try:
            if name not in self._stand_ins and not self._template.is_defined(name):
                raise NameMissing(name)
        except NameMissed as missed:
            self.missed = missed
            raise

    def _open(self) -> BranchLike:
        branch = self._template.branch()
        if self._recalled:
            try:
                branch.recall(self._recalled)
            except BaseException:
                branch.close()
                raise
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
        self, label: str, args: tuple[Any, ...], kwargs: dict[str, Any], act: Callable[[BranchLike, Allowance], Any]
    ) -> Any:
        if self.spent is not None:
            raise self.spent
        self.last_call = lambda: _describe_call(label, args, kwargs)
        allowance = self._budget.allowance()

        try:
            branch = self._branch = self._branch or self._open()  # at nobody's cost
            if self._seed is not None:
                branch.seed(self._seed)
                self._seed = None
            try:
                return act(branch, allowance)
            finally:
                self._budget.charge(branch.meter)
        except (SandboxDied, SandboxTimeout, ProtocolError) as error:
            self.spent = error
            self.close()
            raise
        except StudentError as error:
            try:
                self._template.miss(error.etype, error.detail)
            except NameMissed as missed:
                self.missed = missed
                raise
            raise


@dataclass
class QuestionRun:
    """Runs the tests of one question; close it (or leave its ``with``) to end its branches.

    Args:
        suite: the collected suite.
        template: the notebook after its run.
        scene: what messages may point at.
        limits: what calls and the question may use.
        secret: the course secret, for the tests' own seeds.
        seed: the notebook's, from which the student's random states are made before each test.
        device: ``"cpu"`` or ``"cuda"``: where the tests have the student's code compute.
        badges: whether badge tests run; else they are deferred.
        patience: with a busy machine, for the whole submission.
        recalled: solution cell whose surroundings, as they were when it had run, the tests find; "" for the notebook's
            end.
    """

    suite: Suite
    template: Template
    scene: Scene
    limits: Limits
    secret: bytes
    seed: int = 0
    device: str = "cpu"
    badges: bool = False
    patience: Patience = field(default_factory=Patience)
    recalled: str = ""
    forged: list[str] = field(default_factory=list)
    """Names of the tests in which the sandbox sent a broken frame, with the reason."""
    budget: Budget = field(init=False)
    findings: dict[str, Finding] = field(default_factory=dict)
    """Why tests did not pass, by name."""
    _links: dict[tuple[str, ...], BranchLink] = field(default_factory=dict)
    _distrusted: set[str] = field(default_factory=set)
    """Earlier functions in whose company a test died or hung: later tests go to the stand-ins at once."""

    def __post_init__(self) -> None:
        self.budget = Budget(self.limits, self.patience)

    def run(self, test: HiddenTest) -> TestOutcome:
        """Run one test, again with stand-ins if it fails and leans on earlier functions."""
        before = self.budget.used.cpu
        outcome = self._run(test)
        return replace(outcome, cpu_seconds=round(self.budget.used.cpu - before, 4))

    def run_with_stand_ins(self, test: HiddenTest) -> TestOutcome:
        """Run one test with correct functions in place of all that it leans on, to see that these are correct."""
        judgement, seconds, _ = self._attempt(test, test.leans_on)
        return _outcome(test, judgement, seconds)

    def _run(self, test: HiddenTest) -> TestOutcome:
        if test.badge and not self.badges:
            return self._ended(test, Judgement(Outcome.DEFERRED, DEFERRED), 0.0)
        if test.leans_on and self._distrusted.issuperset(test.leans_on):
            return self._with_stand_ins(test, None, 0.0)
        judgement, seconds, error = self._attempt(test, ())
        if not test.leans_on or judgement.outcome not in (Outcome.FAILED, Outcome.BLOCKED):
            return self._ended(test, judgement, seconds)
        if isinstance(error, NameMissing) and error.name not in test.leans_on:
            return self._ended(test, judgement, seconds)
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
        if first is not None and self.budget.spent is not None:
            return self._ended(test, first, seconds)
        second, more, error = self._attempt(test, test.leans_on)
        seconds += more
        if second.outcome is Outcome.PASSED:
            note = Judgement(Outcome.PASSED, carried_message(test.leans_on), first.detail if first else "")
            return replace(self._ended(test, note, seconds), carried=True)
        if first is None:
            return self._ended(test, second, seconds)
        if second.outcome is Outcome.BLOCKED or isinstance(error, BudgetSpent):
            return self._ended(test, first, seconds)
        if second.detail == first.detail:
            return self._ended(test, second, seconds)
        detail = f"{second.detail}\n-- before, with the student's own {', '.join(test.leans_on)}:\n{first.detail}"
        return self._ended(test, replace(second, detail=detail), seconds)

    def _ended(self, test: HiddenTest, judgement: Judgement, seconds: float) -> TestOutcome:
        if judgement.outcome is Outcome.FAILED and judgement.finding is not None:
            self.findings[test.name] = judgement.finding
        return _outcome(test, judgement, seconds)

    def _attempt(self, test: HiddenTest, stand_ins: tuple[str, ...]) -> tuple[Judgement, float, BaseException | None]:
        link = self._links.get(stand_ins)
        if link is None or link.spent is not None:
            link = BranchLink(self.template, self.suite.probes, self.budget, stand_ins, self.recalled)
            self._links[stand_ins] = link
        link.begin(seed_of(self.seed, self.suite.tests.index(test)))
        if margins.recorder is not None:
            margins.recorder.begin(test.name)
        attempt = self.suite.run(test, Student(link), self.secret, self.device)

        if link.missed is not None:
            raise link.missed
        if isinstance(link.spent, ProtocolError):
            self.forged.append(f"{test.name}: {link.spent.detail or link.spent.code}")
        error = attempt.error
        last_call = "" if error is None else link.last_call()
        judgement = judgement_of(error, self.scene, limits=self.limits, last_call=last_call)
        return judgement, attempt.seconds, error


def seed_of(notebook: int, place: int) -> int:
    """Return the seed of random, numpy and torch in the sandbox before the test at this place in its suite.

    It is public and depends on nothing that ran before: neither on cells, nor on the order of tests, nor on how often
    something had to be done again.
    """
    return (notebook + 1 + place) % 2**32


def not_begun(test: HiddenTest, *, badges: bool) -> TestOutcome:
    """Return the outcome of a test of a question for which nothing was written; it is not run."""
    if test.badge and not badges:
        return _outcome(test, Judgement(Outcome.DEFERRED, DEFERRED), 0.0)
    return _outcome(test, Judgement(Outcome.BLOCKED, NOT_BEGUN), 0.0)


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
        limit=judgement.limit,
        place=judgement.place,
    )
