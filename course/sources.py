"""The texts that the course reads: who says what, and when, in one data file.

A notebook quotes in two forms, and uses neither for anything else: a line ``> "..."`` and the curly quotes “...”. Each
quotation stands word for word in ``sources.toml`` or is a part of one that does, so a reader can ask who says so.
``python -m course.sources 03`` prints the card that stands at the top of notebook 03.
"""

from __future__ import annotations

import re
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["Quotation", "Text", "card", "quotations", "quoted_in"]

_MARKUP = str.maketrans("", "", "*`")
_MARKS = "¹²³⁴⁵⁶⁷⁸⁹"


@dataclass(frozen=True, slots=True)
class Text:
    """One of the texts: its number in the course, Korean title, who wrote it, and the date ("날짜 없음" if none)."""

    number: int
    title: str
    author: str
    date: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """A sentence, or a part of one, word for word.

    Args:
        text: as it stands in its source, emphasis in Markdown included.
        source: the text it is from.
        assignments: numbers of the assignments whose card shows it, ``"03"``.
        note: Korean footnote, where the sentence is wrong or needs its context; else "".
    """

    text: str
    source: Text
    assignments: tuple[str, ...]
    note: str = ""

    @property
    def words(self) -> str:
        """The sentence without the Markdown of its source."""
        return self.text.translate(_MARKUP)


@cache
def quotations() -> tuple[Quotation, ...]:
    """Return every quotation of the data file, in its order."""
    data = tomllib.loads(files("course").joinpath("sources.toml").read_text(encoding="utf-8"))
    texts = {name: Text(**fields) for name, fields in data["texts"].items()}
    return tuple(
        Quotation(q["text"], texts[q["source"]], tuple(q["assignments"]), q.get("note", "")) for q in data["quotations"]
    )


def card(number: str) -> str:
    """Return the Markdown of one notebook's card of sources.

    Args:
        number: the assignment's number, ``"03"``.

    Raises:
        ValueError: no quotation belongs to this assignment.
    """
    own = [q for q in quotations() if number in q.assignments]
    if not own:
        raise ValueError(f"no quotation belongs to {number!r}")
    lines = ["### 이 노트북이 읽는 글", ""]
    notes: list[str] = []
    for quotation in own:
        mark = ""
        if quotation.note:
            mark = _MARKS[len(notes)]
            notes.append(f"<small>{mark} {quotation.note}</small>")
        lines += [f'> "{quotation.words}"{mark} [{quotation.source.number}]', ""]
    lines += ["| | 글 | 쓴 사람 | 날짜 |", "|---|---|---|---|"]
    for text in sorted({q.source for q in own}, key=lambda text: text.number):
        lines.append(f"| [{text.number}] | {text.title} | {text.author} | {text.date} |")
    lines += ["", "큰따옴표로 둘러싼 문장은 위의 글에서 글자 그대로 옮긴 것입니다."]
    return "\n".join([*lines, *(part for note in notes for part in ("", note))])


def quoted_in(markdown: str) -> list[str]:
    """Return what a Markdown cell quotes: lines ``> "..."`` and what stands between curly quotes."""
    lines = re.findall(r'^> "(.+)"[^"\n]*$', markdown, re.MULTILINE)
    return lines + re.findall(r"“([^”]+)”", markdown)


if __name__ == "__main__":
    sys.stdout.write(card(sys.argv[1]) + "\n")
