"""Owns recognising what an unfinished merge leaves in a text: lines of seven <, = and >, of git or nbdime."""

from __future__ import annotations

import re

__all__ = ["has_conflict"]

_LINES = tuple(re.compile(rf"^{mark * 7}(?: [^\r\n]*)?\r?$", re.MULTILINE) for mark in ("<", "=", ">"))
_OF_NBDIME = re.compile(r"^(?:<{7} [A-Z ]+ >{7}|<span [^<>\r\n]{1,80}><b>(?:<{7}|={7}|>{7})[^\r\n]*)\r?$", re.MULTILINE)
"""A cell that one side deleted, and the cells that stand around two versions of a cell."""


def has_conflict(text: str) -> bool:
    """Return whether both versions of a conflict stand in this text: the three lines in their order. Linear.

    In a notebook's JSON no string has a line of its own, so there they are never a student's text.
    """
    if _OF_NBDIME.search(text):
        return True
    at = 0
    for line in _LINES:
        found = line.search(text, at)
        if found is None:
            return False
        at = found.end()
    return True
