"""What a cell's lines say it defines: a guess for messages, made by patterns because the text may not even parse."""

from __future__ import annotations

import re

__all__ = ["functions_in", "imported_in", "names_in"]

_BINDS = re.compile(r"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|^(\w+)[ \t]*(?::[^=\n]*)?=(?!=)", re.MULTILINE)
"""Where a line of a cell defines a name."""
_CALLABLES = re.compile(
    r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)"
    r"|^(\w+)[ \t]*(?::[^=\n]*)?=[ \t]*(?:lambda\b|(?:functools\.)?partial\(|torch\.(?:compile|vmap|func\.\w+)\()",
    re.MULTILINE,
)
"""Where a line that is not indented defines something that can be called."""
_IMPORTS = re.compile(r"^[ \t]*(?:from[ \t]+[.\w]+[ \t]+)?import[ \t]+([\w.,\t ]+)", re.MULTILINE)


def names_in(source: str) -> frozenset[str]:
    """Return the names that a cell's text defines at its top level, as far as its lines tell."""
    defined = {name for found in _BINDS.findall(source) for name in found if name}
    return frozenset(defined | imported_in(source))


def functions_in(source: str) -> frozenset[str]:
    """Return the names that a cell's text defines as functions or classes at its top level, as lines tell."""
    return frozenset(name for found in _CALLABLES.findall(source) for name in found if name)


def imported_in(source: str) -> frozenset[str]:
    """Return the names that a cell's imports bind, as lines tell."""
    parts = {part.split()[-1] for names in _IMPORTS.findall(source) for part in names.split(",") if part.strip()}
    return frozenset(name.partition(".")[0] for name in parts)
