"""Owns the pattern with which a teacher says where the student's name stands in an odd download.

A pattern is either a template or a regular expression. A template has ``{student}``, and ``{anything}`` wherever there
may be anything; all else stands for itself. It is compared with each folder's or file's name on the path (without
``.ipynb`` and ``.zip``), or, if it has a ``/``, with as many of them from the top. A regular expression has a group
``(?P<student>...)`` and is searched for in the path below the source's root.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from autograder.errors import IntakeError
from autograder.intake.labels import stem

__all__ = ["NamePattern", "name_pattern"]

_LONGEST_PATH = 1000
"""Characters looked at; what follows is not worth what a careless expression could take."""


@dataclass(frozen=True, slots=True)
class NamePattern:
    """A pattern that was found valid; see the module."""

    _find: Callable[[tuple[str, ...]], str]

    def student(self, parts: tuple[str, ...]) -> str:
        """Return the student's name in a path below the source's root, or an empty text."""
        return self._find(tuple(unicodedata.normalize("NFC", part) for part in parts)).strip()


def name_pattern(text: str) -> NamePattern:
    """Return the pattern that a teacher wrote.

    Example::

        name_pattern("{anything}_{student}_{anything}").student(("hw1_20231234_a.ipynb",)) == "20231234"
        name_pattern(r"/(?P<student>\\d{8})-").student(("mon", "20231234-kim", "a.ipynb")) == "20231234"

    Raises:
        IntakeError: ``pattern-invalid``: it names no student, or is no regular expression.
    """
    text = unicodedata.normalize("NFC", text)
    try:
        if "{student}" in text and "(?P<student>" not in text:
            return NamePattern(_template(text))
        expression = re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise _invalid("정규식으로 읽을 수 없습니다.", f"{text}: {error}") from error
    if "student" not in expression.groupindex:
        raise _invalid("학생 이름의 자리가 없습니다.", text)
    return NamePattern(lambda parts: _group(expression.search("/".join(parts)[:_LONGEST_PATH])))


def _template(text: str) -> Callable[[tuple[str, ...]], str]:
    if text.count("{student}") != 1:
        raise _invalid("학생의 자리는 한 번만 쓸 수 있습니다: `{student}`", text)
    pieces = re.split(r"(\{student\}|\{anything\})", text)
    holes = {"{student}": "(?P<student>[^/]+?)", "{anything}": "[^/]*?"}
    expression = re.compile("".join(holes.get(piece, re.escape(piece)) for piece in pieces), re.DOTALL)
    depth = text.count("/") + 1

    def find(parts: tuple[str, ...]) -> str:
        bare = [stem(part)[:_LONGEST_PATH] for part in parts]
        tried = bare if depth == 1 else ["/".join(bare[:depth])]
        return next((name for part in tried if (name := _group(expression.fullmatch(part)))), "")

    return find


def _group(match: re.Match[str] | None) -> str:
    return (match["student"] or "") if match else ""


def _invalid(found: str, detail: str) -> IntakeError:
    return IntakeError(
        "pattern-invalid",
        f"`--names`의 형식이 잘못되었습니다. {found} "
        "`{anything}_{student}_{anything}`처럼 쓰거나, 이름 있는 그룹 `(?P<student>...)`이 든 정규식을 쓰세요.",
        detail=detail,
    )
