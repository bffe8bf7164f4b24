"""A suite's tests look at what came out of a sandbox before they use it: each careless use is told, no careful one."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.lint.claims import unchecked
from autograder.lint.modules import read_module
from tests.grading.works import IDS, assignment_of

CARELESS = (
    "student.f(1)[0]",
    "student.probe('report')['a']",
    "value = student.f(1)\n    value['a']",
    "value = student.f(1)\n    require(value == 3, '')",
    "value = student.f(1)\n    require(value > 3, '')",
    "require(student.f(1) == 3, '')",
    "value = student.f(1)\n    value + 1",
    "1 / student.f(1)",
    "-student.f(1)",
    "len(student.f(1))",
    "value = student.f(1)\n    len(value)",
    "value = student.f(1)\n    float(value)",
    "value = student.f(1)\n    max(value)",
    "for value in student.f(1):\n        expect(value).real()",
    "[expect(value).real() for value in student.probe('counts')]",
    "a, b = student.f(1)",
    "value = student.f(1)\n    a, b = value",
    "value = student.f(1)\n    if value:\n        pass",
    "value = student.f(1)\n    value.shape",
    "value = student.f(1)\n    value.sum()",
    "torch.stack(student.f(1))",
    "value = student.f(1)\n    reference.changed(value, value)",
    "value = student.f(1)\n    expect(value).mapping(('a',))\n    value == {'a': 1}",
)
CAREFUL = (
    "value = student.f(1)\n    expect(value).mapping(('a',))\n    value['a']",
    "value = student.f(1)\n    require(value is None, '')",
    "value = student.f(1)\n    require(torch.is_tensor(value), '')",
    "value = student.f(1)\n    numbers = expect(value).each(2) if isinstance(value, list) else []",
    "value = student.f(1)\n    type(value) in (list, tuple)",
    "value = expect(student.f(1)).real()\n    value + 1",
    "value = expect(student.f(1)).reals()\n    value.sum()\n    len(value)",
    "first, second = expect(student.f(1)).unpack(2)",
    "value = student.f(1)\n    return value",
    "value = student.f(1)\n    helper(value)\n    value['a']",
    "value = student.f(1)\n    student.g(value)",
    "model = student.build(3)\n    expect(model.forward(1)).real()",
)


def found(tmp_path: Path, body: str) -> list[str]:
    """The findings of a test with this body."""
    path = tmp_path / "test_q1.py"
    path.write_text(f"def test_q1(student, reference):\n    {body}\n", encoding="utf-8")
    module = read_module(path)
    assert module is not None
    return [finding.code for finding in unchecked(module)]


@pytest.mark.parametrize("body", CARELESS)
def test_a_claim_used_before_it_is_looked_at_is_told(tmp_path: Path, body: str) -> None:
    assert found(tmp_path, body) == ["claim-unchecked"]


@pytest.mark.parametrize("body", CAREFUL)
def test_a_claim_that_is_looked_at_first_is_not(tmp_path: Path, body: str) -> None:
    assert found(tmp_path, body) == []


@pytest.mark.parametrize("assignment_id", IDS)
def test_the_suites_of_the_course_have_none(assignment_id: str) -> None:
    for path in assignment_of(assignment_id).suite_dir.glob("test_*.py"):
        module = read_module(path)
        assert module is not None
        lines = module.text.splitlines()
        left = [one for one in unchecked(module) if "# lint: allow claim-unchecked" not in lines[one.line - 1]]
        assert left == [], path.name
