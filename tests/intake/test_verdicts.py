"""The table of verdicts: each says in Korean what was found, what it means and what to do."""

from __future__ import annotations

import re
import string

import pytest

from autograder.intake import TABLE
from autograder.intake.findings import Findings, verdict

FIELDS = {
    "expected": "a.ipynb",
    "name": "b",
    "limit": 1,
    "kept": 1,
    "count": 2,
    "version": 3,
    "language": "R",
    "encoding": "UTF-16",
    "line": 4,
    "time": "2026-11-20 10:00 UTC",
}


def _verdict(code: str, text: str = "b") -> object:
    fields = {name for _, name, _, _ in string.Formatter().parse(TABLE[code].message) if name}
    return verdict(code, cell="q1", **{k: (text if k == "name" else v) for k, v in FIELDS.items() if k in fields})


@pytest.mark.parametrize("code", TABLE)
def test_a_message_is_polite_korean_in_three_parts_that_end_as_sentences(code: str) -> None:
    kind = TABLE[code]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code) and kind.code == code
    for part in (kind.found, kind.meaning, kind.action):
        assert re.search(r"(니다|세요)(\([^)]*\))?\.$", part), part
        assert "  " not in part and "?" not in part
    assert "{" not in _verdict(code).message  # type: ignore[attr-defined]


def test_a_fatal_verdict_says_that_a_person_decides() -> None:
    for kind in TABLE.values():
        assert ("담당자" in kind.message) >= kind.fatal or kind.code == "source-too-many"


def test_student_text_in_a_message_cannot_reorder_or_break_it() -> None:
    message = _verdict("notebook-renamed", "a\n\u202e" + "x" * 500).message  # type: ignore[attr-defined]
    assert "\n" not in message and "\u202e" not in message and len(message) < 250


def test_braces_in_student_text_are_not_template_fields() -> None:
    assert "{expected.__class__}" in _verdict("notebook-renamed", "{expected.__class__}").message  # type: ignore[attr-defined]


def test_each_finding_is_kept_once_and_few_of_a_code() -> None:
    findings = Findings()
    for _ in range(3):
        findings.add("unanswered", cell="q1")
    for number in range(100):
        findings.add("cell-source", cell=str(number))
    assert len(findings.verdicts) == 21
