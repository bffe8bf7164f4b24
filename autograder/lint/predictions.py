"""Finds what is wrong with the predictions of a notebook: its calls of `predict` against ``checks/predictions.toml``.

A student who has chosen reads the result and the mistake behind a wrong choice from that file; where it cannot be read,
or speaks of another choice, nobody is told anything.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.findings import Finding
from autograder.intake.syntax import parsed
from autograder.korean import fill

__all__ = ["FILE", "check_predictions"]

FILE = "checks/predictions.toml"

_CODE = "release-predictions"


def check_predictions(folder: Path, sources: Sequence[str]) -> Iterator[Finding]:
    """Yield what is wrong.

    Args:
        folder: the master's folder.
        sources: the notebook's code cells.
    """
    calls = [node for source in sources for node in _calls(source, "predict")]
    path = folder / FILE
    if not path.is_file():
        if calls:
            yield Finding(_CODE, fill("노트북이 predict를 부르는데 {file}{file:이/가} 없습니다.", file=FILE), FILE)
        return
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        yield Finding(_CODE, "파일을 읽을 수 없습니다. TOML 문법을 확인하세요.", FILE, 0, str(error))
        return
    made = dict(filter(None, map(_prediction, calls)))
    for name in sorted(tables.keys() - made.keys()):
        yield Finding(_CODE, fill("노트북에 '{name}'{name:이라는/라는} 예측이 없습니다.", name=name), FILE)
    for name, choices in made.items():
        if name not in tables:
            yield Finding(_CODE, fill("예측 '{name}'의 답이 없습니다.", name=name), FILE)
        elif sentence := _mistake(tables[name], choices):
            yield Finding(_CODE, fill("예측 '{name}': {sentence}", name=name, sentence=sentence), FILE)


def _mistake(table: object, choices: int) -> str:
    if not isinstance(table, Mapping):
        return '["이름"] 표로 적어야 합니다.'
    answer, mistakes = table.get("answer"), table.get("mistakes", {})
    if not isinstance(answer, int) or isinstance(answer, bool) or not 1 <= answer <= choices:
        return f"answer에는 1부터 {choices}까지의 번호를 적어야 합니다."
    if not isinstance(table.get("because"), str) or not table["because"].strip():
        return "because에 까닭을 한 문장으로 적어야 합니다."
    wanted = {str(number) for number in range(1, choices + 1)} - {str(answer)}
    if not isinstance(mistakes, Mapping) or set(mistakes) != wanted:
        return f"mistakes에는 틀린 번호({', '.join(sorted(wanted))})마다 그렇게 고른 까닭을 적어야 합니다."
    return ""


def _prediction(call: ast.Call) -> tuple[str, int] | None:
    """Return the name and the number of choices of one call, None where they are not written out."""
    try:
        name, choices = (ast.literal_eval(argument) for argument in call.args[:2])
    except (ValueError, TypeError, SyntaxError):
        return None
    return (str(name), len(choices)) if isinstance(choices, list | tuple) else None


def _calls(source: str, name: str) -> Iterator[ast.Call]:
    tree: Any = parsed(source)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node
