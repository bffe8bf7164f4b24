"""Collecting a hidden suite: what is refused, what stays behind, what a test is given."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.catalog import load_assignment
from autograder.errors import AssignmentError
from autograder.findings import CODES
from autograder.judge.plugin import derive_seed
from autograder.judge.probes import ProbeFile
from autograder.judge.student import Student
from autograder.judge.suite import Suite

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


TEST = '@points({points})\ndef test_{name}({asks}):\n    """가."""\n'


def a_test(name: str = "a", asks: str = "student", points: object = 3) -> str:
    return TEST.format(name=name, asks=asks, points=points)


# name: (text of test_q1.py, marker of the line, code, words of the message)
MISTAKES = {
    "a syntax error": ("x = 1\ndef test_a(:\n", "def test_a(:", "suite-import", "문법 오류"),
    "an import that fails": (a_test() + "import no_such_module\n", "import no", "suite-import", "no_such_module"),
    "a top level that raises": (a_test() + "y = [][1]\n", "y =", "suite-import", "IndexError"),
    "a helper that raises at the top": ("def f():\n    1 / 0\n\nf()\n", "1 / 0", "suite-import", "ZeroDivisionError"),
    "points of nothing": (a_test(points=0), "@points", "suite-import", "ValueError"),
    "leaning on no name": ("pytestmark = leans_on()\n" + a_test(), "pytestmark", "suite-import", "leans_on"),
    "an unknown mark": ("@pytest.mark.point(3)\n" + a_test(), "@pytest", "suite-import", "point"),
    "a file that skips itself": (
        a_test() + "pytest.skip(allow_module_level=True)\n",
        "def test_a",
        "suite-import",
        "건너",
    ),
    "no docstring": ("@points(3)\ndef test_a(student):\n    pass\n", "def test_a", "suite-docstring", "설명"),
    "no points": ('def test_a(student):\n    """가."""\n', "def test_a", "suite-mark", "배점(@points)이 없"),
    "a mark that is no number": (
        a_test().replace("@points(3)", '@pytest.mark.points("3")'),
        "def test_a",
        "suite-mark",
        "points('3')",
    ),
    "a mark without a number": (a_test().replace("@points(3)", "@pytest.mark.points"), "def", "suite-mark", "points()"),
    "points twice": ("@points(3)\n" + a_test(), "def test_a", "suite-mark", "두 번"),
    "points that do not add up": (a_test() + "\n" + a_test("b", points=1), "def test_a", "suite-points", "test_b 1점"),
    "one test hidden by another": (
        a_test(points=1) + "\n" + a_test("a", asks="", points=3),
        "def test_a():",
        "suite-twice",
        "8번째 줄에도",
    ),
    "a helper hidden by another": (
        "def f():\n    return 1\n\ndef f():  # again\n    return 2\n" + a_test(),
        "def f():  # again",
        "suite-twice",
        "앞의 것은",
    ),
    "a fixture that does not exist": (a_test(asks="student, genrator"), "def", "suite-fixture", "'generator'를"),
    "a fixture of a fixture that does not exist": (
        "@pytest.fixture\ndef drawn(rgn):\n    return 1\n" + a_test(asks="drawn"),
        "def drawn",
        "suite-fixture",
        "'rgn'이 없습니다. 'rng'를",
    ),
    "a fixture of a mark that does not exist": (
        '@pytest.mark.usefixtures("nothing")\n' + a_test(),
        "def test_a",
        "suite-fixture",
        "nothing",
    ),
    "a test in a class": (
        'class TestAll:\n    @points(3)\n    def test_a(self):\n        """가."""\n',
        "class",
        "suite-not-a-test",
        "TestAll",
    ),
    "an async test": (a_test().replace("def", "async def"), "async def", "suite-not-a-test", "async"),
    "a generator": (a_test() + "    yield 1\n", "def test_a", "suite-not-a-test", "yield"),
    "a test that is not called one": (
        a_test() + "\n" + a_test("b").replace("test_b", "tset_b"),
        "def tset_b",
        "",
        "tset_b",
    ),
    "two parameters of one id": (
        '@pytest.mark.parametrize("case", [1, 2, 3], ids=["x", "y", "x"])\n' + a_test(asks="case", points=1),
        "def test_a",
        "suite-twice",
        "id가 두 번 있습니다: x",
    ),
    "two parameters of one value": (
        '@pytest.mark.parametrize("case", [1, 2, 1])\n' + a_test(asks="case", points=1),
        "def test_a",
        "suite-twice",
        "두 번 있습니다: 1",
    ),
    "a stand-in that is missing": (
        'pytestmark = leans_on("g")\n' + a_test(),
        "def test_a",
        "suite-stand-in",
        "stand_in_g",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_file_and_line(suites: Any, name: str) -> None:
    text, marker, code, words = MISTAKES[name]
    with pytest.raises(AssignmentError) as caught:
        suites.write({"test_q1.py": text}, ONE)
    problems = Suite.examine(load_assignment("tiny"))

    line = (suites.header + text[: text.index(marker)]).count("\n") + 1
    assert caught.value.code == "suite-invalid"
    assert caught.value.message.startswith(f"'tiny' 과제의 테스트: test_q1.py {line}번째 줄: ")
    assert words in caught.value.message
    assert f"test_q1.py:{line}: " in caught.value.detail
    assert problems[0].code == (code or "suite-not-a-test")
    assert {problem.code for problem in problems} <= CODES.keys()


def test_all_mistakes_of_a_suite_are_told_at_once(suites: Any) -> None:
    files = {
        "test_q1.py": a_test(asks="rgn") + "\n" + a_test("b", points=1).replace('    """가."""', "    pass"),
        "test_q2.py": "def test_c(:\n",
        "test_q8.py": a_test("d"),
        "reference.py": "x = 1\ny = 1 / 0\n",
        "probes.py": "def p(:\n",
    }
    with pytest.raises(AssignmentError) as caught:
        suites.write(files, {**ONE, "q2": (1, ["g"]), "q3": (1, ["h"])})
    problems = Suite.examine(load_assignment("tiny"))

    assert [(p.code, p.file, p.line) for p in problems] == [
        ("suite-no-tests", "assignment.toml", 18),
        ("suite-import", "reference.py", 2),
        ("suite-import", "probes.py", 1),
        ("suite-fixture", "test_q1.py", 8),
        ("suite-points", "test_q1.py", 8),
        ("suite-docstring", "test_q1.py", 12),
        ("suite-import", "test_q2.py", 7),
        ("suite-no-tests", "test_q8.py", 8),
    ]
    assert "고칠 곳이 모두 8군데" in caught.value.message


def test_a_suite_without_a_mistake_has_nothing_to_tell(suites: Any) -> None:
    suites.write({"test_q1.py": GOOD}, ONE)

    assert Suite.examine(load_assignment("tiny")) == ()


@pytest.mark.parametrize(
    ("name", "text", "line", "words"),
    [
        ("reference.py", "x = 1\ndef f(:\n", 2, "문법 오류"),
        ("reference.py", "x = 1\n\nimport no_such_module\n", 3, "no_such_module"),
        ("reference.py", "def f():\n    return {}['a']\nf()\n", 2, "KeyError"),
        ("probes.py", "x = 1\ndef f(:\n", 2, "문법 오류"),
        ("probes.py", "\nstudnet.f\n", 2, "NameError"),
    ],
)
def test_a_mistake_in_a_companion_file_is_named_with_its_line(
    suites: Any, name: str, text: str, line: int, words: str
) -> None:
    with pytest.raises(AssignmentError) as caught:
        suites.write({"test_q1.py": GOOD, name: text}, ONE)

    assert caught.value.message.startswith(f"'tiny' 과제의 테스트: {name} {line}번째 줄: ")
    assert words in caught.value.message


def test_a_test_of_the_same_name_in_another_file_says_where_the_first_is(suites: Any) -> None:
    with pytest.raises(AssignmentError) as caught:
        suites.write({"test_q1.py": a_test(), "test_q2.py": "\n" + a_test()}, {**ONE, "q2": (3, ["g"])})

    assert "test_q2.py 9번째 줄: 테스트 이름 test_a가 두 번" in caught.value.message
    assert "test_q1.py 8번째 줄" in caught.value.message


def test_tests_of_a_question_that_a_person_grades_are_refused(suites: Any) -> None:
    suites.write({"test_q1.py": GOOD}, ONE)
    path = suites.root / "tiny" / "assignment.toml"
    text = path.read_text(encoding="utf-8") + '[[questions]]\nid = "r"\ntitle = "r"\npoints = 1\nmanual = true\n'
    path.write_text(text, encoding="utf-8")
    (suites.root / "tiny" / "test_r.py").write_text(suites.header + a_test("r"), encoding="utf-8")
    (problem,) = Suite.examine(load_assignment("tiny"))

    assert (problem.code, problem.file, problem.line) == ("suite-manual", "test_r.py", 8)


def test_a_suite_without_a_test_file_is_refused(suites: Any) -> None:
    with pytest.raises(AssignmentError, match="테스트 파일") as caught:
        suites.write({"reference.py": ""}, ONE)
    assert caught.value.code == "suite-invalid"


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
from functools import lru_cache

SCALE = 3

def stand_in_f(x):
    return helper_of_f(x)

def helper_of_f(x):
    return x + "the solution"

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


def test_the_suite_of_every_assignment_in_the_tree_is_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOGRADER_SUITES", raising=False)
    from autograder.catalog import assignments, suites_dir
    from autograder.judge.suite import Suite

    found, broken = assignments(Path(__file__).parent)
    assert broken == []
    assert found, suites_dir()
    for assignment in found:
        assert Suite.collect(assignment).tests
