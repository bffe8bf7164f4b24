"""A hidden suite, collected once by a real pytest session and run many times, one test at a time.

Owns collection (and every complaint about a suite's own files, as ``AssignmentError("suite-invalid")``) and the
bare running of one test. What is wrong is found in `suite_files` and `suite_checks`, pytest is driven by
`pytest_session`. What an exception means for the student is decided in `outcomes`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from autograder.findings import Finding, suite_error
from autograder.judge.plugin import SuitePlugin
from autograder.judge.probes import ProbeFile
from autograder.judge.pytest_session import PytestSession, collect, quiet_imports
from autograder.judge.stand_in_checks import stand_in_problems
from autograder.judge.student import Student
from autograder.judge.suite_checks import Collected, leans_of, points_of, question_of, rate_of, suite_problems
from autograder.judge.suite_files import load_reference, read_sources, try_probes
from autograder.judge.told import Words
from autograder.judge.vocabulary import vocabulary
from autograder.model import Assignment

__all__ = ["Attempt", "HiddenTest", "Suite"]


@dataclass(frozen=True, slots=True)
class HiddenTest:
    """One collected test; `points` is 0 for a badge, `error_rate` for a test of answers that are not random."""

    item: pytest.Function
    name: str
    question: str
    title: str
    points: float
    badge: bool
    leans_on: tuple[str, ...]
    error_rate: float = 0.0
    words: Words = field(default_factory=Words)
    """What it can say, see `vocabulary`."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One run of one test: how it ended (None: it passed) and the wall-clock seconds it took."""

    error: BaseException | None
    seconds: float


class Suite:
    """The hidden tests of one assignment, ready to run; build it with `Suite.collect`.

    Attributes:
        assignment: what it belongs to.
        tests: in the order of the questions, then of the file.
        probes: the parsed ``probes.py``.
        asked: names that tests call: a submission is asked for all of them at once, before its first test.
    """

    def __init__(self, assignment: Assignment, session: PytestSession, plugin: SuitePlugin, probes: ProbeFile) -> None:
        self.assignment = assignment
        self.probes = probes
        self.asked: set[str] = {name for question in assignment.questions for name in question.names}
        self._session = session
        self._plugin = plugin
        words = cache(lambda path: vocabulary(path.read_text(encoding="utf-8")))
        items = [item for item in session.items if isinstance(item, pytest.Function)]
        self.tests = tuple(_hidden_test(item, words(item.path).get(_name(item), Words())) for item in items)

    @classmethod
    def collect(cls, assignment: Assignment) -> Suite:
        """Collect and check the suite of an assignment.

        Raises:
            AssignmentError: ``suite-invalid``: a file that does not import, a file name that is no question, a test
                without a docstring or points, two tests of one name, points that do not add up, a stand-in or a
                fixture missing, error rates that add up to too much. The message names file and line of the first, the
                detail lists all.
            GraderError: ``pytest-unexpected``, see `pytest_session`.
        """
        suite, problems = cls._examined(assignment)
        if suite is None or problems:
            raise suite_error(assignment.id, problems)
        return suite

    @classmethod
    def examine(cls, assignment: Assignment) -> tuple[Finding, ...]:
        """Return everything that `collect` would refuse, nothing for a suite that can be used; runs no test.

        Raises:
            GraderError: ``pytest-unexpected``, see `pytest_session`.
        """
        return tuple(cls._examined(assignment)[1])

    @classmethod
    def _examined(cls, assignment: Assignment) -> tuple[Suite | None, list[Finding]]:
        folder = assignment.suite_dir
        files = _test_files(assignment)
        if not files:
            return None, [Finding("suite-no-tests", "테스트 파일(test_*.py)이 없습니다.", detail=str(folder))]
        with quiet_imports(folder):
            probes, problems = _probes(folder)
            reference, more = load_reference(folder)
            plugin = SuitePlugin(assignment.id, reference)
            session = collect(files, folder, plugin)
        found = Collected(assignment, read_sources(files), session, probes)
        problems = suite_problems(found, (*problems, *more))
        if problems or probes is None:
            return None, problems
        return cls(assignment, session, plugin, probes), []

    def tests_of(self, question: str) -> tuple[HiddenTest, ...]:
        """Return the tests of one question, in the file's order."""
        return tuple(test for test in self.tests if test.question == question)

    def run(self, test: HiddenTest, student: Student, secret: bytes, device: str = "cpu") -> Attempt:
        """Run one test for one student; never raises for what the test or the student did.

        Raises:
            KeyboardInterrupt, SystemExit: the judge itself is being stopped.
        """
        self._plugin.enter(test.name, student, secret, device)
        started = time.perf_counter()
        try:
            error = self._session.run(test.item)
        finally:
            self._plugin.leave()
        return Attempt(error, time.perf_counter() - started)


def _test_files(assignment: Assignment) -> list[Path]:
    """Return the suite's test files, in the order of the questions."""
    order = {q.id: index for index, q in enumerate(assignment.questions)}
    files = assignment.suite_dir.glob("test_*.py")
    return sorted(files, key=lambda path: (order.get(question_of(path), len(order)), path.name))


def _probes(folder: Path) -> tuple[ProbeFile | None, list[Finding]]:
    """Return the parsed ``probes.py`` (an empty one without the file), or None and what is wrong with it."""
    path = folder / "probes.py"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    problems = try_probes(folder, text)
    if problems:
        return None, problems
    probes = ProbeFile.parse(text, str(path))
    return probes, list(stand_in_problems(probes))


def _name(item: pytest.Function) -> str:
    return item.originalname or item.name


def _hidden_test(item: pytest.Function, words: Words) -> HiddenTest:
    return HiddenTest(
        item=item,
        name=item.name,
        question=question_of(item.path),
        title=(item.function.__doc__ or "").strip().splitlines()[0].strip(),
        points=points_of(item) or 0.0,
        badge=item.get_closest_marker("gpu") is not None,
        leans_on=leans_of(item),
        error_rate=rate_of(item),
        words=words,
    )
