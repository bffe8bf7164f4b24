"""A question's probes need its own functions and those it leans on, no other: what is missing elsewhere blocks nothing.

What a probe uses is found by name, so a local variable that bears another probe's name takes that probe's functions
with it.
"""

from __future__ import annotations

import ast

import pytest

from autograder.catalog import load_assignment
from autograder.judge.probes import ProbeFile
from autograder.judge.suite import Suite
from tests.grading.works import IDS, ROOT


def asked(source: str) -> set[str]:
    """Names of the probes that a file of tests asks for, written as they are called."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args]
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "probe"
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


@pytest.mark.parametrize("assignment_id", IDS)
def test_a_probe_needs_the_functions_of_its_question_and_those_it_leans_on(assignment_id: str) -> None:
    folder = ROOT / "autograder" / "suites" / assignment_id
    suite = Suite.collect(load_assignment(assignment_id, ROOT))
    probes = ProbeFile.parse((folder / "probes.py").read_text(encoding="utf-8"))
    found = {}
    for question in suite.assignment.questions:
        if question.manual:
            continue
        tests = suite.tests_of(question.id)
        allowed = {*question.names, *(name for test in tests for name in test.leans_on)}
        names = asked((folder / f"test_{question.id}.py").read_text(encoding="utf-8"))
        assert names <= probes.definitions.keys()
        strange = {name: needed - allowed for name in sorted(names) if (needed := probes.student_names(name)) - allowed}
        if strange:
            found[question.id] = strange
    assert found == {}
