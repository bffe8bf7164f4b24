"""What ties the notebooks together: the table of what changed, the open problems, and the note on a short run.

The rows and the problems stand in ``story.toml``. Nothing here grades anything, and nothing raises over what a student
types: a wrong argument is told in Korean.
"""

from __future__ import annotations

import html
import math
import os
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from course.shown import show

__all__ = ["Change", "OpenProblem", "changed", "changes", "fast", "open_problem", "open_problems"]

_MASTER = "모범 실행"
_FAST_NOTE = "FAST=1: 반복을 줄여 실행합니다. 해설의 수와 그림의 설명은 줄이지 않은 전체 실행의 것입니다."


@dataclass(frozen=True, slots=True)
class Change:
    """One row: what stood in the way, what changed and in which year, what was measured, and the master's figures."""

    obstacle: str
    change: str
    year: int
    measured: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class OpenProblem:
    """A baseline to beat under a budget.

    Args:
        title: Korean title.
        measure: what the number is, in Korean.
        better: whether a ``"high"`` or a ``"low"`` number is better.
        baseline: the number that the notebook prints.
        budget: how much may be spent, in `unit`.
        unit: ``"파라미터"`` or ``"표본"``.
    """

    title: str
    measure: str
    better: Literal["high", "low"]
    baseline: float
    budget: int
    unit: str


@cache
def _data() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("course").joinpath("story.toml").read_text(encoding="utf-8"))


def changes() -> dict[str, Change]:
    """Return the rows by the assignment's number, ``"03"``, in the order of the course."""
    return {n: Change(**{k: v for k, v in row.items() if k != "open"}) for n, row in _data().items()}


def open_problems() -> dict[str, OpenProblem]:
    """Return the open problems by the assignment's number, ``"03"``."""
    return {n: OpenProblem(**row["open"]) for n, row in _data().items() if "open" in row}


def fast() -> bool:
    """Return whether the environment asks for the short run (``FAST=1``), and say once what that means for the text."""
    short = os.environ.get("FAST") == "1"
    if short:
        print(_FAST_NOTE)
    return short


def changed(assignment: str, before: object = None, after: object = None) -> None:
    """Show the table of what changed, up to this assignment, its last row with the student's own figures.

    Args:
        assignment: its number, ``"03"``.
        before: what the student has measured without the change; None if not measured yet.
        after: what the student has measured with it.
    """
    rows = [(n, row) for n, row in changes().items() if n <= assignment]
    heads = ("과제", "무엇이 막고 있었나", "무엇이 바뀌었나", "무엇으로 재었나", "얼마나")
    table = []
    for n, row in rows:
        own = n == assignment
        figures = (before, after) if own else (row.before, row.after)
        whose = "내가 잰 수" if own else _MASTER
        size = f"{_figure(figures[0])} → {_figure(figures[1])} ({whose})"
        table.append((n, row.obstacle, f"{row.change} ({row.year})", row.measured, size))
    closing = "앞 과제의 수는 모범 실행에서 잰 것입니다. 내가 잰 수는 그 노트북에 있습니다." if len(rows) > 1 else ""
    if os.environ.get("FAST") == "1":
        closing = f"{closing} FAST=1로 잰 수는 전체 실행의 수와 다릅니다.".strip()
    plain = "\n".join(
        ["무엇이 바뀌었나 · 얼마나", *(" | ".join(r) for r in (heads, *table)), *([closing] if closing else [])]
    )
    body = "".join(f"<tr>{''.join(f'<td>{html.escape(c)}</td>' for c in r)}</tr>" for r in table)
    head = "".join(f"<th scope='col'>{h}</th>" for h in heads)
    caption = "<caption style='text-align:left;font-weight:600'>무엇이 바뀌었나 · 얼마나</caption>"
    tail = f"<p>{closing}</p>" if closing else ""
    show(
        f"<div lang='ko'><table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{tail}</div>", plain
    )


def open_problem(assignment: str, *, number: object = None, spent: object = None, share: object = False) -> None:
    """Tell an open problem's baseline and budget, and what the class board will show of this entry.

    The board reads the numbers from the text of this call when the notebook is handed in; nothing is sent from here.

    Args:
        assignment: the assignment's number, ``"03"``.
        number: the student's number, written as a literal; None while there is none.
        spent: what it cost, in the unit of the budget.
        share: True to show number and cost, without a name, on the class board of the hub.
    """
    problem = open_problems()[assignment]
    direction = "클수록" if problem.better == "high" else "작을수록"
    lines = [
        f"열린 문제: {problem.title}",
        f"기준: {problem.measure} {_figure(problem.baseline)} ({direction} 좋습니다)",
        f"예산: {problem.unit} {problem.budget:,}개까지",
        _standing(problem, _real(number), _real(spent), number is not None),
    ]
    if share is True:
        lines.append(
            "제출하면 허브의 학급 게시판에 이 수와 쓴 양만, 이름 없이 올라갑니다. 수는 계산식이 아니라 숫자로 적으세요."
        )
    else:
        lines.append("게시판에는 올리지 않습니다. 올리려면 share=True로 바꾸세요.")
    body = "".join(f"<div>{html.escape(line)}</div>" for line in lines)
    show(f"<div lang='ko'>{body}</div>", "\n".join(lines))


def _standing(problem: OpenProblem, number: float | None, spent: float | None, tried: bool) -> str:
    if number is None:
        return (
            "number에는 잰 수를 숫자로 적으세요."
            if tried
            else "아직 적은 수가 없습니다. number와 spent에 잰 수를 적으세요."
        )
    if spent is None or spent <= 0:
        return f"spent에 쓴 {problem.unit}의 수를 적으세요."
    if spent > problem.budget:
        return f"예산을 넘었습니다: {spent:,.0f}개. 예산 안의 것만 게시판에 올라갑니다."
    beaten = number > problem.baseline if problem.better == "high" else number < problem.baseline
    return f"나의 수: {_figure(number)} ({spent:,.0f}개). " + (
        "기준을 넘었습니다." if beaten else "아직 기준에 미치지 못합니다."
    )


def _real(value: object) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        real = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, RuntimeError, OverflowError):
        return None
    return real if math.isfinite(real) else None


def _figure(value: object) -> str:
    real = _real(value)
    if real is None:
        return "아직 재지 않음"
    return f"{real:,.0f}" if abs(real) >= 100 else f"{real:.3g}"
