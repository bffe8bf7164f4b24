"""What is wrong with a suite is told with file and line, all of it at once."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.catalog import load_assignment
from autograder.errors import AssignmentError
from autograder.findings import CODES
from autograder.judge.suite import Suite

ONE = {"q1": (3, ["f"])}
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
    suites.write({"test_q1.py": a_test()}, ONE)

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
        suites.write({"test_q1.py": a_test(), name: text}, ONE)

    assert caught.value.message.startswith(f"'tiny' 과제의 테스트: {name} {line}번째 줄: ")
    assert words in caught.value.message


def test_a_test_of_the_same_name_in_another_file_says_where_the_first_is(suites: Any) -> None:
    with pytest.raises(AssignmentError) as caught:
        suites.write({"test_q1.py": a_test(), "test_q2.py": "\n" + a_test()}, {**ONE, "q2": (3, ["g"])})

    assert "test_q2.py 9번째 줄: 테스트 이름 test_a가 두 번" in caught.value.message
    assert "test_q1.py 8번째 줄" in caught.value.message


def test_tests_of_a_question_that_a_person_grades_are_refused(suites: Any) -> None:
    suites.write({"test_q1.py": a_test()}, ONE)
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
