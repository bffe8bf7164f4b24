"""Private names of pytest: each is there, and does what the judge needs of it."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import GraderError
from autograder.judge import pytest_session
from autograder.judge.pytest_session import PRIVATE, Private, PytestSession, collect, missing_names

ROOT = Path(__file__).resolve().parents[2]


class Plugin:
    """One fixture, and a note of its life."""

    def __init__(self) -> None:
        self.log: list[str] = []

    @pytest.fixture
    def given(self) -> Any:
        self.log.append("up")
        yield 3
        self.log.append("down")


@pytest.fixture
def plugin() -> Plugin:
    return Plugin()


@pytest.fixture
def made(tmp_path: Path, plugin: Plugin) -> Any:
    def make(**files: str) -> PytestSession:
        paths = []
        for name, text in files.items():
            paths.append(tmp_path / f"{name}.py")
            paths[-1].write_text("import pytest\n" + text, encoding="utf-8")
        return collect(paths, tmp_path, plugin)

    return make


@pytest.mark.parametrize("private", PRIVATE, ids=lambda private: f"{private.owner}.{private.name}")
def test_pytest_still_has(made: Any, private: Private) -> None:
    session = made(test_a="def test_a(given): pass\n")
    owners: dict[str, object] = {"pytest.Session": session._session, "pytest.Function": session.items[0]}
    holder = private.holder or owners[private.owner]

    version = importlib.metadata.version("pytest")
    told = (
        f"pytest {version} has no {private.owner}.{private.name} any more. Used in pytest_session.py for {private.use}."
    )
    assert hasattr(holder, private.name), told


def test_nothing_else_in_the_judge_touches_a_private_name() -> None:
    names = {private.name for private in PRIVATE if private.name.startswith("_")}
    for path in sorted((ROOT / "autograder").rglob("*.py")):
        if path.name != "pytest_session.py" and "suites" not in path.parts:
            text = path.read_text(encoding="utf-8")
            assert not [name for name in names if re.search(rf"\b(item|config|session)\.{name}\b", text)], path
            assert "import _pytest" not in text, path
            assert "from _pytest" not in text, path


def test_every_private_name_in_the_module_is_in_the_table() -> None:
    text = Path(pytest_session.__file__).read_text(encoding="utf-8")
    used = set(re.findall(r"\b(?:item|config|session|_session)\.(_[a-z]\w*)", text)) - {"_session"}

    assert used <= {private.name for private in PRIVATE}


def test_the_upper_bound_is_what_the_docstring_says() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert "pytest>=8.0,<10" in project["dependencies"]
    assert "pytest 8.0 up to, and not with, 10" in (pytest_session.__doc__ or "")


def test_a_pytest_that_lacks_a_name_is_refused_before_anything_is_collected(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        pytest_session, "PRIVATE", (*PRIVATE, Private("pytest.Config", "_gone", "nothing", pytest.Config))
    )
    with pytest.raises(GraderError, match=r"pytest\.Config\._gone") as caught:
        made(test_a="raise RuntimeError('imported')\n")

    assert caught.value.code == "pytest-unexpected"
    assert [private.name for private in missing_names()] == ["_gone"]


@pytest.mark.parametrize("owner", ["pytest.Session", "pytest.Function"])
def test_a_name_that_only_instances_have_is_missed_too(made: Any, monkeypatch: pytest.MonkeyPatch, owner: str) -> None:
    monkeypatch.setattr(pytest_session, "PRIVATE", (*PRIVATE, Private(owner, "_gone", "nothing")))
    with pytest.raises(GraderError, match=rf"{owner}\._gone"):
        made(test_a="def test_a(): pass\n")


def test_an_item_runs_twice_with_fixtures_made_anew_and_torn_down(made: Any, plugin: Plugin) -> None:
    session = made(test_a="def test_a(given):\n    assert given == 3\n")
    for _ in range(2):
        assert session.run(session.items[0]) is None

    assert plugin.log == ["up", "down"] * 2


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("assert given == 4", AssertionError),
        ("raise KeyError('x')", KeyError),
        ("pytest.fail('x')", pytest.fail.Exception),
    ],
)
def test_what_a_test_raises_is_returned_and_its_fixtures_are_torn_down(
    made: Any, plugin: Plugin, body: str, kind: type[BaseException]
) -> None:
    session = made(test_a=f"def test_a(given):\n    {body}\n")

    assert isinstance(session.run(session.items[0]), kind)
    assert plugin.log == ["up", "down"]


def test_an_error_of_the_teardown_is_returned(made: Any) -> None:
    session = made(test_a="@pytest.fixture\ndef f():\n    yield\n    1 / 0\n\ndef test_a(f): pass\n")

    assert isinstance(session.run(session.items[0]), ZeroDivisionError)


def test_being_stopped_goes_through(made: Any, plugin: Plugin) -> None:
    session = made(test_a="def test_a(given):\n    raise KeyboardInterrupt\n")
    with pytest.raises(KeyboardInterrupt):
        session.run(session.items[0])

    assert plugin.log == ["up", "down"]


MISSING = """
@pytest.fixture
def one(two): pass

@pytest.fixture
def two(no_such): pass

@pytest.mark.parametrize("case", [1, 2])
def test_own(case, given, request, nothing): pass

def test_through(one): pass

@pytest.mark.usefixtures("absent")
def test_by_mark(): pass

def test_right(given, request): pass
"""


def test_a_fixture_that_does_not_exist_is_told_with_who_asks_for_it(made: Any) -> None:
    session = made(test_a=MISSING)
    told = {item.name: [(m.name, m.asker.__name__) for m in session.missing_fixtures(item)] for item in session.items}

    assert told == {
        "test_own[1]": [("nothing", "test_own")],
        "test_own[2]": [("nothing", "test_own")],
        "test_through": [("no_such", "two")],
        "test_by_mark": [("absent", "test_by_mark")],
        "test_right": [],
    }


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("def test_a(:\n", [SyntaxError]),
        ("import no_such_module_here\n", [ModuleNotFoundError]),
        ("1 / 0\n", [ZeroDivisionError]),
        ("@pytest.mark.no_such\ndef test_a(): pass\n", [pytest.fail.Exception]),
        ("pytest.skip(allow_module_level=True)\n", [type(None)]),
        ("def test_a(): pass\n", []),
    ],
)
def test_what_cannot_be_imported_is_told_with_its_own_exception(
    made: Any, text: str, kinds: Sequence[type[object]]
) -> None:
    session = made(test_a=text, test_b="def test_b(): pass\n")

    assert [type(broken.error) for broken in session.unreadable] == list(kinds)
    assert {broken.path.name for broken in session.unreadable} <= {"test_a.py"}
    assert "test_b" in [item.name for item in session.items]
