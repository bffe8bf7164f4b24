"""Collecting a hidden suite: what is refused, what stays behind, what a test is given."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import AssignmentError
from autograder.judge.plugin import derive_seed
from autograder.judge.probes import ProbeFile
from autograder.judge.student import Student

ONE = {"q1": (3, ["f"])}
GOOD = '''
@points(1)
def test_first(student):
    """첫째 테스트입니다.

    둘째 줄은 학생이 보지 않습니다.
    """
    expect(student.f(1)).equals(2)

@points(1)
@pytest.mark.parametrize("case", ["a", "b"])
def test_second(student, case):
    """둘째 테스트입니다."""

@gpu
def test_badge(student):
    """GPU 배지입니다."""
'''


def test_a_good_suite_lists_its_tests_with_titles_points_and_badges(suites: Any) -> None:
    suite = suites.write({"test_q1.py": GOOD}, ONE)
    assert [(t.name, t.question, t.title, t.points, t.badge) for t in suite.tests] == [
        ("test_first", "q1", "첫째 테스트입니다.", 1, False),
        ("test_second[a]", "q1", "둘째 테스트입니다.", 1, False),
        ("test_second[b]", "q1", "둘째 테스트입니다.", 1, False),
        ("test_badge", "q1", "GPU 배지입니다.", 0, True),
    ]


BROKEN = {
    "points that do not add up": (GOOD.replace("points(1)", "points(2)", 1), "배점 합계"),
    "no docstring": ("@points(3)\ndef test_a(student):\n    pass\n", "설명"),
    "no points": ('def test_a(student):\n    """가."""\n', "배점"),
    "an unknown mark": ('@pytest.mark.point(3)\n@points(3)\ndef test_a(student):\n    """가."""\n', "불러올 수 없"),
    "a syntax error": ("def test_a(:\n", "불러올 수 없"),
    "an import that fails": ("import no_such_module_here\n", "불러올 수 없"),
    "points of nothing": ('@points(0)\ndef test_a(student):\n    """가."""\n', "불러올 수 없"),
    "a stand-in that is missing": (
        'pytestmark = leans_on("g")\n@points(3)\ndef test_a(student):\n    """가."""\n',
        "stand_in_g",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_suite_is_refused_for(suites: Any, name: str) -> None:
    text, message = BROKEN[name]
    with pytest.raises(AssignmentError, match=message) as caught:
        suites.write({"test_q1.py": text}, ONE)
    assert caught.value.code == "suite-invalid"


def test_a_file_that_belongs_to_no_question_is_refused(suites: Any) -> None:
    with pytest.raises(AssignmentError, match=r"test_q9\.py"):
        suites.write({"test_q1.py": GOOD, "test_q9.py": '@points(1)\ndef test_other():\n    """가."""\n'}, ONE)


def test_two_tests_of_one_name_are_refused(suites: Any) -> None:
    with pytest.raises(AssignmentError, match="두 번"):
        suites.write({"test_q1.py": GOOD, "test_q2.py": GOOD}, {**ONE, "q2": (3, ["g"])})


def test_a_question_without_tests_is_refused(suites: Any) -> None:
    with pytest.raises(AssignmentError, match="q2"):
        suites.write({"test_q1.py": GOOD}, {**ONE, "q2": (3, ["g"])})


@pytest.mark.parametrize("name", ["reference.py", "probes.py"])
@pytest.mark.parametrize("text", ["def broken(:\n", "1 / 0\n", "import no_such_module_here\n"])
def test_a_broken_companion_file_is_refused(suites: Any, name: str, text: str) -> None:
    with pytest.raises(AssignmentError, match=name.removesuffix(".py")):
        suites.write({"test_q1.py": GOOD, name: text}, ONE)


def test_collecting_leaves_nothing_behind(suites: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")
    (suites.root / "conftest.py").write_text("raise RuntimeError('a conftest was read')", encoding="utf-8")
    (suites.root / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n", encoding="utf-8")
    folder = suites.root / "tiny"
    folder.mkdir()
    (folder / "conftest.py").write_text("raise RuntimeError('a conftest was read')", encoding="utf-8")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    modules, hooks = set(sys.modules), list(sys.meta_path)
    suites.write({"test_q1.py": GOOD, "reference.py": "x = 1", "probes.py": "def p():\n    return 1\n"}, ONE)
    assert sys.meta_path == hooks
    assert not {name for name in set(sys.modules) - modules if "test_q1" in name or "reference" in name}
    assert not [path for path in folder.rglob("*") if path.suffix == ".pyc" or "cache" in path.name]


def test_a_suite_that_changed_is_collected_as_it_is_now(suites: Any) -> None:
    first = suites.write({"test_q1.py": GOOD}, ONE)
    second = suites.write({"test_q1.py": GOOD.replace("첫째", "새로운")}, ONE)
    assert [first.tests[0].title, second.tests[0].title] == ["첫째 테스트입니다.", "새로운 테스트입니다."]
    assert first.tests[0].item.function is not second.tests[0].item.function


def test_helpers_shared_by_two_suites_stay_apart(suites: Any) -> None:
    helped = GOOD.replace("expect(student.f(1)).equals(2)", "assert reference.who == WHO").replace(
        "def test_first(student)", "def test_first(student, reference)"
    )
    made = [
        suites.write(
            {"test_q1.py": f"WHO = {name!r}\n{helped}", "reference.py": f"who = {name!r}"}, ONE, assignment=name
        )
        for name in ("one", "two")
    ]
    for suite in made:
        assert suite.run(suite.tests[0], Student(None), b"s").error is None


DRAWS = '''
seen = []

@points(3)
def test_draws(rng, generator):
    """뽑습니다."""
    import random
    seen.append((
        rng.integers(1 << 60), torch.rand(1, generator=generator).item(),
        torch.rand(1).item(), np.random.rand(), random.random(),
    ))
'''


def test_random_numbers_depend_on_the_secret_and_the_test_alone(suites: Any) -> None:
    suite = suites.write({"test_q1.py": DRAWS}, ONE)
    (test,) = suite.tests
    for secret in (b"one", b"one", b"two"):
        assert suite.run(test, Student(None), secret).error is None
    first, again, other = test.item.function.__globals__["seen"]
    assert first == again
    assert all(a != b for a, b in zip(first, other, strict=True))
    assert derive_seed(b"s", "a", "t") != derive_seed(b"s", "a", "u") != derive_seed(b"s", "b", "u")


def test_assertions_are_rewritten_so_that_staff_see_the_values(suites: Any) -> None:
    text = '@points(3)\ndef test_a():\n    """가."""\n    value = 41\n    assert value + 1 == 43\n'
    suite = suites.write({"test_q1.py": text}, ONE)
    error = suite.run(suite.tests[0], Student(None), b"s").error
    assert "(41 + 1) == 43" in str(error)


def test_fixtures_of_a_file_are_made_anew_and_torn_down_for_each_run(suites: Any) -> None:
    text = '''
log = []

@pytest.fixture(scope="module")
def shared():
    log.append("up")
    yield 1
    log.append("down")

@points(3)
def test_a(shared):
    """가."""
'''
    suite = suites.write({"test_q1.py": text}, ONE)
    for _ in range(2):
        assert suite.run(suite.tests[0], Student(None), b"s").error is None
    assert suite.tests[0].item.function.__globals__["log"] == ["up", "down"] * 2


PROBES = '''
"""Docstring."""
import torch

STAYS = {"trains": "opt is a function"}
from functools import lru_cache

SCALE = 3

def stand_in_f(x):
    return helper_of_f(x)

def helper_of_f(x):
    return x + "the solution"

def stand_in_trains(opt):
    return opt()

def other(x):
    return student.g(x)

@lru_cache
def inner(x):
    return student.f(x) * SCALE

def wanted(x):
    return [inner(v) + student.h for v in x]
'''


def test_a_probe_travels_without_stand_ins_and_without_other_probes() -> None:
    file = ProbeFile.parse(PROBES)
    source = file.source_for("wanted")
    assert "the solution" not in source
    assert "stand_in" not in source
    assert "student.g" not in source
    assert all(part in source for part in ("import torch", "SCALE = 3", "@lru_cache\ndef inner", "def wanted"))
    compile(source, "probe", "exec")
    assert file.student_names("wanted") == {"f", "h"}
    with pytest.raises(KeyError):
        file.source_for("no_such_probe")


def test_stand_ins_travel_under_the_students_names() -> None:
    source = ProbeFile.parse(PROBES).stand_ins_for(("f",))
    scope: dict[str, Any] = {}
    exec(source, scope)
    assert scope["f"]("") == "the solution"
    assert "wanted" not in scope


def test_what_stays_is_said_and_its_list_does_not_travel() -> None:
    file = ProbeFile.parse(PROBES)

    assert file.split(("f", "trains")) == (("trains",), ("f",))
    assert file.stays_line == 5
    assert "the solution" not in file.stand_ins_for(("trains",))
    assert "STAYS" not in file.stand_ins_for(("trains",)) + file.source_for("wanted")


def test_the_suite_of_every_assignment_in_the_tree_is_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOGRADER_SUITES", raising=False)
    from autograder.catalog import assignments, suites_dir
    from autograder.judge.suite import Suite

    found, broken = assignments(Path(__file__).parent)
    assert broken == []
    assert found, suites_dir()
    for assignment in found:
        assert Suite.collect(assignment).tests
