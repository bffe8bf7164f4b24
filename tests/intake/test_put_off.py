"""Which cells need not run before the score: the course's own, that nothing leans on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.catalog import load_assignment, read_master
from autograder.corpus import Case, build_notebook
from autograder.intake import assemble, read_notebook
from autograder.intake.put_off import experiments_of, put_off
from autograder.marks import Mark
from autograder.model import Submission

ROOT = Path(__file__).resolve().parents[2]
IDS = sorted(path.parent.name for path in ROOT.glob("solutions/*/*.ipynb"))
EXPERIMENT = "WIDTH, DEPTH = 8, 3\nfor width in (1, 2):\n    table = answer(width)\nplot = table"


def cell(source: str, **marks: Any) -> dict[str, Any]:
    metadata = {"nbgrader": {"grade_id": "x", "grade": False, "locked": False, "solution": False, **marks}}
    return {"cell_type": "code", "source": source, "metadata": metadata if marks else {}}


SETUP = cell("import torch", grade_id="setup", locked=True)
ANSWER = cell("def answer(n):\n    return n", grade_id="q1", solution=True)
CHECK = cell('check("q1")', grade_id="q1-check", locked=True, grade=True, points=5)


def waiting(*cells: dict[str, Any], experiment: str = EXPERIMENT, answer: str = "") -> list[str]:
    """The first words of those cells that wait, of a notebook with this experiment and these cells around it."""
    answering = {**ANSWER, "source": answer} if answer else ANSWER
    notebook = [SETUP, answering, CHECK, cell(experiment), *cells]
    found = put_off(notebook, frozenset({experiment}))
    return [str(notebook[index]["source"]).split("\n")[0] for index in found.cells]


BOTH = ['check("q1")', "WIDTH, DEPTH = 8, 3"]


@pytest.mark.parametrize("assignment_id", IDS)
def test_all_experiments_of_a_master_wait(assignment_id: str) -> None:
    assignment = load_assignment(assignment_id, ROOT)
    master = read_master(assignment)
    content = json.dumps(build_notebook(Case("all", "", "", (), "", ()), master)).encode()
    read, _ = read_notebook(content)
    assembled = assemble(Submission("a", assignment_id, "d", read, assignment.notebook), assignment, master)
    cells = assembled.notebook["cells"]
    code = [i for i, c in enumerate(cells) if c["cell_type"] == "code"]
    marks = {i: cells[i]["metadata"].get("nbgrader", {}) for i in code}
    running = [i for i in code if i not in assembled.put_off.cells]
    assert all(marks[i].get("solution") or (marks[i].get("locked") and not marks[i].get("grade")) for i in running)
    assert len(experiments_of(master)) >= 5


@pytest.mark.parametrize(
    ("own", "waits"),
    [
        ("print('끝')", True),
        ("print(WIDTH)", False),
        ("def helper():\n    return WIDTH", False),
        ("class Net:\n    size = WIDTH", False),
        ("[WIDTH for _ in range(3)]", False),
        ("f'{WIDTH}'", False),
        ("table = 3\nprint(table)", True),
        ("print(table)\ntable = 3", False),
        ("for width in range(3):\n    print(width)", True),
        ("with open('a') as plot:\n    plot.read()", True),
        ("if ready:\n    table = 1\nprint(table)", False),
        ("table += 1", False),
        ("del plot", False),
        ("def f():\n    global table\n    table += 1", False),
        ("def f(table):\n    table += 1\n    return table", True),
        ("def f():\n    table = 1\n    return table", True),
        ("try:\n    WIDTH\nexcept NameError:\n    print('없음')", False),
        ("globals()['WIDTH']", False),
        ("print(len(globals()))", False),
        ("vars()", False),
        ("vars(answer)", True),
        ("eval('WIDTH')", False),
        ("model = torch.nn.Linear(1, 1)\nmodel.eval()", True),
        ("exec('table')", False),
        ("import __main__", False),
        ("import sys\nsys.modules['__main__'].WIDTH", False),
        ("answer.__globals__['WIDTH']", False),
        ("[m for m in torch.nn.Linear(1, 1).modules()]", True),
        ("get_ipython().user_ns", False),
        ("%timeit answer(3)", True),
        ("%timeit -n 5 -r 1 answer(WIDTH)", False),
        ("%time print(WIDTH)", False),
        ("%%time\nprint(WIDTH)", False),
        ("%%time\nprint(answer(1))", True),
        ("%matplotlib inline", True),
        ("!ls", True),
        ("!echo {WIDTH}", False),
        ("%run other.py", False),
        ("%%bash\nls", False),
        ("await answer(1)", True),
        ("first, *table = [1, 2, 3]\nprint(table)", True),
        ("__import__('math').pi", True),
        ("__import__('importlib')", False),
        ("where = get_ipython", False),
        ("from importlib import import_module", False),
        ("from importlib.util import find_spec", False),
        ("from sys import modules", False),
        ("from inspect import currentframe, _getframe", False),
        ("%time exec('print(1)')", False),
        ("this does not parse", False),
        ("", True),
    ],
)
def test_a_cell_of_the_students_own_keeps_what_it_may_read(own: str, waits: bool) -> None:
    assert waiting(cell(own)) == (BOTH if waits else [] if _opaque(own) else ['check("q1")'])


def _opaque(own: str) -> bool:
    words = (
        "globals",
        "vars()",
        "eval('",
        "exec(",
        "__main__",
        "get_ipython",
        "{WIDTH}",
        "%run",
        "%%bash",
        "not parse",
        "importlib",
        "sys import modules",
        "_getframe",
    )
    return any(word in own for word in words) and "f'{" not in own


def test_an_answer_that_reads_an_experiments_name_keeps_it() -> None:
    assert waiting(answer="def answer(n):\n    return n * WIDTH") == ['check("q1")']
    assert waiting(answer="def answer(n):\n    WIDTH = 3\n    return n * WIDTH") == BOTH


def test_what_a_needed_experiment_reads_is_needed_too() -> None:
    first, second, third = "BASE = 1", "MORE = BASE + 1", "REST = BASE + 2"
    notebook = [SETUP, ANSWER, cell(first), cell(second), cell(third), cell("print(MORE)")]
    assert put_off(notebook, frozenset({first, second, third})).cells == (4,)


@pytest.mark.parametrize(
    ("experiment", "own"),
    [
        ("import statistics as st\nst.mean([answer(1)])", "st.mean([1])"),
        ("def helper():\n    return answer(1)", "helper()"),
        ("class Helper:\n    pass", "Helper()"),
        ("def fill():\n    global found\n    found = answer(1)\nfill()", "print(found)"),
    ],
)
def test_what_an_experiment_binds_is_found_however_it_does(experiment: str, own: str) -> None:
    first = experiment.split("\n", maxsplit=1)[0]
    assert first in waiting(cell("print('끝')"), experiment=experiment)
    assert first not in waiting(cell(own), experiment=experiment)


def test_an_experiment_that_can_reach_every_name_runs() -> None:
    assert waiting(experiment="print(len(globals()), answer(1))") == ['check("q1")']


@pytest.mark.parametrize(
    "marks", [{"grade_id": "q2", "solution": True}, {"grade_id": "q2", "solution": True, "locked": True}]
)
def test_an_answer_that_reads_like_an_experiment_runs(marks: dict[str, Any]) -> None:
    assert waiting({**cell(EXPERIMENT, **marks)}) == ['check("q1")']


def test_an_experiment_that_the_student_changed_runs() -> None:
    changed = EXPERIMENT.replace("8, 3", "16, 3")
    found = put_off([SETUP, ANSWER, cell(changed)], frozenset({EXPERIMENT}))
    assert found.cells == ()


@pytest.mark.parametrize(
    "experiment",
    [
        "import sys\nsys.path.insert(0, 'lib')",
        "torch.set_default_dtype(torch.float64)",
        "torch.backends.flags['x'] = 1",
        "answer.note = 'x'",
        "RESULTS.append(3)",
        "import matplotlib.pyplot as plt\nplt.rcParams['figure.dpi'] = 50",
        "CONFIG.update(a=1)",
        "torch.save(answer(1), 'model.pt')",
        "with open('table.csv', 'w') as file:\n    print(answer(1), file=file)",
        "%matplotlib inline\nprint(1)",
    ],
)
def test_an_experiment_that_changes_what_it_did_not_make_runs(experiment: str) -> None:
    assert waiting(experiment=experiment) == ['check("q1")']


@pytest.mark.parametrize("call", ["torch.add(answer(1), 1)", "np.append([1], answer(1))", "np.sort([answer(1)])"])
def test_an_experiment_that_makes_a_new_array_waits(call: str) -> None:
    assert waiting(experiment=f"print({call})") == ['check("q1")', f"print({call})"]


def test_a_cell_that_answers_a_question_is_no_experiment() -> None:
    answering = cell(EXPERIMENT)
    answering["metadata"] = Mark(cell=3, answers=("q1",)).metadata()
    assert put_off([SETUP, answering], frozenset({EXPERIMENT})).cells == ()


def test_checks_that_do_more_than_check_run() -> None:
    graded = {**CHECK, "source": "assert answer(1) == 1"}
    assert put_off([SETUP, ANSWER, graded], frozenset()).cells == ()


def test_names_are_what_the_judge_must_look_for() -> None:
    found = put_off([SETUP, ANSWER, CHECK, cell(EXPERIMENT)], frozenset({EXPERIMENT}))
    assert found.names == {"WIDTH", "DEPTH", "width", "table", "plot"}
