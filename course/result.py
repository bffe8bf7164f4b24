"""How the result of an instant check looks: as HTML, as plain text, and as the number that nbgrader reads.

Everything that stems from the student's code is escaped. Pure: no kernel, no files.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["CheckResult", "Line", "Score"]

_CODE = re.compile(r"`([^`\n]+)`")
"""What a sentence sets as code: between backticks, on one line."""

_GOOD, _BAD = "#00674a", "#a63c06"  # 4.5 : 1 on white; told apart without colour by the words beside them


@dataclass(frozen=True, slots=True)
class Line:
    """One test case of a check: its Korean name, whether it passed, its points, and for a failure what to do."""

    title: str
    passed: bool
    points: float
    symptom: str = ""
    suspect: str = ""
    next_step: str = ""

    @property
    def advice(self) -> list[tuple[str, str]]:
        """The parts of the message that there are, each with its Korean heading."""
        parts = [("증상", self.symptom), ("의심", self.suspect), ("다음", self.next_step)]
        return [(name, text) for name, text in parts if text]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What `check` found for one question.

    `notes` are remarks beside the test cases (warnings the code gave); `closing` is a last line of advice.
    """

    question: str
    lines: Sequence[Line]
    score: float
    possible: float
    notes: Sequence[str] = ()
    closing: str = ""

    @property
    def passed(self) -> bool:
        """Whether there were test cases and all of them passed."""
        return bool(self.lines) and all(line.passed for line in self.lines)

    def text(self) -> str:
        """Return the result as Korean plain text."""
        rows = [f"[{self.question}] {self._headline()}"]
        for line in self.lines:
            rows.append(f"  {'통과' if line.passed else '확인 필요'} | {_bare(line.title)} ({line.points:g}점)")
            rows.extend(f"      {name}: {_bare(part)}" for name, part in line.advice)
        rows += [f"  참고: {_bare(note)}" for note in self.notes]
        return "\n".join([*rows, *([f"  살펴보기: {_bare(self.closing)}"] if self.closing else [])])

    def html(self) -> str:
        """Return the result as a piece of HTML, everything in it escaped."""
        items = []
        for line in self.lines:
            mark, colour = ("✔ 통과", _GOOD) if line.passed else ("✘ 확인 필요", _BAD)
            advice = "".join(
                f"<div style='margin-left:1.2em'><b>{name}</b> {_prose(part)}</div>" for name, part in line.advice
            )
            items.append(
                f"<li style='margin:.3em 0'><span style='color:{colour};font-weight:600'>{mark}</span> "
                f"{_prose(line.title)} ({line.points:g}점){advice}</li>"
            )
        notes = "".join(f"<div>참고: {_prose(note)}</div>" for note in self.notes)
        notes += f"<div><b>살펴보기</b> {_prose(self.closing)}</div>" if self.closing else ""
        colour = _GOOD if self.passed else _BAD
        return (
            f"<div lang='ko' style='border-left:4px solid {colour};padding:.2em .9em'>"
            f"<div><b>{_escape(self.question)}</b> {_escape(self._headline())}</div>"
            f"<ul style='list-style:none;padding-left:0;margin:.3em 0'>{''.join(items)}</ul>{notes}</div>"
        )

    def _headline(self) -> str:
        if not self.lines:
            return "점검하지 못했습니다."
        done = sum(line.passed for line in self.lines)
        if self.passed:
            return f"공개 점검 {done}개를 모두 통과했습니다."
        return f"공개 점검 {len(self.lines)}개 가운데 {done}개를 통과했습니다."


class Score(float):
    """The value of a check cell: a float, so that nbgrader reads it as points, with words for people beside it."""

    possible: float

    def __new__(cls, score: float, possible: float) -> Score:
        """Return the score out of `possible` points."""
        value = super().__new__(cls, score)
        value.possible = possible
        return value

    def _repr_html_(self) -> str:
        return f"<span lang='ko'>공개 점검 점수: <b>{float(self):g}</b> / {self.possible:g}점</span>"


def _escape(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")


def _prose(text: str) -> str:
    """Return a sentence as HTML: escaped, and what stands between backticks as code."""
    return _CODE.sub(r"<code>\1</code>", _escape(text))


def _bare(text: str) -> str:
    return _CODE.sub(r"\1", text)
