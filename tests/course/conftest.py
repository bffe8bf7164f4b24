from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

ROOT = Path(__file__).resolve().parents[2]
ID = "01-vanishing-gradients"


@pytest.fixture(scope="session")
def master() -> dict[str, Any]:
    return json.loads((ROOT / "solutions" / ID / f"{ID}.ipynb").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def sources(master: dict[str, Any]) -> dict[str, str]:
    return {cell["id"]: "".join(cell["source"]) for cell in master["cells"]}


@pytest.fixture
def solved(sources: dict[str, str]) -> dict[str, Any]:
    namespace: dict[str, Any] = {"torch": torch, "nn": torch.nn, "math": math, "np": np}
    for number in range(1, 8):
        exec(sources[f"q{number}"], namespace)
    return namespace


@pytest.fixture
def in_assignment(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory of a student: the released assignment."""
    folder = ROOT / "assignments" / ID
    monkeypatch.chdir(folder)
    return folder
