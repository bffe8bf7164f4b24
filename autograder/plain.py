"""Text that shows what it holds: no character in it hides, reverses, breaks, moves or steers what a person reads.

The one sanitiser, for everything that may hold a student's bytes (what code said, names of files and folders, whole
notebooks) and is read by people: pages, terminals, logs, spreadsheets. Owns which characters those are and how each is
shown instead, as an escape that can be read (``\\x1b``, ``\\u202e``). Nothing is taken out silently. Every function is
total over strings, lone surrogates included, and applying one twice is applying it once.

Shown as escapes: C0 and C1 controls (the one-byte CSI 0x9b too), marks and overrides of direction, line and paragraph
separators, everything of no width and no ink (joiners, fillers, tags, variation selectors), lone surrogates, private
and unassigned code points, and combining marks past `MARKS_PER_BASE` or without a letter. Hangul in either normal form
and emoji, joined ones included, stay as they are. What writes to people is in `autograder.sinks`. Imports nothing of
ours.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from enum import Enum
from functools import lru_cache

__all__ = [
    "CODE",
    "IGNORABLE",
    "MARKS_PER_BASE",
    "bare",
    "escaped",
    "one_line",
    "short_lines",
    "shown",
    "shown_prose",
    "visible",
]

CODE = re.compile(r"`([^`\n]{1,200})`")
"""What our sentences set as code: between backticks, on one line."""

MARKS_PER_BASE = 3
"""Combining marks that stay on one letter: a pointed Hebrew letter has three, a syllable in NFD two. More is a stack
that runs into the lines above and below."""

IGNORABLE = (
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)
"""Default_Ignorable_Code_Point, from Unicode's DerivedCoreProperties.txt: zero-width and bidi characters, variation
selectors, Hangul fillers, tags. Python's unicodedata does not have the property."""

_INKLESS = {0x2800, 0x1D159}
"""Braille's blank and music's null notehead: symbols by category, and nothing on the paper."""

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories: control, format, surrogate, private, unassigned, line and paragraph separators."""

_VOWELS_AND_FINALS = ((0x1161, 0x11FF), (0xD7B0, 0xD7FB))
"""Hangul jamo that are drawn onto the consonant before them, as marks are."""

_EMOJI = (
    *((0x00A9, 0x00A9), (0x00AE, 0x00AE), (0x203C, 0x203C), (0x2049, 0x2049), (0x2122, 0x2122), (0x2139, 0x2139)),
    *((0x2190, 0x21FF), (0x2300, 0x23FF), (0x25A0, 0x27BF), (0x2900, 0x297F), (0x2B00, 0x2BFF), (0x3030, 0x3030)),
    *((0x303D, 0x303D), (0x3297, 0x3297), (0x3299, 0x3299), (0x1F000, 0x1FAFF)),
)
"""What a joiner or a variation selector may stand beside (emoji-data.txt, whole blocks). Python's tables are older than
the newest emoji: one of these blocks that they do not know is drawn all the same."""

_ODD = re.compile(r"[^\t\n -~가-힣ㄱ-ㅣ一-鿿ぁ-んァ-ヶ·–—‘’“”…×≤≥→₩□■]+")
"""Runs of anything but what Korean text is made of; a page of 100,000 characters has few."""

_JOINER, _SELECTORS, _KEYCAP = "\u200d", "\ufe0e\ufe0f", "\u20e3"
_LINE_ENDS = re.compile(r"\r\n?")
_IN_ONE_LINE = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}
_TAG_OPEN = re.compile(r"(\\*)\[(?=[a-z#/@]|\Z)")
_LONGEST_LINE = 1000


class _Kind(Enum):
    """What becomes of a character."""

    PLAIN = "stays"
    MARK = "stays on a letter that has few others"
    HIDDEN = "is shown as an escape"


def visible(text: str) -> str:
    """Return text in which each character that hides or steers is an escape; newlines and tabs stay.

    Example:
        >>> visible("100\\x1b[2K\\r점")
        '100\\\\x1b[2K\\n점'
    """
    return _shown_by(text, _escape)


def one_line(text: object, limit: int = 300) -> str:
    """Return a value as text of one line: `visible`, newlines and tabs are escapes too, and what is longer is cut.

    Args:
        text: any value; what is no text is shown by its `str`.
        limit: most characters of the result.

    Example:
        >>> one_line("kim\\n점수: 100"), one_line("abcdef", 4)
        ('kim\\\\n점수: 100', 'abc…')
    """
    whole = str(text)
    part = "".join(_IN_ONE_LINE.get(c, c) for c in whole[: limit + 1])
    kept = visible(part)
    return kept if len(kept) <= limit else kept[: max(limit - 1, 0)] + "…"


def short_lines(text: str, limit: int = _LONGEST_LINE) -> list[str]:
    """Return the lines of `visible` text, each cut to `limit` characters; none of them holds a line's end."""
    return [line if len(line) <= limit else line[: limit - 1] + "…" for line in visible(text).split("\n")]


