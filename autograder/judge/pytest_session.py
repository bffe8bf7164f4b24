"""A pytest session that is collected once and driven by hand, one item at a time: all that we use of pytest's inside.

Owns every private name of pytest that this package touches; `PRIVATE` lists them, and and its test says
which one changed. Tested with pytest 8.0 up to, and not with, 10 (``pyproject.toml``). Refuses a pytest in which one of
them is missing (``pytest-unexpected``), before anything runs.

Why by hand: `pytest.main` runs a whole session each time, with a terminal, reports and capture. Here one test costs its
fixtures and nothing else, and runs thousands of times. Only the plug-ins that a suite needs are loaded; no ini file, no
conftest, no cache folder is read or written.
"""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import _pytest.config
import pytest

from autograder.errors import GraderError

__all__ = [
    "PRIVATE",
    "MissingFixture",
    "Private",
    "PytestSession",
    "Unreadable",
    "collect",
    "missing_names",
    "quiet_imports",
]

_UNUSED_PLUGINS = (
    *("terminal", "debugging", "unittest", "capture", "skipping", "legacypath", "tmpdir", "recwarn", "pastebin"),
    *("junitxml", "doctest", "cacheprovider", "setuponly", "setupplan", "stepwise", "unraisableexception"),
    *("threadexception", "warnings", "logging", "reports", "faulthandler", "subtests"),
)


@dataclass(frozen=True, slots=True)
class Private:
    """One name of pytest that is not public.

    Args:
        owner: where it lives, for people.
        name: the attribute.
        use: what it is used for here, in English.
        holder: what has the attribute, or None where only an instance has it: then it is looked for after collecting.
    """

    owner: str
    name: str
    use: str
    holder: object | None = None


PRIVATE: tuple[Private, ...] = (
    Private("_pytest.config", "_prepareconfig", "collect: a Config from options and a plug-in object", _pytest.config),
    Private("pytest.Config", "_do_configure", "collect: pytest_configure without running a session", pytest.Config),
    Private("pytest.Session", "from_config", "collect: a session of our own", pytest.Session),
    Private("pytest.Session", "perform_collect", "collect: the items of the files", pytest.Session),
    Private("pytest.Session", "_setupstate", "run: sets the fixtures up and tears them down"),
    Private("pytest.Function", "_initrequest", "run: a new request for an item that ran before", pytest.Function),
    Private("pytest.Function", "_request", "run: False marks a request that is used up"),
    Private("pytest.Function", "funcargs", "run: what the fixtures gave, dropped after each run"),
    Private(
        "pytest.Function", "_fixtureinfo", "missing_fixtures: all fixtures that a test needs, and who asks for them"
    ),
)
"""Every private name this module uses; the methods of what they give are in `_PARTS`."""

