"""Owns the question whether a notebook is Python; says nothing about which version of Python.

The kernel's *name* is chosen freely by whoever installed it, so only a stated language, or a name that is known to be
another language's, refuses a notebook; an unknown name is a note.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from autograder.intake.findings import Findings

__all__ = ["check_kernel"]

_PYTHON = ("python", "ipython")
_OTHERS = (
    "ir", "irkernel", "julia", "javascript", "jslab", "typescript", "deno", "bash", "sas", "octave", "matlab", "xcpp",
    "cling", "java", "ijava", "scala", "almond", "rust", "evcxr", "gophernotes", "csharp", ".net", "sql", "xsqlite",
    "stata", "ruby", "perl", "haskell", "kotlin", "lua", "clojure",
)  # fmt: skip
"""First letters of kernel names of other languages, as their projects install them."""


def check_kernel(metadata: Mapping[str, Any], cell_languages: Iterable[Any], findings: Findings) -> None:
    """Add ``wrong-kernel`` (fatal) or ``unknown-kernel`` (a note) if this notebook deserves one.

    Args:
        metadata: the notebook's metadata.
        cell_languages: the ``language`` of each cell (only formats before 4 have one).
        findings: where verdicts go.
    """
    spec, info = metadata.get("kernelspec", {}), metadata.get("language_info", {})
    for part in (spec, info):
        if not isinstance(part, dict):
            findings.add("metadata-invalid", detail="kernelspec or language_info is not an object")
    spec, info = (part if isinstance(part, dict) else {} for part in (spec, info))
    stated = [info.get("name"), spec.get("language"), *cell_languages]
    languages = [language for language in stated if isinstance(language, str) and language]
    name = spec.get("name")
    name = name if isinstance(name, str) else ""
    if any(_is_python(language) for language in languages):
        other = None
    elif languages:
        other = languages[0]
    else:
        other = name if _is_other(name) else None
    if other is not None:
        findings.add("wrong-kernel", language=other, detail=f"kernel {name!r:.60} languages {languages[:3]!r:.200}")
    elif name and not _is_python(name):
        findings.add("unknown-kernel", name=name)


def _is_python(name: str) -> bool:
    return name.casefold().strip().startswith(_PYTHON)


def _is_other(name: str) -> bool:
    base = name.casefold().strip()
    return any(
        base == other or base.startswith((f"{other}-", f"{other}1", f"{other}2", f"{other}_")) for other in _OTHERS
    )
