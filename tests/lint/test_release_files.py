"""What students would be given: each mistake is found, and what the course releases has none."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.catalog import assignments
from autograder.errors import AssignmentError
from autograder.findings import CODES, Finding
from autograder.integrations.release_check import cell_problems
from autograder.lint.release import check_release
from autograder.model import Assignment, OpenProblem
from tests.lint.conftest import cell_of, notebook_of

ROOT = Path(__file__).resolve().parents[2]
SOLVED = '''\
def forward(x):
    """순전파를 계산합니다."""
    ### BEGIN SOLUTION
    hidden = torch.tanh(x @ weights + biases)
    return hidden
    ### END SOLUTION
'''
ANSWER = "나눌 수 없는 부분이 전체의 속도를 정하기 때문입니다."
SOLUTION = {"solution": True, "grade": False, "locked": False}
CHECK = {"solution": False, "grade": True, "locked": True}
MASTER = notebook_of(
    cell_of("markdown", "header", "# 제목", solution=False, grade=False, locked=True),
    cell_of("code", "q1", SOLVED, **SOLUTION),
    cell_of("code", "q1-check", 'check("q1")', **CHECK, points=3),
    cell_of("code", "experiment", "for seed in range(3):\n    print(forward(seed))"),
    cell_of(
        "code", "q2", "class Net:\n    pass\n\ndef loss(a):\n    ### BEGIN SOLUTION\n    ### END SOLUTION", **SOLUTION
    ),
    cell_of("code", "q2-check", 'check("q2")', **CHECK, points=2),
    cell_of("markdown", "reflection", ANSWER, solution=True, grade=True, locked=False, points=1),
)
FILES = {"checks/q1.py": 'name = "q1"\n', "checks/q2.py": 'name = "q2"\n', "data.csv": "1,2\n"}
Check = Callable[..., list[Finding]]


@pytest.fixture
def found(assignment: Assignment, tmp_path: Path) -> Check:
    """Check the small assignment after `change` has changed its cells (by id), and with some files more or less."""

    def check(change: Callable[[dict[str, Any]], None] = lambda cells: None, **files: str | None) -> list[Finding]:
        master = copy.deepcopy(MASTER)
        change({cell["id"]: cell for cell in master["cells"]})
        assert assignment.master is not None
        assignment.master.write_text(json.dumps(master, ensure_ascii=False), encoding="utf-8")
        for name, text in {**FILES, **files}.items():
            path = assignment.master.parent / name
            path.parent.mkdir(exist_ok=True)
            if text is not None:
                path.write_text(text, encoding="utf-8")
        return check_release(assignment, tmp_path)

    return check


def test_a_release_without_a_mistake_has_no_finding(found: Check) -> None:
    assert found() == []


def source(cell: str, old: str, new: str) -> Callable[[dict[str, Any]], None]:
    def change(cells: dict[str, Any]) -> None:
        assert old in cells[cell]["source"]
        cells[cell]["source"] = cells[cell]["source"].replace(old, new)

    return change


def own(cell: str, **changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda cells: cells[cell]["metadata"]["nbgrader"].update(changes)


IN_CELLS = {
    "points of the notebook": (own("q1-check", points=4), "release-points", "'q1'의 배점이 원본 노트북에는 4점"),
    "a misspelt id of a check": (own("q1-check", grade_id="q1-chek"), "release-cell", "'q1-check'가 없습니다"),
    "a misspelt id of a solution": (own("q2", grade_id="q3"), "release-cell", "'q2'가 없습니다"),
    "a check without points": (own("q1-check", grade=False), "release-cell", "점수 셀"),
    "an id twice": (own("header", grade_id="q1-check", grade=True), "release-cell", "1번째 셀의 grade_id도"),
    "a graded cell of no question": (own("header", grade=True), "release-cell", "1번째 셀 'header': 점수가 있는"),
    "a graded cell that a person grades": (own("q1-check", solution=True), "release-cell", "manually graded"),
    "a task of nobody's": (own("header", task=True, points=3), "release-cell", "1번째 셀 'header': 점수가 있는"),
    "a text put back that is not locked": (own("header", locked=False), "release-cell", "원본으로 되돌리는 셀"),
    "an answer that is no code": (lambda c: c["q1"].update(cell_type="markdown"), "release-cell", "코드 셀이어야"),
    "a check that is not locked": (own("q1-check", locked=False), "release-cell", "잠겨"),
    "a function of another name": (source("q1", "def forward", "def foward"), "release-name", "'forward'가 이 셀에"),
    "a class of another name": (source("q2", "class Net", "class Nett"), "release-name", "'Net'이"),
    "a check of another question": (source("q2-check", "q2", "q1"), "release-check", 'check("q2")'),
    "a check that checks nothing": (source("q2-check", "check(", "chek("), "release-check", "6번째 셀 'q2-check'"),
    "a region without an end": (source("q1", "### END SOLUTION", ""), "release-region", "2번째 셀 'q1'"),
    "a region without a beginning": (source("q1", "### BEGIN SOLUTION", ""), "release-region", "짝이 맞지"),
    "an end before its beginning": (
        source("q2", "    ### BEGIN SOLUTION\n    ### END SOLUTION", "    ### END SOLUTION\n    ### BEGIN SOLUTION"),
        "release-region",
        "5번째 셀 'q2'",
    ),
    "a solution in a cell that is none": (own("q1", solution=False), "release-region", "풀이 셀(solution)이 아닙니다"),
    "a marker in a cell of nobody's": (
        source("experiment", "for seed", "### BEGIN SOLUTION\n### END SOLUTION\nfor seed"),
        "release-solution",
        "4번째 셀 'experiment'",
    ),
    "a misspelt marker": (
        source("experiment", "for seed", "### BEGIN SOLUTON\nfor seed"),
        "release-solution",
        "'### BEGIN SOLUTON'이",
    ),
    "a line of a solution elsewhere": (
        source("experiment", "for seed", "hidden  =  torch.tanh(x @ weights + biases)\nfor seed"),
        "release-solution",
        "2번째 셀 'q1'의 풀이",
    ),
    "a line of a solution beside its region": (
        source("q1", '"""순', '# hidden = torch.tanh(x @ weights + biases)\n    """순'),
        "release-solution",
        "2번째 셀 'q1': 2번째",
    ),
    "a model answer elsewhere": (source("header", "# 제목", f"# 제목\n{ANSWER}"), "release-solution", "'reflection'"),
}


