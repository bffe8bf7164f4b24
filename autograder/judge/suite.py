"""A hidden suite, collected once by a real pytest session and run many times, one test at a time.

Owns collection (and every complaint about a suite's own files, as ``AssignmentError("suite-invalid")``) and the
bare running of one test. The session is driven by hand: only the plug-ins that a suite needs are loaded, no ini file,
no conftest, no cache folder, no bytecode is read or written, and a test pays for its fixtures and nothing else. What an
exception means for the student is decided in `outcomes`.
"""

from __future__ import annotations

import contextlib
import importlib.util
import math
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
import torch
from _pytest.config import _prepareconfig

from autograder.errors import AssignmentError
from autograder.judge.marks import MOST_ERROR_RATE
from autograder.judge.plugin import SuitePlugin
from autograder.judge.probes import STAND_IN, ProbeFile
from autograder.judge.student import Student
from autograder.korean import with_particle
from autograder.model import Assignment

__all__ = ["Attempt", "HiddenTest", "Suite"]

_UNUSED_PLUGINS = (
    *("terminal", "debugging", "unittest", "capture", "skipping", "legacypath", "tmpdir", "recwarn", "pastebin"),
    *("junitxml", "doctest", "cacheprovider", "setuponly", "setupplan", "stepwise", "unraisableexception"),
    *("threadexception", "warnings", "logging", "reports", "faulthandler", "subtests"),
)


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
        asked: names that tests have called, for any submission: the next one is asked for all of them at once.
    """

    def __init__(self, assignment: Assignment, session: pytest.Session, plugin: SuitePlugin, probes: ProbeFile) -> None:
        self.assignment = assignment
        self.probes = probes
        self.asked: set[str] = set()
        self._session = session
        self._plugin = plugin
        self.tests = _validated(assignment, session, probes)

    @classmethod
    def collect(cls, assignment: Assignment) -> Suite:
        """Collect and check the suite of an assignment.

        Raises:
            AssignmentError: ``suite-invalid``: a file that does not import, a file name that is no question, a test
                without a docstring or points, two tests of one name, points that do not add up, a stand-in missing,
                error rates that add up to too much.
        """
        folder = assignment.suite_dir
        with _quiet_imports(folder):
            probes_path = folder / "probes.py"
            text = probes_path.read_text(encoding="utf-8") if probes_path.is_file() else ""
            probes = ProbeFile.parse(text, str(probes_path))
            _try_probes(assignment, text)
            plugin = SuitePlugin(assignment.id, _load_reference(assignment))
            session = _collect(assignment, plugin)
            if plugin.broken:
                raise _invalid(assignment, "테스트 파일을 불러올 수 없습니다.", _broken_text(plugin))
            return cls(assignment, session, plugin, probes)

    def tests_of(self, question: str) -> tuple[HiddenTest, ...]:
        """Return the tests of one question, in the file's order."""
        return tuple(test for test in self.tests if test.question == question)

    def run(self, test: HiddenTest, student: Student, secret: bytes, device: str = "cpu") -> Attempt:
        """Run one test for one student; never raises for what the test or the student did.

        Raises:
            KeyboardInterrupt, SystemExit: the judge itself is being stopped.
        """
        item, state = test.item, self._session._setupstate
        self._plugin.enter(test.name, student, secret, device)
        started = time.perf_counter()
        error: BaseException | None = None
        if not item._request:  # an earlier run has used it up, see _pytest.runner.runtestprotocol
            item._initrequest()
        try:
            state.setup(item)
            item.runtest()
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as caught:  # pytest's own outcomes derive from BaseException
            error = caught
        finally:
            try:
                state.teardown_exact(None)
            except Exception as caught:
                error = error or caught
            item._request = False  # type: ignore[assignment]
            item.funcargs = None  # type: ignore[assignment]
            self._plugin.leave()
        return Attempt(error, time.perf_counter() - started)


def _collect(assignment: Assignment, plugin: SuitePlugin) -> pytest.Session:
    folder = assignment.suite_dir
    order = {q.id: index for index, q in enumerate(assignment.questions)}
    files = sorted(folder.glob("test_*.py"), key=lambda path: (order.get(_question_of(path), 99), path.name))
    if not files:
        raise _invalid(assignment, "테스트 파일(test_*.py)이 없습니다.", str(folder))
    for path in files:
        if _question_of(path) not in order:
            message = f"{path.name}에 해당하는 문항이 assignment.toml에 없습니다."
            raise _invalid(assignment, message, f"no question {_question_of(path)!r}")
    disabled = [part for name in _UNUSED_PLUGINS for part in ("-p", f"no:{name}")]
    options = ["-c", os.devnull, f"--rootdir={folder}", "--noconftest", "--import-mode=importlib", "--strict-markers"]
    with _clean_environment():
        config = _prepareconfig([*disabled, *options, *map(str, files)], [plugin])
        config._do_configure()
        session = pytest.Session.from_config(config)
        config.hook.pytest_sessionstart(session=session)
        session.perform_collect()
    return session


