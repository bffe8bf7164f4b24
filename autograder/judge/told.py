"""What a student is told of a question's hidden tests: enough to go on with, and too little to read anything out.

A student's code chooses, under hidden inputs and beside a suite's own functions, how a test ends. Each way that can be
told apart is a word that it may send to whoever reads the feedback. So the words are counted: a question of n tests has
at most 2**(2n) different pages (`Telling.bits`). Which tests passed is told in full. Of the first test that did not
pass the finding is told, as finely as the count allows; of the others only the test's own hint, which no answer can
change. What needs no hidden input to be found is told freely, see `public_stop`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from autograder.model import Limits, Outcome, TestOutcome

__all__ = ["BITS", "Finding", "Kind", "Level", "Telling", "Words", "stop_sentence"]

BITS = 2.0
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
    Kind.FORM: "돌려준 값의 종류나 모양(shape), 자료형, 길이가 문제의 설명과 다릅니다.",
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
        spent: the question's seconds were used up, so that no test after this one could run.
    """

    kind: Kind
    message: str = ""
    hint: str = ""
    spent: bool = False


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


class Telling:
    """Chooses what is told of one question.

    Args:
        words: of the question's tests, in their order.
        leans: whether any of them may be passed with correct functions in place of earlier ones.
    """

    def __init__(self, words: Sequence[Words], *, leans: bool) -> None:
        self._words = tuple(words)
        self._pages = 2 if leans else 1
        most = 2 ** (BITS * len(self._words)) - 1
        each = most / ((2 ** len(self._words) - 1) * self._pages) if self._words else 0.0
        self.levels = tuple(
            next((level for level in Level if level.messages(words) + level.openings <= each), Level.MUTE)
            for words in self._words
        )

    @property
    def bits(self) -> float:
        """The bits that the question's page can tell at most: the logarithm of the number of different pages."""
        pages = 1
        for place, (words, level) in enumerate(zip(self._words, self.levels, strict=True), start=1):
            # This test is the first that did not pass, and each later one passed or did not.
            pages += (level.messages(words) + level.openings) * 2 ** (len(self._words) - place) * self._pages
        return math.log2(pages)

    def tell(
        self, outcomes: Sequence[TestOutcome], findings: Mapping[str, Finding], stop: str = ""
    ) -> list[TestOutcome]:
        """Return the outcomes with the messages that the student reads.

        Args:
            outcomes: of the question's tests, in their order.
            findings: by test, of those that did not pass.
            stop: where the public check stops with an exception, in Korean, "" if it does not; see `public_stop`.
        """
        failed = [findings[o.name] for o in outcomes if o.outcome is Outcome.FAILED and o.name in findings]
        told, first = [], True
        for outcome, words, level in zip(outcomes, self._words, self.levels, strict=True):
            message = outcome.message
            if outcome.outcome is Outcome.PASSED:
                message = ""
            elif outcome.outcome is Outcome.FAILED and outcome.name in findings:
                message = words.hint
                if first:
                    message = level.opening(failed, stop) or level.message(findings[outcome.name], words.hint)
                first = False
            told.append(replace(outcome, message=message))
        return told


class Level(StrEnum):
    """How finely the first finding of a question is told; from the finest on."""

    FULL = "full"
    """As the test's author wrote it."""
    HINT = "hint"
    """By its kind, with the author's hint."""
    COARSE = "coarse"
    """By its kind, with the hint that the test always gives."""
    BARE = "bare"
    """Whether the code ran to its end."""
    MUTE = "mute"
    """That there is one."""

    def messages(self, words: Words) -> int:
        """Return how many different messages a test can have."""
        hints = 2 * words.hints + len(STOPS)
        return {
            "full": words.findings + len(STOPS),
            "hint": hints,
            "coarse": len(_COARSE) + len(STOPS),
            "bare": 2,
            "mute": 1,
        }[self]

    @property
    def openings(self) -> int:
        """What may stand in place of the first finding: where the public check stops, that the time was used up."""
        return {"full": 2, "hint": 2, "coarse": 2, "bare": 1, "mute": 0}[self]

    def message(self, finding: Finding, hint: str) -> str:
        """Return what is told of a finding; a test's own hint stands whatever it was."""
        stopped = finding.kind in STOPS
        if self is Level.MUTE:
            return hint or _COARSE[Kind.VALUE]
        if self is Level.BARE:
            return f"{_STOPPED if stopped else _COARSE[Kind.VALUE]} {hint}".strip()
        if self is Level.FULL and not stopped:
            return finding.message
        if stopped:
            return f"{finding.message} {hint}".strip()
        return f"{_COARSE[finding.kind]} {finding.hint if self is Level.HINT else hint}".strip()

    def opening(self, failed: Sequence[Finding], stop: str) -> str:
        """Return what is told of the question as a whole in place of its first finding, or "".

        Args:
            failed: all findings of the question.
            stop: where the public check stops, or "".
        """
        if self is Level.MUTE:
            return ""
        if stop and any(finding.kind is Kind.ERROR for finding in failed):
            return stop
        return "" if self is Level.BARE else next((finding.message for finding in failed if finding.spent), "")
