"""The instructors' notebooks as tests read them: the cells by their ids, and the functions of the solution cells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch

from autograder.catalog import load_assignment
from autograder.model import Assignment

ROOT = Path(__file__).resolve().parents[2]
IDS = sorted(path.name for path in (ROOT / "solutions").iterdir() if (path / f"{path.name}.ipynb").is_file())
"""Every assignment of this checkout."""


def assignment(assignment_id: str) -> Assignment:
    """The assignment of this id, from this checkout."""
    return load_assignment(assignment_id, ROOT)


def read_master(assignment_id: str) -> dict[str, Any]:
    """The instructor's notebook as plain JSON."""
    path = ROOT / "solutions" / assignment_id / f"{assignment_id}.ipynb"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def read_sources(assignment_id: str) -> dict[str, str]:
    """Cell id to source."""
    return {cell["id"]: "".join(cell["source"]) for cell in read_master(assignment_id)["cells"]}


def solve(assignment_id: str) -> dict[str, Any]:
    """The namespace of a kernel that ran the set-up cell and every solution cell, and no experiment."""
    sources = read_sources(assignment_id)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    threads = torch.get_num_threads()
    try:
        for cell in ("setup", *(q.id for q in assignment(assignment_id).questions if not q.manual)):
            exec(compile(sources[cell], f"<{cell}>", "exec"), namespace)
    finally:
        torch.set_num_threads(threads)
    return namespace
