"""What a student is told of a question's hidden tests: enough to go on with, and too little to read anything out.

A student's code chooses, under hidden inputs and beside a suite's own functions, how a test ends. Each way that can be
told apart is a word that it may send to whoever reads the feedback. So the words are counted: a question of n tests has
at most 2**(2n) different pages. Which tests passed is told in full. For each set of tests that did not pass, that
leaves 2**n pages, which are spent on their findings, on the first one most (`Telling.plan`). A test for which nothing
is left shows the one hint that it always gives. What needs no hidden input to be found is told freely, see
`public_stop`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations

from autograder.model import Limits, Outcome, TestOutcome

__all__ = ["BITS", "Finding", "Kind", "Level", "Plan", "Telling", "Words", "stop_sentence"]

BITS = 2
"""Bits that a question's page may tell for each of its tests, on average over the question."""


class Kind(StrEnum):
    """What kept a test from passing, as the judge sees it."""

    FORM = "form"
    """The value is of another kind, shape, dtype or length, or not finite."""
    VALUE = "value"
    """The value is not the one that is asked for."""
    ERROR = "error"
    """The student's code raised."""
    MEMORY = "memory"
    TIME = "time"
    """A call used up its seconds, or the question its own."""
    ENDED = "ended"
    """The process ended, or sent what cannot be read."""
    MISSING = "missing"
    """There is no such function: known before anything hidden is in a sandbox."""


STOPS = (Kind.ERROR, Kind.MEMORY, Kind.TIME, Kind.ENDED)
_COARSE: Mapping[Kind, str] = {
    Kind.FORM: (
        "돌려준 값의 종류나 모양(shape), 자료형, 길이가 문제의 설명과 다르거나, NaN이나 무한대가 들어 있습니다."
    ),
    Kind.VALUE: "기대한 결과와 다릅니다.",
}
_STOPS: Mapping[Kind, str] = {
    Kind.ERROR: "함수를 실행하는 중 예외가 발생했습니다.",
    Kind.MEMORY: "메모리 한도를 넘었습니다. 필요 이상으로 큰 텐서나 리스트를 만들지 않는지 확인해 보세요.",
    Kind.TIME: (
        "주어진 시간(호출 한 번에 계산 {call:g}초, 문항 전체에 {question:g}초) 안에 끝나지 않아 중단했습니다. "
        "지나치게 오래 걸리는 계산이나, sleep처럼 기다리는 곳이 있는지 확인해 보세요."
    ),
    Kind.ENDED: (
        "실행이 도중에 끝났거나 돌려준 값을 읽을 수 없었습니다. exit()를 부르거나 파일을 많이 만드는 곳이 있는지, "
        "설명에 나온 종류의 값만 돌려주는지 확인해 보세요."
    ),
}
_SPENT = (
    "이 문항에 주어진 시간(계산 {question:g}초)을 모두 써서 나머지 테스트를 실행하지 못했습니다. "
    "지나치게 오래 걸리는 계산이나, sleep처럼 기다리는 곳이 있는지 확인해 보세요."
)
_STOPPED = "함수의 실행이 끝까지 가지 못했습니다."


def stop_sentence(kind: Kind, limits: Limits, *, spent: bool = False) -> str:
    """Return what is told of code that did not run to its end.

    Args:
        kind: one of `STOPS`.
        limits: what the calls may use.
        spent: the question's seconds were used up.
    """
    text = _SPENT if spent else _STOPS[kind]
    return text.format(call=limits.call_seconds, question=limits.question_seconds)


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a test did not pass.

    Args:
        kind: what kept it from passing.
        message: the whole Korean finding: the author's, or of a stop `stop_sentence`.
        hint: its hint.
        spent: that the question's seconds were used up, so that no test after this one could run; "" if they were not.
    """

    kind: Kind
    message: str = ""
    hint: str = ""
    spent: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What a test can say, counted from its text.

    Args:
        findings: different findings about a value at most.
        hints: different hints among them, none counted as one.
        hint: the hint that all its findings share, "" where there is none or more than one.
    """

    findings: int = 1
    hints: int = 1
    hint: str = ""


