"""A trick that is switched off for the bench is one that the product has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograder.sandbox.processes import forkserver, hugepages
from autograder.sandbox.shell import cells, surroundings
from tests.bench import tricks
from tests.bench.tricks import CONTROL, ON, Spent

MODULES = {module.__name__.rpartition(".")[2]: module for module in (forkserver, hugepages, cells, surroundings)}


@pytest.mark.parametrize("name", tricks.OFF)
def test_what_is_replaced_is_there_to_be_replaced(name: str) -> None:
    for line in tricks.OFF[name].splitlines():
        module, *path, _ = re.split(r"\.| = ", line.partition(" = ")[0] + " = ")
        owner = MODULES[module]
        for part in path:
            owner = getattr(owner, part)


def test_the_bench_hands_a_bootstrap_of_its_own_to_its_own_fork_server(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    class Server:
        def start(self) -> None:
            seen.append(Path(tricks.launcher._BOOTSTRAP).read_text(encoding="utf-8"))

        def __enter__(self) -> Server:
            return self

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(tricks, "ForkServer", Server)
    before = tricks.launcher._BOOTSTRAP
    with tricks.started_without("hugepages.gather = lambda: 0"):
        now = tricks.launcher._BOOTSTRAP
    assert now == before
    assert "\nhugepages.gather = lambda: 0\n" in seen[0]
    compile(seen[0], "bootstrap.py", "exec")


def test_a_trick_is_worth_what_is_spent_more_without_it() -> None:
    def spent(user: float) -> dict[str, Spent]:
        return {what: Spent(user, 100.0, user, 500) for what in tricks.KINDS}

    rounds = [{ON: spent(n), CONTROL: spent(n), "a trick": spent(200.0 + n)} for n in range(1000, 1003)]
    starts = [{name: Spent(5000.0, 1000.0, 6000.0) for name in rounds[0]}]

    figures = tricks.summary(rounds, starts)

    assert figures["all on"]["real"] == {"user": 1001.0, "system": 100.0, "wall": 1001.0, "faults": 500}
    assert figures["more without"]["a trick"]["real"]["cpu"] == pytest.approx(200.0)
    assert figures["more without"][CONTROL]["small"]["cpu"] == 0.0
    assert "| more without: a trick | 200.0 + 0.0 | +200.0 (+200.0 ~ +200.0) | +0 |" in tricks.table(figures)
