"""A finding knows its place, becomes a sentence, JSON and an error; every code has one home."""

from __future__ import annotations

import ast
import pickle
from pathlib import Path

import pytest

from autograder.findings import CODES, Finding, did_you_mean, suite_error

ROOT = Path(__file__).resolve().parents[1]
FINDING = Finding("unknown-name", "없습니다.", "test_q3.py", 41, "AttributeError")


@pytest.mark.parametrize(
    ("file", "line", "place", "sentence"),
    [
        ("test_q3.py", 41, "test_q3.py 41번째 줄", "test_q3.py 41번째 줄: 없습니다."),
        ("test_q3.py", 0, "test_q3.py", "test_q3.py: 없습니다."),
        ("", 0, "", "없습니다."),
        ("", 3, "", "없습니다."),
    ],
)
def test_the_place_leads_the_sentence(file: str, line: int, place: str, sentence: str) -> None:
    finding = Finding("unknown-name", "없습니다.", file, line)

    assert (finding.place, finding.sentence) == (place, sentence)


def test_a_finding_is_json() -> None:
    assert Finding(**FINDING.to_dict()) == FINDING


def test_an_error_says_the_first_finding_and_lists_all() -> None:
    error = suite_error("06-x", [FINDING, Finding("suite-import", "안 됩니다.", "probes.py")])

    assert error.code == "suite-invalid"
    assert error.message == "'06-x' 과제의 테스트: test_q3.py 41번째 줄: 없습니다. 고칠 곳이 모두 2군데 있습니다."
    assert error.detail == "test_q3.py:41: 없습니다. (AttributeError)\nprobes.py: 안 됩니다."
    assert pickle.loads(pickle.dumps(error)).message == error.message


def test_a_near_name_is_told_and_a_far_one_is_not() -> None:
    assert did_you_mean("forwrd", ["forward", "loss"]) == " 'forward'를 뜻한 것인지 확인하세요."
    assert did_you_mean("zzz", ["forward", "loss"]) == ""


def test_every_code_is_in_the_table_and_every_one_of_the_table_is_used() -> None:
    words = {
        node.value
        for path in (ROOT / "autograder").rglob("*.py")
        if "suites" not in path.parts and path.name != "findings.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    calls = {
        node.args[0].value
        for path in (ROOT / "autograder").rglob("*.py")
        if "suites" not in path.parts and "intake" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "Finding"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }

    assert calls <= CODES.keys()
    assert CODES.keys() <= words