class Level(StrEnum):
    """How finely a finding is told, from the coarsest on."""

    OWN = "own"
    """By the hint that the test gives whatever was found."""
    COARSE = "coarse"
    """By its kind, with that hint."""
    SHORT = "short"
    """By the author's hint alone."""
    HINT = "hint"
    """By its kind, with the author's hint."""
    FULL = "full"
    """As the test's author wrote it."""

    def messages(self, words: Words, *, first: bool) -> int:
        """Return how many different messages a test can have; `first`: it is the first one that did not pass."""
        stops = len(STOPS)
        return {
            "own": 1,
            "coarse": len(_COARSE) + stops,
            "short": words.hints + (stops if first else 1),
            "hint": len(_COARSE) * words.hints + stops,
            "full": words.findings + stops,
        }[self]

    def message(self, finding: Finding, hint: str, *, first: bool) -> str:
        """Return what is told of a finding; a test's own hint stands whatever it was."""
        stopped = finding.kind in STOPS
        if self is Level.OWN:
            return hint
        if stopped:
            return f"{_STOPPED if self is Level.SHORT and not first else finding.message} {hint}".strip()
        if self is Level.SHORT:
            return finding.hint or _COARSE[Kind.VALUE]
        if self is Level.FULL:
            return finding.message
        return f"{_COARSE[finding.kind]} {finding.hint if self is Level.HINT else hint}".strip()


@dataclass(frozen=True, slots=True)
class Plan:
    """How finely each finding is told where these tests did not pass.

    Args:
        levels: of these tests, in their order.
        stop: where the public check stops may stand in place of the first finding.
        spent: that the question's seconds were used up may.
    """

    levels: tuple[Level, ...]
    stop: bool = False
    spent: bool = False

    def count(self, words: Sequence[Words]) -> int:
        """Return how many different pages there can be, for tests with these words."""
        pairs = zip(self.levels, words, strict=True)
        first, *others = (level.messages(own, first=not place) for place, (level, own) in enumerate(pairs))
        return (first + self.stop + self.spent) * math.prod(others)


class Telling:
    """Chooses what is told of one question.

    Args:
        words: of the question's tests, in their order.
        leans: whether any of them may be passed with correct functions in place of earlier ones.
    """

    def __init__(self, words: Sequence[Words], *, leans: bool) -> None:
        self._words = tuple(words)
        self._most = 2 ** ((BITS - 1) * len(self._words)) / (2 if leans else 1)

    def plan(self, failed: Sequence[int]) -> Plan:
        """Return how finely the findings are told where the tests at these places did not pass.

        First the public stop, then the authors' hints from the first test on, then kinds, then whole findings, each as
        far as the count allows.
        """
        words = [self._words[place] for place in failed]
        plan = Plan((Level.OWN,) * len(words))
        plan = self._better(plan, replace(plan, stop=True), words)
        for level in (Level.SHORT, Level.COARSE, Level.HINT, Level.FULL):
            for place, before in enumerate(plan.levels):
                if level is Level.COARSE and (place or before is not Level.OWN):
                    continue
                levels = (*plan.levels[:place], level, *plan.levels[place + 1 :])
                plan = self._better(plan, replace(plan, levels=levels), words)
            if level is Level.COARSE:
                plan = self._better(plan, replace(plan, spent=True), words)
        return plan

    def bits(self) -> float:
        """Return the bits that the question's page tells at most: the logarithm of the number of different pages."""
        places = range(len(self._words))
        pages = 1.0
        for count in range(1, len(self._words) + 1):
            for failed in combinations(places, count):
                pages += self.plan(failed).count([self._words[place] for place in failed])
        return math.log2(pages) + (BITS - 1) * len(self._words) - math.log2(self._most)

    def tell(
        self, outcomes: Sequence[TestOutcome], findings: Mapping[str, Finding], stop: str = ""
    ) -> list[TestOutcome]:
        """Return the outcomes with the messages that the student reads.

        Args:
            outcomes: of the question's tests, in their order.
            findings: by test, of those that did not pass.
            stop: where the public check stops with an exception, in Korean, "" if it does not; see `public_stop`.
        """
        told = [replace(o, message="") if o.outcome is Outcome.PASSED else o for o in outcomes]
        failed = [n for n, o in enumerate(outcomes) if o.outcome is Outcome.FAILED and o.name in findings]
        if not failed:
            return told
        plan, found = self.plan(failed), [findings[outcomes[place].name] for place in failed]
        for place, level, finding in zip(failed, plan.levels, found, strict=True):
            message = level.message(finding, self._words[place].hint, first=place == failed[0])
            told[place] = replace(told[place], message=message)
        first = told[failed[0]]
        opening = next((finding.spent for finding in found if finding.spent), "") if plan.spent else ""
        if plan.stop and stop and any(finding.kind is Kind.ERROR for finding in found):
            opening = stop
        told[failed[0]] = replace(first, message=opening or first.message or _COARSE[Kind.VALUE])
        return told

    def _better(self, plan: Plan, wanted: Plan, words: Sequence[Words]) -> Plan:
        return wanted if wanted.count(words) <= self._most else plan
