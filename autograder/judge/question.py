"""One question of one submission: its tests in order, its branches of the sandbox, and its CPU seconds.

Owns the life of branches (opened when a test first calls the student, shared by the question's tests, replaced after
a death or a timeout), the random state each test starts with, and follow-through: a test that fails and leans on
earlier functions is run again with correct ones in their place.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from autograder.errors import ProtocolError
from autograder.judge import margins
from autograder.judge.branch_link import BranchLink, Template
from autograder.judge.budget import Budget, Patience
from autograder.judge.outcomes import (
    DEFERRED,
    BudgetSpent,
    Judgement,
    NameMissing,
    Scene,
    carried_message,
    judgement_of,
)
from autograder.judge.student import Student
from autograder.judge.suite import HiddenTest, Suite
from autograder.judge.told import Finding
from autograder.model import NOT_BEGUN, Limits, Outcome, TestOutcome
from autograder.sandbox import SandboxDied, SandboxTimeout

__all__ = ["QuestionRun", "not_begun", "seed_of"]


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

    def _end_other_stand_ins(self, stand_ins: tuple[str, ...]) -> None:
        """End the branches with other stand-ins: a sandbox has two at once, the student's own and one of these."""
        for others in [names for names in self._links if names and names != stand_ins]:
            self._links.pop(others).close()

    def _attempt(self, test: HiddenTest, stand_ins: tuple[str, ...]) -> tuple[Judgement, float, BaseException | None]:
        link = self._links.get(stand_ins)
        if link is None or link.spent is not None:
            if stand_ins:
                self._end_other_stand_ins(stand_ins)
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
