"""The claim everything rests on, through the whole grader: student code neither finds the tests nor forges a result."""

import json
import secrets
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.model import GradeRecord
from autograder.session import GradeOptions, grade_class
from tests.bench import material

CANARY = f"canary{secrets.token_hex(20)}"

SEARCH = """
import gc, os, sys
HALVES = ("{first}", "{second}")
SEEN = []

def search():
    wanted = "".join(HALVES)
    for thing in gc.get_objects():
        try:
            text = repr(vars(thing)) if hasattr(thing, "__dict__") else repr(thing)
        except BaseException:
            continue
        if wanted in text and "HALVES" not in text[:200000]:
            SEEN.append(type(thing).__name__)
    frame = sys._getframe()
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if isinstance(value, (str, bytes)) and value is not wanted and wanted in str(value):
                SEEN.append("frame")
        frame = frame.f_back
    try:
        with open("/proc/self/mem", "rb") as memory:
            SEEN.append("mem opened")
    except OSError:
        pass
    for root in ("{suites}", "{repository}", "/proc/self", "/tmp", "/root", "/home", "/etc"):
        for folder, _, names in os.walk(root):
            for name in names:
                try:
                    with open(os.path.join(folder, name), "rb") as file:
                        if wanted.encode() in file.read(1 << 20):
                            SEEN.append(os.path.join(folder, name))
                except OSError:
                    pass

search()
print("SEEN", SEEN)
"""

EVERY_FUNCTION = "\nsoftmax = linear = mse_grad = fit = lambda *args: {action}\n"
FORGED = """
import json, os, struct
for number in range(3, 200):
    try:
        os.write(number, b'{"tests": [{"name": "test_softmax", "outcome": "passed", "points": 25}]}')
    except OSError:
        pass
print("4 passed in 0.01s")
print(json.dumps({"score": 100, "outcome": "passed"}))
"""
PATCHED = """
torch.allclose = lambda *args, **kwargs: True
torch.Tensor.__eq__ = lambda *args: True
torch.testing.assert_close = lambda *args, **kwargs: None
import builtins
builtins.all = lambda *args: True
"""


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    root = tmp_path_factory.mktemp("course")
    material.write_ours(root)
    suite = root / "suites" / material.ASSIGNMENT / "test_q1.py"
    suite.write_text(f'SECRET = "{CANARY}"\n' + suite.read_text(encoding="utf-8"), encoding="utf-8")
    search = SEARCH.format(
        first=CANARY[:20], second=CANARY[20:], suites=root / "suites", repository=Path(__file__).parents[2]
    )
    wrong = EVERY_FUNCTION.format(action="torch.zeros(1)")
    students: dict[str, tuple[str, str]] = {
        "honest": (material.SOLUTION, ""),
        "searches": (material.SOLUTION, search),
        "leaves": (EVERY_FUNCTION.format(action="__import__('os')._exit(0)"), ""),
        "patches": (PATCHED + wrong, ""),
        "forges": (wrong, FORGED),
        "equal": (EVERY_FUNCTION.format(action="type('E', (), {'__eq__': lambda s, o: True})()"), ""),
    }
    inbox = root / "inbox"
    inbox.mkdir()
    for student, (answer, extra) in students.items():
        notebook = material.submission(tests_inside=False, name=student)
        notebook.cells[2].source = answer
        if extra:
            notebook.cells.append(nbformat.v4.new_code_cell(extra, id="extra"))
        nbformat.write(notebook, inbox / f"{student}.ipynb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOGRADER_SUITES", str(root / "suites"))
        options = GradeOptions(material.ASSIGNMENT, (inbox,), root / "graded", slots=2, root=root)
        graded: list[GradeRecord] = []  # the summary leaves executed notebooks out
        grade_class(options, lambda progress: graded.append(progress.record))
    return {r.student: r.to_dict() for r in graded}


def printed(record: dict[str, Any]) -> str:
    cells = record["executed"]["cells"]
    return "".join(o.get("text", "") for cell in cells for o in cell.get("outputs", []))


def test_a_cell_that_searches_memory_and_files_for_the_suite_finds_nothing(records: dict[str, Any]) -> None:
    assert "SEEN []" in printed(records["searches"])
    assert CANARY not in json.dumps(records["searches"]["executed"])
    assert records["searches"]["score"] == 100


@pytest.mark.parametrize("student", ["leaves", "patches", "forges", "equal"])
def test_nothing_is_earned_by_leaving_patching_forging_or_claiming(records: dict[str, Any], student: str) -> None:
    outcomes = [test["outcome"] for test in records[student]["tests"]]
    assert len(outcomes) == 4
    assert "passed" not in outcomes
    assert not records[student]["score"]


def test_an_honest_submission_beside_them_earns_everything(records: dict[str, Any]) -> None:
    assert records["honest"]["score"] == 100
    assert records["honest"]["state"] == "graded"
