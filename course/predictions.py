"""Predictions that are used: chosen before an experiment, shown beside its result with the mistake that a choice meant.

The choices stand in the notebook, what is right and why in ``checks/predictions.toml`` next to it. Nothing is graded,
no file is written, and nothing raises over what a student types.
"""

from __future__ import annotations

import html
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from course.shown import show

__all__ = ["Answer", "outcome", "predict", "read_answers"]

_START = Path.cwd()
_GOOD, _OTHER = "#00674a", "#a63c06"  # 4.5 : 1 on white; told apart without colour by the words beside them


@dataclass(frozen=True, slots=True)
class Answer:
    """What an experiment shows: the number of the right choice (from 1), why, and the mistake behind each wrong one."""

    answer: int
    because: str
    mistakes: Mapping[int, str]


@dataclass(slots=True)
class _Kept:
    choices: tuple[str, ...]
    pick: int | None
    seen: bool = field(default=False)
    changed: bool = field(default=False)


_kept: dict[str, _Kept] = {}


def read_answers(path: Path) -> dict[str, Answer]:
    """Return the answers of a ``predictions.toml`` by the prediction's name, ``"가-1"``.

    Raises:
        OSError: it cannot be read.
        KeyError, ValueError: it is not in the form of the course (``tomllib.TOMLDecodeError`` is a ValueError).
    """
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        name: Answer(table["answer"], table["because"], {int(k): v for k, v in table.get("mistakes", {}).items()})
        for name, table in data.items()
    }


def predict(name: str, choices: Sequence[str], pick: int | None = None) -> None:
    """Keep a prediction.

    Args:
        name: experiment and number of the prediction, ``"가-1"``.
        choices: what may happen, in Korean.
        pick: the student's choice, counted from 1; None while there is none.
    """
    before = _kept.get(name)
    valid = isinstance(pick, int) and not isinstance(pick, bool) and 1 <= pick <= len(choices)
    own = pick if valid else None
    seen = before is not None and before.seen
    moved = before is not None and before.seen and (before.changed or before.pick != own)
    _kept[name] = _Kept(tuple(choices), own, seen, moved)
    if own is not None:
        said = (
            f"예측 {name}: 나의 선택은 {_choice(_kept[name], own)}입니다. 실험을 실행하면 결과와 나란히 보여 드립니다."
        )
    elif pick is None:
        said = f"예측 {name}: 아직 고르지 않았습니다. pick=None의 None을 번호로 바꾸고 다시 실행하세요."
    else:
        said = f"예측 {name}: pick에는 1부터 {len(choices)}까지의 번호를 적으세요."
    rows = [f"  {number}. {text}" for number, text in enumerate(choices, 1)]
    items = "".join(f"<li>{html.escape(text)}</li>" for text in choices)
    show(
        f"<div lang='ko'>{html.escape(said)}<ol style='margin:.3em 0'>{items}</ol></div>",
        "\n".join([said, *rows]),
    )


def outcome(name: str) -> None:
    """Show a prediction beside what the experiment has shown, and the mistake behind a wrong choice.

    Args:
        name: that of the prediction, ``"가-1"``.
    """
    kept, answer = _kept.get(name), _answer(name)
    pick = kept.pick if kept else None
    lines = []
    if kept and pick is not None:
        late = " (결과를 본 뒤에 바꾸었습니다)" if kept.changed else ""
        lines.append(f"나의 예측: {_choice(kept, pick)}{late}")
    else:
        lines.append("나의 예측: 고르지 않았습니다.")
    right = answer is not None and pick == answer.answer
    if answer is not None:
        known = kept and 1 <= answer.answer <= len(kept.choices)
        lines.append(f"결과: {_choice(kept, answer.answer) if kept and known else f'{answer.answer}번'}")
        if pick is not None and not right and pick in answer.mistakes:
            lines.append(f"이렇게 골랐다면: {answer.mistakes[pick]}")
        lines.append(f"까닭: {answer.because}")
    if kept:
        kept.seen = True
    colour = _GOOD if right else _OTHER
    head = f"예측 {name}" + (
        "" if answer is None or pick is None else " · 맞았습니다" if right else " · 결과와 다릅니다"
    )
    body = "".join(f"<div>{html.escape(line)}</div>" for line in lines)
    frame = f"border-left:4px solid {colour};padding:.2em .9em"
    show(
        f"<div lang='ko' style='{frame}'><b>{html.escape(head)}</b>{body}</div>",
        "\n".join([head, *(f"  {line}" for line in lines)]),
    )


def _choice(kept: _Kept, number: int) -> str:
    return f"{number}번 ‘{kept.choices[number - 1]}’"


def _answer(name: str) -> Answer | None:
    for base in (Path.cwd(), _START):
        try:
            return read_answers(base / "checks" / "predictions.toml").get(name)
        except (OSError, KeyError, ValueError, TypeError, AttributeError):
            continue
    return None