_PARTS: dict[str, tuple[str, ...]] = {
    "_setupstate": ("setup", "teardown_exact"),
    "_fixtureinfo": ("argnames", "names_closure", "name2fixturedefs"),
}


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file, or a test in it, that could not be collected.

    Args:
        path: the file.
        error: what was raised, or None: the whole file was skipped.
        text: pytest's own words.
    """

    path: Path
    error: BaseException | None
    text: str


@dataclass(frozen=True, slots=True)
class MissingFixture:
    """A fixture that a test needs and that does not exist; `asker` is the test or the fixture that asks for it."""

    name: str
    asker: Callable[..., Any]


def missing_names() -> list[Private]:
    """Return the private names that this pytest does not have, as far as it shows before a session is made."""
    return [private for private in PRIVATE if private.holder is not None and not hasattr(private.holder, private.name)]


def collect(files: Sequence[Path], rootdir: Path, plugin: object) -> PytestSession:
    """Collect test files; a file that cannot be imported is in `PytestSession.unreadable`.

    Args:
        files: in the order their tests are to have.
        rootdir: the folder of the files; ids of tests are relative to it.
        plugin: with the hooks and fixtures of the suite.

    Raises:
        GraderError: ``pytest-unexpected``: this pytest lacks a name that is used here.
    """
    if missing := missing_names():
        raise _unexpected([f"{private.owner}.{private.name}" for private in missing])
    disabled = [part for name in _UNUSED_PLUGINS for part in ("-p", f"no:{name}")]
    options = ["-c", os.devnull, f"--rootdir={rootdir}", "--noconftest", "--import-mode=importlib", "--strict-markers"]
    watch = _Watch()
    with _clean_environment(), quiet_imports(rootdir):
        config = _pytest.config._prepareconfig([*disabled, *options, *map(str, files)], [plugin, watch])
        config._do_configure()
        session = pytest.Session.from_config(config)
        config.hook.pytest_sessionstart(session=session)
        session.perform_collect()
    if missing_of_instances := _missing_of(session):
        raise _unexpected(missing_of_instances)
    return PytestSession(session, tuple(watch.unreadable))


class PytestSession:
    """The collected items, ready to run; made by `collect`.

    Attributes:
        items: in the order of the files, then of their lines.
        unreadable: what could not be collected.
    """

    def __init__(self, session: pytest.Session, unreadable: tuple[Unreadable, ...]) -> None:
        self.items: tuple[pytest.Item, ...] = tuple(session.items)
        self.unreadable = unreadable
        self._session = session

    def run(self, item: pytest.Function) -> BaseException | None:
        """Run one item with fixtures made anew, tear them all down, and return what was raised, or None.

        Raises:
            KeyboardInterrupt, SystemExit: the process itself is being stopped.
        """
        state = self._session._setupstate
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
        return error

    def missing_fixtures(self, item: pytest.Function) -> list[MissingFixture]:
        """Return the fixtures that the item needs, itself or through another fixture, and that do not exist."""
        info = item._fixtureinfo
        callspec = getattr(item, "callspec", None)
        given = {"request", *(callspec.params if callspec is not None else ())}
        found = []
        for name in info.names_closure:
            if name in given or info.name2fixturedefs.get(name):
                continue
            askers = [
                definition.func
                for definitions in info.name2fixturedefs.values()
                for definition in definitions
                if name in definition.argnames
            ]
            asker = item.function if name in info.argnames or not askers else askers[0]
            found.append(MissingFixture(name, asker))
        return found


@dataclass(eq=False)
class _Watch:
    """Notes what could not be collected, with the exception itself, which a report does not keep.

    It compares by identity because pytest puts plug-ins into a set.
    """

    unreadable: list[Unreadable] = field(default_factory=list)

    def pytest_exception_interact(self, node: pytest.Collector, call: pytest.CallInfo[object], report: Any) -> None:
        """Keep what was raised while a file was imported; pytest wraps some of it in an error of its own."""
        error = _origin(call.excinfo.value, node.path) if call.excinfo is not None else None
        self.unreadable.append(Unreadable(node.path, error, str(report.longrepr)[-1500:]))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep a file that skips itself: its tests would be missing in silence."""
        if report.skipped:
            path = Path(report.longrepr[0]) if isinstance(report.longrepr, tuple) else Path(str(report.fspath))
            self.unreadable.append(Unreadable(path, None, str(report.longrepr)[-1500:]))


def _origin(error: BaseException, path: Path) -> BaseException:
    """Return the file's own exception of a chain: pytest wraps it, or (8.0) stumbles itself while it words it."""
    chain: list[BaseException] = [error]
    while (before := chain[-1].__cause__ or chain[-1].__context__) is not None and before not in chain:
        chain.append(before)
    for link in chain:
        frames = traceback.extract_tb(link.__traceback__)
        if any(Path(frame.filename) == path for frame in frames):
            return link
    wrapped = isinstance(error, pytest.Collector.CollectError) and len(chain) > 1
    return chain[1] if wrapped else error


def _missing_of(session: pytest.Session) -> list[str]:
    """Return the private names that a session, its items and their parts lack."""
    missing = []
    for private in PRIVATE:
        if private.holder is not None:
            continue
        holders = [session] if private.owner == "pytest.Session" else _functions(session)[:1]
        for holder in holders:
            if not hasattr(holder, private.name):
                missing.append(f"{private.owner}.{private.name}")
                continue
            part = getattr(holder, private.name)
            wanted = _PARTS.get(private.name, ())
            missing += [f"{private.owner}.{private.name}.{name}" for name in wanted if not hasattr(part, name)]
    return missing


def _functions(session: pytest.Session) -> list[pytest.Function]:
    return [item for item in session.items if isinstance(item, pytest.Function)]


def _unexpected(names: Sequence[str]) -> GraderError:
    return GraderError(
        "pytest-unexpected",
        "이 버전의 pytest에서는 숨은 테스트를 실행할 수 없습니다. 채점기와 함께 고정된 버전을 설치하세요.",
        detail=f"pytest {pytest.__version__} has no {', '.join(names)}",
    )


@contextlib.contextmanager
def quiet_imports(folder: Path) -> Iterator[None]:
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
