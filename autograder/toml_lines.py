"""Finds the line of each key of a TOML text, which tomllib does not tell. It never judges a text and never raises.

The text is cut into statements (a header, or a key with its value), strings and comments skipped. What it does not
follow (keys of inline tables) falls back to the line of the nearest thing around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["Where", "toml_lines"]

_STRINGS = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}' r"|'''.*?'{3,5}" r'|"(?:\\.|[^"\\\n])*"' r"|'[^'\n]*'" r"|#[^\n]*", re.DOTALL
)
"""Whatever may hold brackets, quotes and equal signs that mean nothing."""
_HEADER = re.compile(r"(\[\[?)([^\[\]]+)\]\]?\s*\Z")
_KEY = re.compile(r"""\s*(?:"((?:\\.|[^"\\])*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*(\.|=|\Z)""")

_Path = tuple[str | int, ...]


class Where:
    """The lines of a text's keys."""

    def __init__(self, lines: dict[_Path, int]) -> None:
        self._lines = lines

    def line(self, *path: str | int) -> int:
        """Return the line (from 1) of a key, or of the nearest table around it; 0 for nothing at all.

        Args:
            path: keys from the top, with the place in an array of tables: ``("questions", 2, "points")``.
        """
        for length in range(len(path), 0, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return 1 if self._lines else 0


def toml_lines(text: str) -> Where:
    """Return where the keys of a text stand."""
    lines: dict[_Path, int] = {}
    table: _Path = ()
    counts: dict[_Path, int] = {}
    for line, statement in _statements(text):
        header = _HEADER.match(statement)
        if header:
            table = _inside(counts, _keys(header[2]))
            if header[1] == "[[":
                number = counts.get(table, -1) + 1
                counts[table] = number
                lines.setdefault(table, line)
                table = (*table, number)
            lines.setdefault(table, line)
            continue
        path = table
        for key in _keys(statement):
            path = (*path, key)
            lines.setdefault(path, line)
    return Where(lines)


def _inside(counts: dict[_Path, int], keys: list[str]) -> _Path:
    """Return the path of a header: a key of an array of tables means the last of them, unless it is the array."""
    path: _Path = ()
    for place, key in enumerate(keys):
        path = (*path, key)
        if path in counts and place < len(keys) - 1:
            path = (*path, counts[path])
    return path


def _keys(text: str) -> list[str]:
    """Return the parts of a dotted key, up to an equal sign."""
    found, at = [], 0
    while part := _KEY.match(text, at):
        found.append(next(group for group in part.groups() if group is not None))
        at = part.end()
        if part[4] != ".":
            break
    return found


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each statement with the line it starts on; strings in values and comments are taken out of it."""
    line, start, depth, parts = 1, 1, 0, ""
    at = 0
    while at < len(text):
        skipped = _STRINGS.match(text, at)
        if skipped:
            # A quoted key is kept; a comment or a string of a value is not.
            parts += "" if skipped[0].startswith("#") or "=" in parts else skipped[0]
            line += skipped[0].count("\n")
            at = skipped.end()
            continue
        char = text[at]
        at += 1
        if char == "\n":
            line += 1
            header = parts.lstrip().startswith("[")
            if depth <= 0 or header:
                if parts.strip():
                    yield start, parts.strip()
                start, depth, parts = line, 0, ""
                continue
        depth += ("=" in parts) * ((char in "[{") - (char in "]}"))
        if not parts.strip():
            start = line
        parts += char
    if parts.strip():
        yield start, parts.strip()
