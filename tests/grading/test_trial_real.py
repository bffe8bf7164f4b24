"""The course's own suites, each spoilt in one place: what an author's slip would do to a class, refused before it."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from autograder.catalog import load_assignment
from autograder.errors import AssignmentError
from autograder.grading.ledger import Ledger
from autograder.grading.runs import open_run
from autograder.grading.slots import Slots
from autograder.grading.trial import admit
from tests.grading.works import ROOT

pytestmark = pytest.mark.soak

SUITES = {"02-weight-init": "test_q3.py", "03-optimizers": "test_q5.py", "04-gpu-speedup": "test_q6.py"}
STATEMENTS = {
    "a typo in a call": "student.no_such_function()",
    "an argument too few": "student.{function}()",
    "a wrong assertion": "assert 2 + 2 == 5",
    "a coin flip": "require(bool(np.random.random() < 0.5), '앞면이 아닙니다.')",
}
SECRET = b"a course's secret, for the soak"


@pytest.fixture(scope="module")
def slots() -> Iterator[Slots]:
    with Slots(2) as started:
        yield started


class Copy:
    """A copy of one real suite and its master, in a course of its own."""

    def __init__(self, root: Path, assignment_id: str) -> None:
        self.root, self.id = root, assignment_id
        self.suite = root / "suites" / assignment_id
        shutil.copytree(ROOT / "autograder" / "suites" / assignment_id, self.suite)
        shutil.copytree(ROOT / "solutions" / assignment_id, root / "solutions" / assignment_id)

    def refusal(self, slots: Slots) -> AssignmentError:
        with pytest.raises(AssignmentError) as caught:
            self._admit(slots)
        return caught.value

    def _admit(self, slots: Slots) -> None:
        with closing(Ledger("sqlite://")) as unused, ThreadPoolExecutor(2) as executor:
            run = open_run(load_assignment(self.id, self.root), unused, SECRET)
            admit(run, self.root / "graded", executor, slots.grade, parts=2)


@pytest.fixture(params=SUITES)
def copied(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Copy:
    monkeypatch.setenv("AUTOGRADER_SUITES", str(tmp_path / "suites"))
    return Copy(tmp_path, request.param)


def in_a_fixture(text: str, statement: str) -> str:
    return f"{text}\n\n@pytest.fixture(autouse=True)\ndef prepared(student):\n    {statement}\n"


def in_a_helper(text: str, statement: str) -> str:
    """Put a statement first into the first helper that is given `student`."""
    helper = next(
        node
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("test_")
        and not node.decorator_list
        and any(argument.arg == "student" for argument in node.args.args)
    )
    body = helper.body[1:] if isinstance(helper.body[0], ast.Expr) and len(helper.body) > 1 else helper.body
    lines = text.splitlines()
    lines.insert(body[0].lineno - 1, f"    {statement}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("place", [in_a_fixture, in_a_helper])
@pytest.mark.parametrize("mistake", STATEMENTS)
def test_a_slip_in_a_real_suite_is_refused_with_its_line(
    copied: Copy, mistake: str, place: object, slots: Slots
) -> None:
    assignment = load_assignment(copied.id, copied.root)
    file = SUITES[copied.id]
    question = assignment.question(file.removeprefix("test_").removesuffix(".py"))
    statement = STATEMENTS[mistake].format(function=question.names[0])
    path = copied.suite / file
    imports = "import numpy as np\nimport pytest\nfrom autograder.judge import require\n"
    text = path.read_text(encoding="utf-8")
    head, _, rest = text.partition('"""\n\n')
    path.write_text(place(f'{head}"""\n\n{imports}{rest}', statement), encoding="utf-8")  # type: ignore[operator]

    refused = copied.refusal(slots)

    line = 1 + path.read_text(encoding="utf-8").split(statement)[0].count("\n")
    assert refused.code == "suite-wrong"
    assert f"{file} {line}번째 줄" in refused.message


def test_a_wrong_reference_of_a_real_suite_is_refused(copied: Copy, slots: Slots) -> None:
    path = copied.suite / "reference.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    returns = next(n for f in functions for n in ast.walk(f) if isinstance(n, ast.Return) and n.value is not None)
    returns.value = ast.Constant(0.123)
    path.write_text(ast.unparse(tree), encoding="utf-8")

    assert copied.refusal(slots).code in ("suite-wrong", "suite-invalid")


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        ("test_q1.py", lambda text: text.replace("@points(", "# @points(", 1), "test_q1.py"),
        ("test_q1.py", lambda text: text.replace("@points(", "@points(1 + ", 1), "test_q1.py"),
        ("assignment.toml", lambda text: text.replace("notebook_seconds", "notebok_seconds"), "notebook_seconds"),
        ("test_q1.py", lambda text: text + text[text.rindex("@points") :], "줄에도"),
    ],
    ids=["missing points", "points that do not add up", "a misspelt key", "two tests of one name"],
)
def test_a_real_suite_that_does_not_hold_together_is_refused(
    copied: Copy, slots: Slots, file: str, change: object, said: str
) -> None:
    path = copied.suite / file
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")  # type: ignore[operator]

    refused = copied.refusal(slots)

    assert refused.code in ("suite-invalid", "assignment-invalid")
    assert said in refused.message
    assert "번째 줄" in refused.message
