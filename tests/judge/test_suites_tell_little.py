"""The five suites: how many bits a question tells at most, and that no work makes a test say more than is counted."""

from __future__ import annotations

from collections import defaultdict

import pytest

from autograder.catalog import load_assignment
from autograder.judge import Judge, told
from autograder.judge.suite import Suite
from autograder.judge.told import BITS, Level, Telling
from tests.grading.works import IDS, ROOT, cases, job_for


def tellings(assignment_id: str) -> dict[str, tuple[Telling, int]]:
    """Of each question, with the number of its tests."""
    suite = Suite.collect(load_assignment(assignment_id, ROOT))
    found = {}
    for question in suite.assignment.questions:
        own = [test for test in suite.tests_of(question.id) if not test.badge]
        if own:
            telling = Telling([test.words for test in own], leans=any(test.leans_on for test in own))
            found[question.id] = telling, len(own)
    return found


@pytest.mark.parametrize("assignment_id", IDS)
def test_a_question_tells_at_most_two_bits_a_test(assignment_id: str) -> None:
    for question, (telling, count) in tellings(assignment_id).items():
        assert telling.bits() <= BITS * count, question
        plans = [telling.plan((place,)) for place in range(count)]
        assert all(plan.stop and plan.levels[0] is not Level.OWN for plan in plans), f"{question}: too little is told"


@pytest.mark.soak
@pytest.mark.parametrize("assignment_id", IDS)
def test_no_wrong_work_makes_a_test_say_more_than_is_counted(
    assignment_id: str, real_judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite = Suite.collect(load_assignment(assignment_id, ROOT))
    said: dict[str, set[str]] = defaultdict(set)
    for case in cases(assignment_id, "wrong"):
        for test in real_judge.grade(job_for(assignment_id, case))["tests"]:
            if test["outcome"] == "failed" and test["message"]:
                said[test["name"]].add(test["message"])
    assert said
    for test in suite.tests:
        assert len(said[test.name]) <= test.words.findings + len(told.STOPS) + 2, said[test.name]
