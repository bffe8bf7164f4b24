"""One small torch notebook with four tests, packed for each grader from the same strings."""

from __future__ import annotations

import textwrap
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ASSIGNMENT = "bench"

SOLUTION = """\
def softmax(x):
    shifted = x - x.max(dim=-1, keepdim=True).values
    return shifted.exp() / shifted.exp().sum(dim=-1, keepdim=True)

def linear(x, weight, bias):
    return x @ weight.T + bias

def mse_grad(prediction, target):
    return 2 * (prediction - target) / prediction.numel()

def fit(x, y, steps, lr):
    weight = torch.zeros(1, x.shape[1], requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        ((x @ weight.T - y) ** 2).mean().backward()
        optimizer.step()
    return weight.detach()
"""

TESTS = {
    "softmax": (
        "x = torch.randn(7, 5, generator=torch.Generator().manual_seed(1))\n"
        "assert torch.allclose({call}softmax(x), torch.softmax(x, -1), atol=1e-6)"
    ),
    "linear": (
        "g = torch.Generator().manual_seed(2)\n"
        "x, w, b = torch.randn(6, 4, generator=g), torch.randn(3, 4, generator=g), torch.randn(3, generator=g)\n"
        "assert torch.allclose({call}linear(x, w, b), torch.nn.functional.linear(x, w, b), atol=1e-6)"
    ),
    "gradient": (
        "g = torch.Generator().manual_seed(3)\n"
        "p, t = torch.randn(8, 2, generator=g), torch.randn(8, 2, generator=g)\n"
        "assert torch.allclose({call}mse_grad(p, t), 2 * (p - t) / 16, atol=1e-6)"
    ),
    "training": (
        "g = torch.Generator().manual_seed(4)\n"
        "x = torch.randn(64, 3, generator=g)\n"
        "y = x @ torch.tensor([[1.0], [-2.0], [0.5]])\n"
        "assert torch.allclose({call}fit(x, y, 200, 0.1), torch.tensor([[1.0, -2.0, 0.5]]), atol=1e-2)"
    ),
}

IMPORTS = "import torch\nimport numpy as np\nimport matplotlib.pyplot as plt"


def _meta(grade_id: str, *, points: float = 0, grade: bool = False, solution: bool = False) -> dict[str, object]:
    meta: dict[str, object] = {
        "grade_id": grade_id,
        "grade": grade,
        "solution": solution,
        "locked": not solution,
        "schema_version": 3,
        "task": False,
    }
    if grade:
        meta["points"] = points
    return {"nbgrader": meta}


def _notebook(cells: list[nbformat.NotebookNode]) -> nbformat.NotebookNode:
    for index, cell in enumerate(cells):
        cell["id"] = f"cell-{index}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def master(*, tests_inside: bool) -> nbformat.NotebookNode:
    """Return the instructor's notebook; with `tests_inside` the hidden tests stand in it, as nbgrader wants them."""
    region = f"### BEGIN SOLUTION\n{SOLUTION}### END SOLUTION"
    cells = [
        new_markdown_cell("# Bench", metadata=_meta("title")),
        new_code_cell(IMPORTS, metadata=_meta("setup")),
        new_code_cell(region, metadata=_meta("q1", solution=True)),
    ]
    if tests_inside:
        for name, source in TESTS.items():
            hidden = f"### BEGIN HIDDEN TESTS\n{source.format(call='')}\n### END HIDDEN TESTS"
            cells.append(new_code_cell(hidden, metadata=_meta(name, points=25, grade=True)))
    else:
        cells.append(new_code_cell("pass", metadata=_meta("q1-check", points=100, grade=True)))
    return _notebook(cells)


def submission(*, tests_inside: bool, name: str = "", more: int = 0) -> nbformat.NotebookNode:
    """Return a student's right notebook for either packing, with so many `work` cells of the student's own."""
    notebook = master(tests_inside=tests_inside)
    notebook.cells[2].source = f"# {name}\n{SOLUTION}"
    for cell in notebook.cells[3:]:
        cell.source = "pass" if not tests_inside else ""
    own = [new_code_cell(work(number), id=f"own-{number}") for number in range(more)]
    notebook.cells[3:3] = own
    return notebook


def work(number: int) -> str:
    """Return a cell as students write them: a little computing, a line of output."""
    return (
        f"values = torch.linspace(0, {number + 1}, 1000)\n"
        "weights = torch.softmax(values, 0)\n"
        'print(f"mean {(weights * values).sum().item():.4f}")\n'
    )


BURN = """
def burn():
    model = torch.nn.Sequential(torch.nn.Linear(64, 64), torch.nn.Tanh(), torch.nn.Linear(64, 10))
    optimizer = torch.optim.Adam(model.parameters())
    x, y = torch.randn(256, 64), torch.randint(0, 10, (256,))
    for _ in range(400):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()

burn()
"""
"""A cell that trains for about half a second."""


def write_ours(root: Path) -> None:
    """Write a course root with `solutions/` and a suites folder for our grader."""
    suite = root / "suites" / ASSIGNMENT
    suite.mkdir(parents=True)
    (suite / "assignment.toml").write_text(
        'title = "Bench"\nnotebook = "bench.ipynb"\npoints = 100\n\n'
        '[[questions]]\nid = "q1"\ntitle = "q1"\npoints = 100\n',
        encoding="utf-8",
    )
    lines = ["import torch\n\nfrom autograder.judge import points\n"]
    for name, source in TESTS.items():
        body = textwrap.indent(f'"""{name}"""\n{source.format(call="student.")}', "    ")
        lines.append(f"\n\n@points(25)\ndef test_{name}(student):\n{body}\n")
    (suite / "test_q1.py").write_text("".join(lines), encoding="utf-8")
    (suite / "reference.py").write_text('"""Nothing."""\n', encoding="utf-8")
    (suite / "probes.py").write_text('"""Nothing."""\n', encoding="utf-8")
    folder = root / "solutions" / ASSIGNMENT
    folder.mkdir(parents=True)
    nbformat.write(master(tests_inside=False), folder / "bench.ipynb")


def write_nbgrader(root: Path) -> None:
    """Write an nbgrader course with the tests inside the source notebook."""
    folder = root / "source" / ASSIGNMENT
    folder.mkdir(parents=True)
    nbformat.write(master(tests_inside=True), folder / "bench.ipynb")
    (root / "nbgrader_config.py").write_text(
        'c = get_config()\nc.CourseDirectory.course_id = "bench"\n', encoding="utf-8"
    )


def write_otter(root: Path) -> None:
    """Write otter-grader's test files."""
    tests = root / "tests"
    tests.mkdir(parents=True)
    for name, source in TESTS.items():
        names = ("softmax", "linear", "mse_grad", "fit")
        used = next(n for n in names if f"{{call}}{n}(" in source)
        body = textwrap.indent(source.format(call=""), "    ")
        (tests / f"{name}.py").write_text(
            "from otter.test_files import test_case\nimport torch\n\nOK_FORMAT = False\n\n"
            f'name = "{name}"\npoints = 25\n\n'
            f"@test_case(points=25, hidden=True)\ndef test_{name}({used}):\n{body}\n",
            encoding="utf-8",
        )
