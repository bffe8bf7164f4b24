"""docs/time.md names every clock on a submission's way, so that none is added without a word on where it ends."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.model import Limits

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("sandbox", "judge", "grading", "service", "integrations")
WAITS = {"settimeout", "wait", "join", "sleep", "result"}
"""Calls whose number is a time; of others it is what they call their timeout."""


def modules() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / "autograder" / package).rglob("*.py"))


def is_clock(name: str, value: ast.expr) -> bool:
    """Whether a module's constant is a time: by its name, or because it is a float, an allowance or a timedelta."""
    if isinstance(value, ast.Call):
        return ast.unparse(value.func).rpartition(".")[2] in ("Allowance", "timedelta")
    numbers = [node.value for node in ast.walk(value) if isinstance(node, ast.Constant)]
    known = all(isinstance(n, ast.Constant | ast.BinOp | ast.operator | ast.Tuple | ast.Load) for n in ast.walk(value))
    if any(isinstance(n, ast.Name) and n.id.endswith("_SECONDS") for n in ast.walk(value)):
        return True
    return known and (bool(re.search("SECONDS|MINUTES_", name)) or any(isinstance(n, float) for n in numbers))


def constants(path: Path) -> Iterator[tuple[str, str]]:
    """Name and value, as written, of a module's times."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and isinstance(value, ast.expr) and is_clock(target.id, value):
            yield target.id, ast.unparse(value)


def rows() -> dict[str, list[str]]:
    """The first words of the table's second column by the name of their constant, what is in brackets left out."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / "docs" / "time.md").read_text(encoding="utf-8").splitlines():
        if named := re.match(r"\| `([^`]+)`", line):
            found.setdefault(named[1], []).append(line.split("|")[2].split()[0])
    return found


def test_every_clock_stands_in_the_table_with_its_value() -> None:
    """Of two packages that have the same name for a time each has a row."""
    table = rows()
    homes: dict[str, set[str]] = {}
    for path in modules():
        for name, value in constants(path):
            homes.setdefault(name, set()).add(path.relative_to(ROOT / "autograder").parts[0])
            numbers = table.get(name, [])
            if re.fullmatch(r"[\d.* _]+", value):
                assert f"{eval(value):.7g}" in numbers, f"{path.relative_to(ROOT)}: {name} = {value}"
            else:
                assert numbers, f"{path.relative_to(ROOT)}: {name}"
    assert {name: where for name, where in homes.items() if len(table[name]) < len(where)} == {}


def test_every_clock_in_the_table_is_one_of_the_code() -> None:
    known = {name for path in modules() for name, _ in constants(path)} | {f for f in Limits.__slots__ if "_" in f}
    elsewhere = {"--minutes", "distributed.comm.timeouts.connect", "distributed.scheduler.worker-ttl"}
    assert rows().keys() - known == elsewhere


def test_the_limits_in_the_table_are_the_defaults() -> None:
    limits, table = Limits(), rows()
    for name in Limits.__slots__:
        if name.endswith("_seconds") or name == "starved_factor":
            assert table[name] == [f"{getattr(limits, name):g}"]


@pytest.mark.parametrize("path", list(modules()), ids=lambda path: str(path.relative_to(ROOT / "autograder")))
def test_no_wait_has_a_number_without_a_name(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        given: list[ast.expr | None] = []
        if isinstance(node, ast.Call):
            given += node.args if ast.unparse(node.func).rpartition(".")[2] in WAITS else []
            given += [k.value for k in node.keywords if k.arg == "timeout"]
        elif isinstance(node, ast.Dict):  # options for another library
            given += [v for k, v in zip(node.keys, node.values, strict=True) if k and ast.unparse(k) == "'timeout'"]
        bare = [n for n in given if isinstance(n, ast.Constant) and isinstance(n.value, int | float) and n.value > 0]
        assert bare == [], f"line {getattr(node, 'lineno', 0)}: {ast.unparse(node)}"


def test_no_row_ends_in_lost_points_or_a_second_lease() -> None:
    """Of the clocks that are not a student's limit. The words are those of outcomes."""
    text = (ROOT / "docs" / "time.md").read_text(encoding="utf-8")
    others = text[text.index("| constant |") :]
    assert not re.search(r"\bis failed|\bare failed|\bblocked\b|0 points", others)
