"""``survivors.toml`` of a suite: mutants that no test need kill, each with its reason.

    [[survivor]]
    question = "q3"
    operator = "core/NumberReplacer"
    line = "x = torch.softmax(z, dim=1)"
    mutant = "x = torch.softmax(z, dim=-1)"
    occurrence = 2                       # only where it is not 1
    reason = "equivalent: z has two axes"

A reason begins with ``equivalent:`` (no input tells the mutant from the answer) or ``out of scope:`` (the statement
leaves the choice to the student).
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from autograder.errors import AssignmentError
from autograder.quality.mutants import Key

__all__ = ["as_toml", "read_survivors"]

_REASONS = ("equivalent: ", "out of scope: ")


def read_survivors(suite: Path) -> dict[Key, str]:
    """Return the reasons by key; none where the suite has no ``survivors.toml``.

    Raises:
        AssignmentError: the file is malformed, names a mutant twice or lacks a reason (``survivors-invalid``).
    """
    path = suite / "survivors.toml"
    if not path.is_file():
        return {}
    found: dict[Key, str] = {}
    try:
        for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("survivor", []):
            reason = str(entry["reason"])
            key = Key(**{name: value for name, value in entry.items() if name != "reason"})
            if key in found:
                raise ValueError(f"twice: {key}")
            if not reason.startswith(_REASONS) or reason in _REASONS:
                raise ValueError(f"a reason begins with one of {_REASONS}, not {reason!r}: {key}")
            found[key] = reason
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise AssignmentError(
            "survivors-invalid",
            f"{suite.name}의 survivors.toml을 읽을 수 없습니다. 형식과 이유(reason)를 확인하세요.",
            detail=f"{path}: {error}",
        ) from error
    return found


def as_toml(key: Key, reason: str = "") -> str:
    """Return the entry to add to ``survivors.toml`` for one mutant."""
    values = {"question": key.question, "operator": key.operator, "line": key.line, "mutant": key.mutant}
    lines = [f"{name} = {_string(value)}" for name, value in values.items()]
    if key.occurrence != 1:
        lines.append(f"occurrence = {key.occurrence}")
    return "\n".join(["[[survivor]]", *lines, f"reason = {_string(reason)}", ""])


def _string(value: str) -> str:
    """Return a TOML string; literal where that needs no escape."""
    return f"'{value}'" if "'" not in value and '"' in value else json.dumps(value, ensure_ascii=False)
