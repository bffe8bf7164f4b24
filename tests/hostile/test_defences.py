"""Each defence is seen to matter: with it switched off in a test build, its cases fail.

What is switched off for a case stands in its header (`# without:`), and `docs/security.md` shows it. Every day one case
for each defence; with ``soak`` all of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from .course import Hostile, all_cases
from .defences import DEFENCES, Build

CASES = {case.name: case for case in all_cases()}
EVERYDAY = {
    "landlock": ["read-the-suite", "list-the-suites"],
    "seccomp": ["send-by-udp", "copy-the-parents-memory"],
    "landlock uid_drop": ["read-the-judges-environment"],
    "rlimits": ["many-descriptors"],
    "rlimits memory": ["memory-beyond-the-limit"],
    "deadlines": ["sleep-then-answer"],
    "output": ["output-of-a-megabyte"],
    "disk": ["nested-folders"],
    "process": ["inspect-the-stack"],
    "codec": ["answer-with-a-pickle"],
    "kinds": ["answer-empty"],
    "caps": ["frame-that-announces-much"],
    "fresh": ["leave-patches"],
    "seccomp kill": ["daemon"],
    "inherited": ["use-inherited-descriptors", "read-the-arguments"],
    "withheld": ["raise-the-hidden-inputs"],
    "lent": ["search-for-a-stand-in"],
    "seeds": ["compute-the-hidden-inputs"],
    "restored": ["edit-a-locked-cell"],
    "viewing": ["script-in-an-output"],
    "intake viewing": ["formula-as-a-name"],
}


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Build]:
    with Build(tmp_path_factory.mktemp("weakened")) as ready:
        yield ready


def claimed() -> dict[str, list[Hostile]]:
    """Return, for each set of defences that a case names, the cases that need one of them."""
    sets: dict[str, list[Hostile]] = {}
    for case in CASES.values():
        for off in case.without:
            sets.setdefault(" ".join(name for name in DEFENCES if name in off), []).append(case)
    return sets


@pytest.mark.xdist_group("defences")
def test_a_build_with_every_defence_contains_what_the_weakened_ones_do_not(build: Build) -> None:
    names = {name for names in EVERYDAY.values() for name in names}
    assert build.failing([CASES[name] for name in sorted(names)], ()) == {name: [] for name in sorted(names)}


@pytest.mark.xdist_group("defences")
@pytest.mark.parametrize("off", EVERYDAY)
def test_without_a_defence_its_case_fails(build: Build, off: str) -> None:
    found = build.failing([CASES[name] for name in EVERYDAY[off]], off.split())
    assert [name for name, achieved in found.items() if not achieved] == []


def test_every_defence_has_a_case_every_day() -> None:
    assert {name for off in EVERYDAY for name in off.split()} == set(DEFENCES)
    for off, names in EVERYDAY.items():
        assert all(frozenset(off.split()) in CASES[name].without for name in names), off


@pytest.mark.soak
@pytest.mark.parametrize("off", sorted(claimed()))
def test_without_a_defence_all_its_cases_fail(build: Build, off: str) -> None:
    if "uid_drop" in off and os.geteuid() != 0:
        pytest.skip("only root changes the user, and what the marks say of it was seen as root")
    found = build.failing(claimed()[off], off.split())
    print("\n".join(f"{off}: {name}: {'; '.join(achieved)}" for name, achieved in found.items()))
    assert [name for name, achieved in found.items() if not achieved] == []
