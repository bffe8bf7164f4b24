"""Text that shows what it holds: no character in it hides, reverses, breaks or steers what a person reads.

For everything that may hold a claim of student code, on pages and in a terminal. Imports nothing of ours.
"""

from __future__ import annotations

import re

__all__ = ["CODE", "bare", "shown", "shown_prose", "visible"]

CODE = re.compile(r"`([^`\n]{1,200})`")
"""What our sentences set as code: between backticks, on one line."""

_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def visible(text: str) -> str:
    """Return text in which control characters, bidi marks and lone surrogates are each U+FFFD; newlines and tabs stay.

    Example:
        >>> visible("100\\x1b[2K\\r점")
        '100\ufffd[2K\\n점'
    """
    return _CONTROLS.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def shown(text: str) -> str:
    """Return text for a rich console that takes markup: `visible`, and its brackets mean brackets."""
    from rich.markup import escape

    return escape(visible(text))


def bare(text: str) -> str:
    """Return a sentence for where code cannot be set as code: what stands between backticks, without them.

    Example:
        >>> bare("`raise`를 지우세요.")
        'raise를 지우세요.'
    """
    return CODE.sub(r"\1", text)


def shown_prose(text: str) -> str:
    """Return a sentence for a rich console that takes markup: `shown`, with what stands between backticks in bold."""
    parts = CODE.split(visible(text))
    return "".join(f"[bold]{shown(part)}[/bold]" if place % 2 else shown(part) for place, part in enumerate(parts))
