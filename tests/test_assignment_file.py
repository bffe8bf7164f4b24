"""assignment.toml: each mistake is named by its line, and what is right is read as before."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.assignment_file import (
    AssignmentFile,
    LimitsTable,
    OpenProblemTable,
    QuestionTable,
    problems_of,
    read_assignment_file,
)
from autograder.catalog import load_assignment, suites_dir
from autograder.errors import AssignmentError
from autograder.findings import CODES
from autograder.model import Limits, OpenProblem
from autograder.toml_lines import toml_lines

RIGHT = """\
title = "크기"              # 1
notebook = "06-x.ipynb"
points = 30
runner = "cpu"
extra_files = ["data/a.csv"]

[limits]
cell_seconds = 60
memory_mb = 2048

[[questions]]
id = "q1"
title = "하나"
points = 12.5
names = [                   # several lines,
    "f", # [a comment]
    "g",
]

[[questions]]
id = "q-2_b"
title = "둘"
points = 17.5
names = ["h"]

[[questions]]
id = "reflection"
title = "돌아보기"
points = 10
manual = true
"""

OPEN = """
[open_problem]
title = "적은 파라미터"
measure = "테스트 정확도"
better = "high"
baseline = 0.66
budget = 3_000
unit = "파라미터"
"""
"""Behind the end of `RIGHT`: its first line is 32, the table's header."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "06-x"
    folder.mkdir()
    return folder / "assignment.toml"


def test_a_right_file_is_read(path: Path) -> None:
    path.write_text(RIGHT, encoding="utf-8")
    content = read_assignment_file(path)

    assert (content.title, content.points, content.runner) == ("크기", 30, "cpu")
    assert content.limits == Limits(cell_seconds=60, memory_mb=2048)
    assert [q.names for q in content.questions] == [("f", "g"), ("h",), ()]
    assert problems_of(path) == ()


MISTAKES = {
    # what replaces what, the line it is on, the code, words of the message
    "a misspelt limit": ("memory_mb", "memory_bm", 9, "toml-unknown-key", "모르는 키 'memory_bm'입니다. 'memory_mb'를"),
    "a misspelt table": ("[limits]", "[limit]", 7, "toml-unknown-key", "'limits'를 뜻한"),
    "a misspelt key": ('runner = "cpu"', 'runer = "cpu"', 4, "toml-unknown-key", "'runner'를"),
    "a misspelt key of a question": ('names = ["h"]', 'name = ["h"]', 24, "toml-unknown-key", "'names'를"),
    "a key of nothing": ('names = ["h"]', 'zzz = ["h"]', 24, "toml-unknown-key", "'zzz'"),
    "no title": ('title = "크기"', "", 1, "toml-missing-key", "'title'이 없습니다"),
    "a question without points": ("points = 17.5\n", "", 20, "toml-missing-key", "'points'가 없습니다"),
    "text for a number": ("cell_seconds = 60", 'cell_seconds = "60"', 8, "toml-wrong-type", "수를"),
    "a truth for a number": ("points = 30", "points = true", 3, "toml-wrong-type", "지금은 true입니다"),
    "a part of a megabyte": ("memory_mb = 2048", "memory_mb = 2048.5", 9, "toml-wrong-type", "정수를"),
    "a number for text": ('title = "둘"', "title = 2", 22, "toml-wrong-type", "문자열"),
    "text for a list": ('names = ["h"]', 'names = "h"', 24, "toml-wrong-type", "목록"),
    "a number in a list": ('    "g",', "    3,", 15, "toml-wrong-type", "목록"),
    "a number for a truth": ("manual = true", "manual = 1", 30, "toml-wrong-type", "true나 false를"),
    "a runner of no kind": ('"cpu"', '"tpu"', 4, "toml-wrong-type", '"gpu"'),
    "limits that are no table": (
        "[limits]\ncell_seconds = 60\nmemory_mb = 2048",
        "limits = 3",
        7,
        "toml-wrong-type",
        "",
    ),
    "an open problem that is no table": (
        'runner = "cpu"',
        "open_problem = 3",
        4,
        "toml-wrong-type",
        "[open_problem] 표로",
    ),
    "questions that are no tables": (
        RIGHT[RIGHT.index("[[questions]]") :],
        "",
        1,
        "toml-missing-key",
        "문항([[questions]])이",
    ),
    "a negative limit": ("cell_seconds = 60", "cell_seconds = -1", 8, "toml-wrong-value", "0보다 큰"),
    "a limit of nothing": ("memory_mb = 2048", "memory_mb = 0", 9, "toml-wrong-value", "지금은 0입니다"),
    "a limit that is no number": ("cell_seconds = 60", "cell_seconds = nan", 8, "toml-wrong-value", "nan"),
    "a limit without end": ("cell_seconds = 60", "cell_seconds = inf", 8, "toml-wrong-value", "inf"),
    "a kind of nothing": ("points = 12.5", 'points = 12.5\nkind = "copying"', 15, "toml-wrong-type", '"typing"'),
    "an earlier name that is none": (
        'names = ["h"]',
        'names = ["h"]\nformerly = ["a b"]',
        25,
        "toml-wrong-value",
        "이름",
    ),
    "an earlier name still asked for": (
        'names = ["h"]',
        'names = ["h"]\nformerly = ["h"]',
        25,
        "toml-wrong-value",
        "names에도",
    ),
    "points of nothing": ("points = 12.5", "points = 0", 14, "toml-wrong-value", "0보다 큰"),
    "points of a person that are negative": ("points = 10", "points = -10", 29, "toml-wrong-value", "0보다 큰"),
    "an empty title": ('title = "크기"', 'title = " "', 1, "toml-wrong-value", "비어"),
    "an empty id": ('id = "q1"', 'id = ""', 12, "toml-wrong-value", "id에는"),
    "an id with a space": ('id = "q1"', 'id = "q 1"', 12, "toml-wrong-value", "'q 1'입니다"),
    "an id with a line feed": ('id = "q1"', 'id = "q1\\n"', 12, "toml-wrong-value", "id에는"),
    "a name that is none": ('names = ["h"]', 'names = ["h-1"]', 24, "toml-wrong-value", "'h-1'은"),
    "a name that is a keyword": ('names = ["h"]', 'names = ["lambda"]', 24, "toml-wrong-value", "'lambda'"),
    "a notebook elsewhere": ("06-x.ipynb", "../06-x.ipynb", 2, "toml-wrong-value", ".ipynb로 끝나는"),
    "a notebook that is none": ("06-x.ipynb", "06-x.py", 2, "toml-wrong-value", "06-x.py"),
    "a file elsewhere": ("data/a.csv", "/etc/passwd", 5, "toml-wrong-value", "passwd"),
    "a file above": ("data/a.csv", "../a.csv", 5, "toml-wrong-value", "../a.csv"),
    "two questions of one id": ('id = "q-2_b"', 'id = "q1"', 21, "toml-twice", "12번째 줄에도"),
    "one name in two questions": ('names = ["h"]', 'names = ["g"]', 24, "toml-twice", "15번째 줄에도"),
    "points that do not add up": ("points = 17.5", "points = 17", 3, "toml-points", "29.5점인데 points는 30점"),
    "a bracket left open": ("[limits]", "[limits", 7, "toml-unreadable", "TOML 문법"),
    "a key that stands twice": ("memory_mb = 2048", "cell_seconds = 2", 9, "toml-unreadable", "같은 키"),
}


