"""Forged answers: a suite's tests are run on values that no honest sandbox sends, to see that none makes a test raise.

Student code can answer for a probe, patch what it uses, and return whatever the codec lets through. What comes of that
must be `failed`, never `error`: an error is staff's work and reads as our fault. `Rehearsal` runs the tests of a suite
with an honest work once and keeps each reply; `Rehearsal.forge` runs a test again on these replies, one or more of them
spoilt (`spoiling`). For authors of suites and for the kit's tests; never part of a grade.
"""

from __future__ import annotations

import copy
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.judge.branch_link import BranchLink, Template
from autograder.judge.budget import Budget
from autograder.judge.outcomes import Judgement, Scene, judgement_of
from autograder.judge.spoiling import spoil
from autograder.judge.student import Student
from autograder.judge.suite import HiddenTest, Suite
from autograder.sandbox import CodecLimits, Handle, StudentError
from autograder.sandbox.wire.codec import decode, encode

__all__ = ["Forgery", "Rehearsal", "Reply"]

_LIMITS = CodecLimits()


@dataclass(frozen=True, slots=True)
class Reply:
    """What one call of a test was answered: `label` says what was called, `value` what came or was raised."""

    label: str
    value: Any


@dataclass(frozen=True, slots=True)
class Forgery:
    """One run of a test on forged replies.

    Args:
        test: its name.
        seed: what decided the forgery.
        what: how the replies were spoilt, for people.
        judgement: what became of the test.
        seconds: wall-clock seconds that it took.
    """

    test: str
    seed: int
    what: str
    judgement: Judgement
    seconds: float


class Rehearsal:
    """The replies of an honest work to each test of a suite.

    Args:
        suite: the collected suite.
        template: the honest notebook after its run.
        secret: of the hidden inputs.
    """

    def __init__(self, suite: Suite, template: Template, secret: bytes) -> None:
        self._suite = suite
        self._template = template
        self._secret = secret
        self._kept: dict[str, list[Reply]] = {}
        self._scene = Scene([], suite.assignment.questions, {})

    def replies(self, test: HiddenTest) -> list[Reply]:
        """Return what the honest work answers, in the order of the calls; the test is run once.

        Raises:
            ValueError: the honest work does not pass.
        """
        if test.name not in self._kept:
            limits = self._suite.assignment.limits
            link = BranchLink(self._template, self._suite.probes, Budget(limits))
            recording = _Recording(link)
            attempt = self._suite.run(test, Student(recording), self._secret)
            link.close()
            if attempt.error is not None:
                raise ValueError(f"{test.name}: {attempt.error!r}")
            self._kept[test.name] = recording.replies
        return self._kept[test.name]

    def forge(self, test: HiddenTest, seed: int) -> Forgery:
        """Run a test on the honest replies, spoilt as `seed` says."""
        rng = random.Random(seed)  # noqa: S311
        link = _Forging(self.replies(test), rng)
        started = time.perf_counter()
        attempt = self._suite.run(test, Student(link), self._secret)
        seconds = time.perf_counter() - started
        judgement = judgement_of(attempt.error, self._scene, limits=self._suite.assignment.limits)
        return Forgery(test.name, seed, link.what, judgement, seconds)


class _Recording:
    """A `Link` that notes what another one answers."""

    def __init__(self, link: BranchLink) -> None:
        self._link = link
        self.replies: list[Reply] = []

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self._note(name, lambda: self._link.call(name, args, kwargs))

    def call_method(self, handle: Handle, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self._note(f".{method}", lambda: self._link.call_method(handle, method, args, kwargs))

    def probe(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self._note(f"probe {name}", lambda: self._link.probe(name, args, kwargs))

    def _note(self, label: str, act: Callable[[], Any]) -> Any:
        try:
            value = act()
        except StudentError as error:
            self.replies.append(Reply(label, error))
            raise
        self.replies.append(Reply(label, copy.deepcopy(value)))
        return value


class _Forging:
    """A `Link` without a sandbox: the honest replies in their order, some of them spoilt.

    From `_start` on one reply is spoilt, or every one, in the same way or each in its own. A call that the honest run
    did not make is answered like an earlier one of the same name.
    """

    def __init__(self, replies: Sequence[Reply], rng: random.Random) -> None:
        self._replies = replies
        self._rng = rng
        self._at = 0
        self._start = rng.randrange(len(replies)) if replies else 0
        self._mode = rng.choice(("one", "one", "same", "own"))
        self._way = rng.randrange(1 << 30)
        self.what = ""

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self._answer(name)

    def call_method(self, handle: Handle, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self._answer(f".{method}")

    def probe(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self._answer(f"probe {name}")

    def _answer(self, label: str) -> Any:
        at, self._at = self._at, self._at + 1
        honest = self._honest(label, at)
        wanted = at == self._start or (at > self._start and self._mode != "one")
        value = honest if isinstance(honest, StudentError) else copy.deepcopy(honest)
        if wanted:
            rng = self._rng if self._mode == "own" else random.Random(self._way)  # noqa: S311
            value, how = spoil(value, rng)
            self.what = self.what or f"reply {at} ({label}), {self._mode}: {how}"
        if isinstance(value, StudentError):
            raise value
        return _crossed(value)

    def _honest(self, label: str, at: int) -> Any:
        if at < len(self._replies) and self._replies[at].label == label:
            return self._replies[at].value
        alike = [reply.value for reply in self._replies if reply.label == label]
        return alike[at % len(alike)] if alike else None


def _crossed(value: Any) -> Any:
    """Return a value as the codec delivers it; raises ProtocolError where it does not."""
    frame = encode(value)
    return decode(frame.header, [bytearray(buffer) for buffer in frame.buffers], limits=_LIMITS)