@pytest.mark.parametrize("name", IN_CELLS)
def test_a_mistake_in_the_notebook_is_found(found: Check, name: str) -> None:
    change, code, words = IN_CELLS[name]
    problems = found(change)

    told = [p for p in problems if p.code == code and words in p.message]
    assert told, problems
    assert told[0].file == "06-x.ipynb"
    assert {p.code for p in problems} <= CODES.keys()


IN_FILES = {
    "a check that is missing": ("checks/q2.py", None, 0, "release-check", "공개 점검 checks/q2.py가"),
    "a check of no question": ("checks/q3.py", 'name = "q3"\n', 0, "release-check", "'q3'이"),
    "a check of another name": ("checks/q2.py", '"""가."""\nname = "q1"\n', 2, "release-check", "문항의 id 'q2'와"),
    "a stray file": ("notes.md", "비밀", 0, "release-stray-file", "extra_files"),
    "a stray file in a folder": ("checks/answers.json", "{}", 0, "release-stray-file", "배포"),
    "a second notebook": ("old.ipynb", "{}", 0, "release-stray-file", "배포"),
    "a marker in a check": ("checks/q1.py", 'name = "q1"\n# END SOLUTION\n', 2, "release-solution", "'END SOLUTION'이"),
    "a marker in a text": ("data.csv", "1\n### BEGIN MARK SCHEME\n", 2, "release-solution", "MARK SCHEME"),
    "a solution in a check": (
        "checks/q1.py",
        'name = "q1"\n\ndef f(x):\n    return hidden = torch.tanh(x @ weights + biases)\n',
        4,
        "release-solution",
        "'q1'의 풀이",
    ),
}


@pytest.mark.parametrize("name", IN_FILES)
def test_a_mistake_beside_the_notebook_is_found(found: Check, name: str) -> None:
    file, text, line, code, words = IN_FILES[name]
    problems = found(**{file: text})

    assert [(p.code, p.file, p.line) for p in problems] == [(code, file, line)]
    assert words in problems[0].message


OPEN = OpenProblem("열린 문제", "정확도", "high", 0.6, 300.0, "표본", 0.0, 1.0)
QUIET = 'open_problem("06", number=None, spent=None, share=False)'
OPEN_CELLS = {
    # the cell, whether assignment.toml has the table, words of the message
    "no cell": ("print(1)", True, '노트북에 open_problem("06", ...)이 없습니다'),
    "no table": (QUIET, False, "[open_problem] 표가 없습니다"),
    "another assignment": (QUIET.replace("06", "05"), True, '노트북에 open_problem("06", ...)이 없습니다'),
    "another assignment too": (f"{QUIET}\n{QUIET.replace('06', '05')}", True, '"06"을 적어야 합니다'),
    "taking part": (QUIET.replace("None", "1").replace("False", "True"), True, "share=False로"),
    "two that differ": (f"{QUIET}\n{QUIET.replace('False', 'wish')}", True, "한 번만"),
}


@pytest.mark.parametrize("name", OPEN_CELLS)
def test_the_cell_of_the_open_problem_fits_its_table(found: Check, assignment: Assignment, name: str) -> None:
    source, table, words = OPEN_CELLS[name]
    object.__setattr__(assignment, "open_problem", OPEN if table else None)
    (problem,) = found(lambda cells: cells["experiment"].update(source=source))

    assert (problem.code, problem.file) == ("release-open-problem", "06-x.ipynb")
    assert words in problem.message


def test_an_open_problem_with_its_cell_is_right(found: Check, assignment: Assignment) -> None:
    object.__setattr__(assignment, "open_problem", OPEN)
    assert found(lambda cells: cells["experiment"].update(source=QUIET)) == []


@pytest.mark.parametrize("name", ["checks/__init__.py", ".DS_Store", "checks/__pycache__", "x.pyc"])
def test_what_no_release_holds_is_left_alone(found: Check, name: str) -> None:
    assert found(**{name: ""}) == []


def test_what_a_release_refuses_lint_says_too(found: Check, assignment: Assignment) -> None:
    change, _, _ = IN_CELLS["points of the notebook"]
    master = copy.deepcopy(MASTER)
    change({cell["id"]: cell for cell in master["cells"]})

    assert cell_problems(assignment, master, master) == found(change)
    assert "q1: 4 points" in found(change)[0].detail


def test_without_a_master_there_is_nothing_to_check(assignment: Assignment, tmp_path: Path) -> None:
    with pytest.raises(AssignmentError):
        check_release(assignment, tmp_path)


def test_the_releases_of_the_course_have_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOGRADER_SUITES", raising=False)
    readable, _ = assignments(ROOT)

    assert readable
    assert {a.id: check_release(a, ROOT) for a in readable} == {a.id: [] for a in readable}