OPEN_MISTAKES = {
    # what replaces what, the line it is on, the code, words of the message
    "a key of nothing": ("unit =", "units =", 38, "toml-unknown-key", "'unit'을 뜻한"),
    "no budget": ("budget = 3_000\n", "", 32, "toml-missing-key", "'budget'이 없습니다"),
    "another end": ('"high"', '"higher"', 35, "toml-wrong-type", '"high"나 "low"를'),
    "text for a number": ("baseline = 0.66", 'baseline = "0.66"', 36, "toml-wrong-type", "수를"),
    "a baseline that is no number": ("baseline = 0.66", "baseline = nan", 36, "toml-wrong-value", "유한한"),
    "a baseline in percent": ("baseline = 0.66", "baseline = 66\nmost = 1", 36, "toml-wrong-value", "most(1)보다"),
    "a baseline below the least": ("baseline = 0.66", "baseline = -1", 36, "toml-wrong-value", "least(0)"),
    "no budget at all": ("3_000", "0", 37, "toml-wrong-value", "0보다 큰"),
    "a budget without end": ("3_000", "inf", 37, "toml-wrong-value", "유한한"),
    "a budget that no float holds": ("3_000", "1" + "0" * 400, 37, "toml-wrong-value", "유한한"),
    "an end that no float holds": ("3_000", "3_000\nmost = 1" + "0" * 400, 38, "toml-wrong-value", "유한한"),
    "an empty unit": ('"파라미터"', '" "', 38, "toml-wrong-value", "비어"),
}


@pytest.mark.parametrize("name", OPEN_MISTAKES)
def test_a_mistake_in_the_open_problem_is_named_with_its_line(path: Path, name: str) -> None:
    old, new, line, code, words = OPEN_MISTAKES[name]
    assert old in OPEN
    path.write_text(RIGHT + OPEN.replace(old, new, 1), encoding="utf-8")
    found = [(f.code, f.line) for f in problems_of(path) if words in f.message]

    assert (code, line) in found


