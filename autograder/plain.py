"""Text that shows what it holds: no character in it hides, reverses, breaks or steers what a person reads.

For everything that may hold a claim of student code, on pages and in a terminal. Imports nothing of ours.
"""

from __future__ import annotations

import re

__all__ = ["shown", "visible"]

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
