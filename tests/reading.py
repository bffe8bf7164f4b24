"""The kit's own source, read and not run."""

from __future__ import annotations

import ast
from pathlib import Path

__all__ = ["ROOT", "dotted", "sources"]

ROOT = Path(__file__).resolve().parents[1]


def sources(*folders: str) -> list[Path]:
    """Return the modules of these folders, without suites and without what may write by itself."""
    skipped = {"__pycache__", "suites", "sinks"}
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if not skipped & set(path.relative_to(ROOT).parts)]


def dotted(node: ast.expr) -> str:
    """Return a name with its dots, "" for any other expression."""
    return ast.unparse(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""
