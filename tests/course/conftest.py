from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.course.masters import ROOT, read_sources, solve

ID = "01-vanishing-gradients"


@pytest.fixture(scope="session")
def sources() -> dict[str, str]:
    """The cells of assignment 01, on which the mechanics of the checks are tested."""
    return read_sources(ID)


@pytest.fixture
def solved() -> dict[str, Any]:
    return solve(ID)


@pytest.fixture
def in_assignment(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory of a student: the released assignment."""
    folder = ROOT / "assignments" / ID
    monkeypatch.chdir(folder)
    return folder
