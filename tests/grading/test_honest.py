"""Honest work in a difficult frame: every case of ``tests/corpus/honest/`` through the real grader.

Slow cells, endless answers, alarms, threads and files that are left behind cost the question they are about, or
nothing. `tests.grading.honest` tells the form of a case.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import AssignmentError
from autograder.judge import Judge
from autograder.model import Outcome, TestOutcome, Verdict
from tests.grading.honest import FOLDER, Found, Honest, all_cases, faults, grade, read
from tests.grading.works import IDS, assignment_of

CASES = all_cases()
BY_NAME = {case.name: case for case in CASES}


_OF = 2
"""One of so many cases, by name, is graded every day, and all of them by the long tests."""


def _marked(case: Honest) -> Any:
    soak = case.soak or CASES.index(case) % _OF != 0
    return pytest.param(case, id=case.name, marks=[pytest.mark.soak] if soak else [])


@pytest.fixture(scope="module")
def graded() -> dict[str, Found]:
    return {}


def _grade(judge: Judge, graded: dict[str, Found], case: Honest) -> Found:
    if case.name not in graded:
        graded[case.name] = grade(judge, case)
    return graded[case.name]


@pytest.mark.parametrize("case", [_marked(case) for case in CASES])
def test_honest_work_gets_what_it_deserves(real_judge: Judge, graded: dict[str, Found], case: Honest) -> None:
    found = _grade(real_judge, graded, case)
    other = _grade(real_judge, graded, BY_NAME[case.alike]) if case.alike else None
    assert "\n".join(faults(case, found, other)) == ""


def test_there_are_enough_cases_and_each_would_notice_a_zero() -> None:
    assert len(CASES) >= 45
    assert {path.suffix for path in FOLDER.iterdir()} == {".py"}
    assert {case.assignment for case in CASES} == set(IDS)
    for case in CASES:
        nothing = [
            TestOutcome(f"test_{q.id}", q.id, "", q.points, Outcome.FAILED)
            for q in assignment_of(case.assignment).questions
            if not q.manual
        ]
        zero = Found(0.0, tuple(nothing), tuple(Verdict(code, "") for code in case.says), ())
        assert [fault for fault in faults(case, zero) if fault.startswith("score 0.0")], case.name
        assert 0 < case.lowest <= case.highest <= 100, case.name


def test_what_a_case_says_it_loses_adds_up_to_its_score() -> None:
    for case in CASES:
        if not case.case.loses and case.lowest == case.highest:
            points = assignment_of(case.assignment).points
            lost = sum(q.points for q in assignment_of(case.assignment).questions if q.id in case.questions)
            assert case.highest == points - lost, case.name


def test_one_of_each_kind_is_graded_at_the_assignments_own_limits() -> None:
    ended = {case.name: dict(case.case.limits) for case in CASES if case.soak and not case.case.limits}
    assert len(ended) >= 6, sorted(ended)


def _found(**changes: Any) -> Found:
    tests = (
        TestOutcome("test_a", "q1", "a", 90, Outcome.PASSED),
        TestOutcome("test_b", "q2", "b", 10, Outcome.FAILED, "계산 시간을 모두 썼습니다"),
    )
    return replace(Found(90.0, tests, (Verdict("cell-timeout", "10번째 셀"),), (), "[안내] 1"), **changes)


HEADER = """\
# assignment: 04-gpu-speedup
# about: x
# expect: 90
# loses: test_b
# says: cell-timeout
# message: q2: 계산 시간
# message: cells: 10번째
# shows: [안내]
# never: 반복문
# limits: call_seconds=1 memory_mb=256
"""


def _read(tmp_path: Path, text: str) -> Honest:
    path = tmp_path / "someone.py"
    path.write_text(text + "\n# %% after q1\nx = 1\n", encoding="utf-8")
    return read(path)


def test_a_case_is_read_and_nothing_is_wrong_with_what_it_expects(tmp_path: Path) -> None:
    case = _read(tmp_path, HEADER)
    assert (case.name, case.case.limits) == ("someone", (("call_seconds", 1), ("memory_mb", 256)))
    assert not (case.soak or case.staff)
    assert faults(case, _found(), _found()) == []


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("expect: 90", "expect: 100", "score 90.0, not 100"),
        ("loses: test_b", "loses: test_a", "test_b is lost"),
        ("loses: test_b", "loses-question: q1, q2", "test_a is not lost"),
        ("says: cell-timeout", "says: cell-died", "verdict cell-timeout"),
        ("says: cell-timeout", "says: cell-timeout, cell-died", "no verdict cell-died"),
        ("message: q2: 계산 시간", "message: q2: 기다리다", "q2 is not told"),
        ("message: cells: 10번째", "message: cells: 11번째", "cells is not told"),
        ("never: 반복문", "never: 모두 썼습니다", "q2 is told"),
        ("expect: 90", "expect: 90\n# staff: yes", "a person is asked for nothing"),
    ],
)
def test_a_wrong_expectation_is_noticed(tmp_path: Path, right: str, wrong: str, fault: str) -> None:
    assert any(f.startswith(fault) for f in faults(_read(tmp_path, HEADER.replace(right, wrong)), _found()))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"score": None, "reasons": ("test-error",)}, "a person is asked for ('test-error',)"),
        ({"tests": _found().tests[:1]}, "tests of 90 points were reported"),
        ({"verdicts": ()}, "no verdict cell-timeout"),
        ({"shown": ""}, "no output holds '[안내]'"),
        (
            {"shown": '[안내] File "/opt/x/autograder/sandbox/shell/cells.py", line 3'},
            "a frame of ours is shown: autograder/sandbox/shell/cells.py",
        ),
        ({"shown": "[안내] /opt/x/course/checks.py:12, in check"}, "a frame of ours is shown: course/checks.py"),
    ],
)
def test_another_result_is_noticed(tmp_path: Path, changes: dict[str, Any], fault: str) -> None:
    assert fault in faults(_read(tmp_path, HEADER), _found(**changes))


def test_a_case_that_is_not_alike_is_noticed(tmp_path: Path) -> None:
    tests = tuple(replace(test, outcome=Outcome.PASSED) for test in _found().tests)
    assert faults(_read(tmp_path, HEADER), _found(), _found(tests=tests)) == ["test_b is failed, there passed"]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("# about: x\n", ""),
        ("# about: x", "# about: x\n# about: y"),
        ("# says:", "# sais:"),
        ("call_seconds=1", "call_second=1"),
        ("call_seconds=1", "call_seconds=long"),
        ("# message: q2: 계산 시간", "# message: 계산 시간"),
        ("# never: 반복문", "never"),
        ("# expect: 90", "# expect: 90\n# soak: maybe"),
        ("# expect: 90", "# expect: 90\n# times: often"),
    ],
)
def test_a_malformed_case_is_refused(tmp_path: Path, right: str, wrong: str) -> None:
    with pytest.raises((ValueError, AssignmentError)):
        _read(tmp_path, HEADER.replace(right, wrong))