def _validated(assignment: Assignment, session: pytest.Session, probes: ProbeFile) -> tuple[HiddenTest, ...]:
    tests = []
    homes: dict[str, str] = {}
    for item in session.items:
        if not isinstance(item, pytest.Function):
            raise _invalid(assignment, f"테스트 함수가 아닌 것이 있습니다: {item.name}", item.nodeid)
        test = _hidden_test(assignment, item)
        if test.name in homes:
            where = f"{homes[test.name]}, {item.path.name}"
            raise _invalid(assignment, f"테스트 이름 {with_particle(test.name, '이/가')} 두 번 쓰였습니다.", where)
        homes[test.name] = item.path.name
        for name in test.leans_on:
            if not probes.has(STAND_IN + name):
                raise _invalid(assignment, f"probes.py에 {STAND_IN}{name} 함수가 없습니다.", item.nodeid)
        tests.append(test)
    _check_points(assignment, tests)
    if (rates := sum(test.error_rate for test in tests)) > MOST_ERROR_RATE:
        message = f"맞는 답이 우연히 틀릴 확률(@error_rate)의 합이 {MOST_ERROR_RATE:g}보다 큽니다."
        raise _invalid(assignment, message, f"sum {rates:.3g}")
    return tuple(tests)


def _hidden_test(assignment: Assignment, item: pytest.Function) -> HiddenTest:
    doc = (item.function.__doc__ or "").strip()
    if not doc:
        raise _invalid(assignment, f"테스트 {item.name}에 설명(docstring)이 없습니다.", item.nodeid)
    badge = item.get_closest_marker("gpu") is not None
    mark = item.get_closest_marker("points")
    if mark is None and not badge:
        raise _invalid(assignment, f"테스트 {item.name}에 배점(@points)이 없습니다.", item.nodeid)
    leans = dict.fromkeys(str(name) for found in item.iter_markers("leans_on") for name in found.args)
    return HiddenTest(
        item=item,
        name=item.name,
        question=_question_of(item.path),
        title=doc.splitlines()[0].strip(),
        points=0.0 if badge or mark is None else float(mark.args[0]),
        badge=badge,
        leans_on=tuple(leans),
        error_rate=sum(float(found.args[0]) for found in item.iter_markers("error_rate")),
    )


def _check_points(assignment: Assignment, tests: list[HiddenTest]) -> None:
    for question in assignment.questions:
        own = [test for test in tests if test.question == question.id]
        if question.manual:
            if own:
                asked = with_particle(question.id, "은/는")
                raise _invalid(assignment, f"{asked} 사람이 채점하는 문항인데 테스트가 있습니다.", own[0].name)
            continue
        total = sum(test.points for test in own)
        if abs(total - question.points) > 1e-9:
            message = f"{question.id} 문항의 배점 합계가 assignment.toml과 다릅니다."
            raise _invalid(assignment, message, f"tests {total:g}, assignment.toml {question.points:g}")


def _question_of(path: Path) -> str:
    return path.stem.removeprefix("test_")


def _load_reference(assignment: Assignment) -> ModuleType | None:
    path = assignment.suite_dir / "reference.py"
    if not path.is_file():
        return None
    spec = importlib.util.spec_from_file_location("reference", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        exec(compile(path.read_bytes(), str(path), "exec", dont_inherit=True), module.__dict__)  # noqa: S102
    except Exception as error:  # whatever the suite's own code raises, it is the suite's fault
        raise _invalid(assignment, "reference.py를 불러올 수 없습니다.", f"{type(error).__name__}: {error}") from error
    return module


def _try_probes(assignment: Assignment, text: str) -> None:
    """Run the file's top level once here, or a mistake in it would look like the student's."""
    scope = {"__name__": "probes", "student": SimpleNamespace(), "torch": torch, "np": np, "math": math}
    try:
        exec(compile(text, "probes.py", "exec", dont_inherit=True), scope)  # noqa: S102
    except Exception as error:  # see _load_reference
        raise _invalid(assignment, "probes.py를 불러올 수 없습니다.", f"{type(error).__name__}: {error}") from error


@contextlib.contextmanager
def _quiet_imports(folder: Path) -> Iterator[None]:
    """Import from `folder` without leaving bytecode, modules or import hooks behind.

    Modules are taken out of ``sys.modules`` again because importlib mode would hand a suite's ``test_q1`` to the
    next suite, or to the next version of the same one.
    """
    hooks, bytecode = list(sys.meta_path), sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    known = set(sys.modules)
    try:
        yield
    finally:
        sys.meta_path[:] = hooks
        sys.dont_write_bytecode = bytecode
        for name in set(sys.modules) - known:
            origin = getattr(sys.modules[name], "__file__", None)
            if origin and Path(origin).parent == folder:
                del sys.modules[name]


@contextlib.contextmanager
def _clean_environment() -> Iterator[None]:
    """Keep a developer's or runner's pytest settings out of the suite's session."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("PYTEST_")}
    for name in kept:
        del os.environ[name]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        for name in [name for name in os.environ if name.startswith("PYTEST_")]:
            del os.environ[name]
        os.environ.update(kept)


def _broken_text(plugin: SuitePlugin) -> str:
    return "\n".join(f"{report.nodeid}: {str(report.longrepr)[-1500:]}" for report in plugin.broken)


def _invalid(assignment: Assignment, message: str, detail: str) -> AssignmentError:
    return AssignmentError("suite-invalid", f"'{assignment.id}' 과제의 테스트: {message}", detail=detail)