def test_an_open_problem_is_read_and_a_share_ends_at_one(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """81 for 0.81 would else be the best of the class."""
    monkeypatch.setenv("AUTOGRADER_SUITES", str(path.parent.parent))

    def read(text: str) -> OpenProblem:
        path.write_text(RIGHT + text, encoding="utf-8")
        problem = load_assignment("06-x").open_problem
        assert problem is not None
        return problem

    assert read(OPEN) == OpenProblem("적은 파라미터", "테스트 정확도", "high", 0.66, 3000.0, "파라미터", 0.0, 1.0)
    assert read(OPEN.replace("high", "low")).most == 1e9
    assert read(OPEN.replace("0.66", "40")).most == 1e9
    assert read(OPEN + "least = -2\nmost = 5\n").most == 5
    path.write_text(RIGHT, encoding="utf-8")
    assert load_assignment("06-x").open_problem is None


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_line(path: Path, name: str) -> None:
    old, new, line, code, words = MISTAKES[name]
    assert old in RIGHT
    path.write_text(RIGHT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(AssignmentError) as caught:
        read_assignment_file(path)
    (first, *_) = problems_of(path)

    assert caught.value.code == "assignment-invalid"
    assert caught.value.message.startswith(f"'06-x' 과제의 assignment.toml {line}번째 줄: ")
    assert words in caught.value.message
    assert f"assignment.toml:{line}: " in caught.value.detail
    assert (first.code, first.line) == (code, line)
    assert first.code in CODES


def test_all_mistakes_of_a_file_are_told_at_once(path: Path) -> None:
    text = RIGHT.replace("memory_mb", "memory_bm").replace("points = 17.5", 'points = "x"').replace('"h"', '"h h"')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AssignmentError) as caught:
        read_assignment_file(path)

    assert [finding.line for finding in problems_of(path)] == [9, 23, 24]
    assert len(caught.value.detail.splitlines()) == 3
    assert "모두 3군데" in caught.value.message


def test_a_file_that_is_not_utf_8_names_its_line(path: Path) -> None:
    path.write_bytes(RIGHT.replace("둘", "2").encode("cp949"))
    (finding,) = problems_of(path)

    assert (finding.code, finding.line) == ("toml-unreadable", 1)


def test_a_file_that_is_missing_is_an_error_of_the_assignment(path: Path) -> None:
    with pytest.raises(AssignmentError, match="읽을 수 없습니다"):
        read_assignment_file(path)


def test_the_catalog_names_the_line_too(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text(RIGHT.replace("cell_seconds", "notebok_seconds"), encoding="utf-8")
    monkeypatch.setenv("AUTOGRADER_SUITES", str(path.parent.parent))
    with pytest.raises(AssignmentError) as caught:
        load_assignment("06-x")

    wanted = "assignment.toml 8번째 줄: 모르는 키 'notebok_seconds'입니다. 'notebook_seconds'를 뜻한 것인지 확인하세요."
    assert caught.value.message == f"'06-x' 과제의 {wanted}"


def test_the_files_of_the_course_have_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOGRADER_SUITES", raising=False)
    files = sorted(suites_dir().glob("*/assignment.toml"))

    assert files
    assert {file: problems_of(file) for file in files if problems_of(file)} == {}


def test_the_table_of_limits_is_that_of_the_model() -> None:
    fields = {field.name: field.default for field in msgspec.structs.fields(LimitsTable)}
    assert fields == {field.name: field.default for field in dataclasses.fields(Limits)}


@pytest.mark.parametrize("struct", [AssignmentFile, LimitsTable, OpenProblemTable, QuestionTable])
def test_every_table_refuses_what_it_does_not_know(struct: type[msgspec.Struct]) -> None:
    assert struct.__struct_config__.forbid_unknown_fields
    assert struct.__struct_config__.frozen


LINES = '''\
# a = 1
"title" = "x = [ # \\" not a comment" # a comment
text = """
[limits]
fake = 1
"""
literal = \'\'\'
points = 2 \'\'\'
limits.cell_seconds = 5
inline = { id = "q", deep = { x = 1 } }

[ a . "b c" ]
k=1
[[ q ]]
[q.sub]
z = 1
[[q]]   # again
 y   =   [
   1, # ]
   [2],
 ]
w = 2'''


@pytest.mark.parametrize(
    ("where", "line"),
    [
        (("title",), 2),
        (("text",), 3),
        (("fake",), 1),
        (("literal",), 7),
        (("points",), 1),
        (("limits", "cell_seconds"), 9),
        (("limits", "memory_mb"), 9),
        (("inline", "deep", "x"), 10),
        (("a", "b c", "k"), 13),
        (("q", 0), 14),
        (("q", 0, "sub", "z"), 16),
        (("q", 1), 17),
        (("q", 1, "y"), 18),
        (("q", 1, "w"), 22),
        (("q", 1, "none"), 17),
        ((), 1),
    ],
)
def test_the_line_of_a_key(where: tuple[str | int, ...], line: int) -> None:
    assert toml_lines(LINES).line(*where) == line


@given(st.text(alphabet="[]{}\"'=.#\n\\ab1 ", max_size=80))
def test_no_text_upsets_the_search_for_lines(text: str) -> None:
    assert 0 <= toml_lines(text).line("a", 0, "b") <= text.count("\n") + 1