def escaped(json_text: str) -> str:
    """Return JSON with each such character as JSON's own escape: the same value, and it steers no terminal."""
    return _ODD.sub(lambda match: _run(match, _json_escape), json_text)


def shown(text: str) -> str:
    """Return text for a rich console that takes markup: `one_line`, its brackets and backslashes mean themselves."""
    return _without_markup(one_line(text, _LONGEST_LINE))


def shown_prose(text: str) -> str:
    """Return sentences for a rich console that takes markup, with what stands between backticks in bold.

    Line ends stay: print it indented, so that no line of it begins where ours do.
    """
    parts = CODE.split(visible(text))
    plain = [_without_markup(part) for part in parts]
    return "".join(f"[bold]{part}[/bold]" if place % 2 else part for place, part in enumerate(plain))


def _without_markup(kept: str) -> str:
    """Return text whose brackets are escaped, closed or not: what follows it may close them."""
    body = kept.rstrip("\\")
    return _TAG_OPEN.sub(r"\1\1\\[", body) + "\\" * 2 * (len(kept) - len(body))


def bare(text: str) -> str:
    """Return a sentence for where code cannot be set as code: what stands between backticks, without them.

    Example:
        >>> bare("`raise`를 지우세요.")
        'raise를 지우세요.'
    """
    return CODE.sub(r"\1", text)


def _shown_by(text: str, escape: Callable[[str], str]) -> str:
    return _ODD.sub(lambda match: _run(match, escape), _LINE_ENDS.sub("\n", text))


def _run(match: re.Match[str], escape: Callable[[str], str]) -> str:
    """Return one run of odd characters as it is shown; what stands before it says what a mark would stand on."""
    text, start, end = match.string, match.start(), match.end()
    made: list[str] = []
    # At the beginning of a line a mark would stand on whatever is printed before it.
    marks = MARKS_PER_BASE if start == 0 or text[start - 1] in "\n\t" else 0
    for place in range(start, end):
        character = text[place]
        kind = _kind(character)
        marks = marks + 1 if kind is _Kind.MARK else 0
        if marks > MARKS_PER_BASE or (kind is _Kind.HIDDEN and not _joins(text, place)):
            made.append(escape(character))
        else:
            made.append(character)
    return "".join(made)


@lru_cache(4096)
def _kind(character: str) -> _Kind:
    code = ord(character)
    category = unicodedata.category(character)
    if _within(code, IGNORABLE) or code in _INKLESS:
        return _Kind.HIDDEN
    if category == "Cn" and code >= 0x1F000 and _within(code, _EMOJI):
        return _Kind.PLAIN
    if category in _HIDDEN:
        return _Kind.HIDDEN
    return _Kind.MARK if category[0] == "M" or _within(code, _VOWELS_AND_FINALS) else _Kind.PLAIN


def _joins(text: str, place: int) -> bool:
    """Say whether a joiner or a variation selector belongs to the emoji beside it."""
    before, after = text[place - 1 : place] or " ", text[place + 1 : place + 2] or " "
    if text[place] in _SELECTORS:
        return _within(ord(before), _EMOJI) or (before in "0123456789#*" and after == _KEYCAP)
    if text[place] != _JOINER or not _within(ord(after), _EMOJI):
        return False
    return _within(ord(before), _EMOJI) or (before in _SELECTORS and _within(ord(text[max(place - 2, 0)]), _EMOJI))


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place]:02x}{units[place + 1]:02x}" for place in range(0, len(units), 2))
