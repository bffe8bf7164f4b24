"""What students may see holds nothing of what they may not, and the packages import in one direction only."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEXT = {".ipynb", ".py", ".md", ".toml", ".json", ".txt", ".csv", ".cfg", ".yml", ".yaml", ".html"}
SHORTEST = 25
EVERYBODYS = {
    "nn.functional.cross_entropy(model(x), y).backward()",
    "losses.append(loss.item())",
    "for place, depth in enumerate(depths):",
}
"""Lines of any training loop, which give nothing away."""

# From the top down; each may import only what stands after it. `session`, `terminal` and `progress` belong to the
# command line, `corpus` reads cases for the tests and for `quality`.
ORDER = [
    {
        "cli",
        "commands",
        "__main__",
        "session",
        "terminal",
        "progress",
        "service",
        "class_views",
        "roll_call",
        "comparison",
    },
    {"quality"},
    {"lint"},
    {"integrations"},
    {"report"},
    {"grading"},
    {"corpus"},
    {"intake"},
    {"judge"},
    {"sandbox"},
    {"catalog"},
    {"assignment_file", "course_file"},
    {"findings", "model", "toml_lines", "code_hash", "sinks"},
    {"cells", "errors", "korean", "marks", "plain", "remedies"},
]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The students' wheel, built as `make wheel` does."""
    out = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(out), str(ROOT / "course")],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]
    (path,) = out.glob("*.whl")
    return path


def cells(path: Path) -> list[tuple[str, str]]:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return [(cell["metadata"].get("nbgrader", {}), "".join(cell["source"])) for cell in notebook["cells"]]


def text_of(name: str, content: bytes) -> str:
    """A file as a reader meets it: a notebook's cells unescaped, beside the raw text."""
    raw = content.decode("utf-8", errors="replace")
    if name.endswith(".ipynb"):
        return raw + "\n".join("".join(cell["source"]) for cell in json.loads(raw)["cells"])
    return raw


def squeezed(line: str) -> str:
    return re.sub(r"\s+", " ", line).strip()


def secret_lines() -> dict[str, str]:
    """Lines of hidden suites and of solutions, long enough to mean something, each with where it stands.

    Left out: imports and the public signatures, which students know.
    """
    found: dict[str, str] = {}
    story = (ROOT / "course" / "story.toml").read_text(encoding="utf-8")
    told = {squeezed(line) for line in story.splitlines()}  # the open problems, for the grader in assignment.toml too

    def add(where: str, text: str) -> None:
        for line in map(squeezed, text.splitlines()):
            if len(line) >= SHORTEST and line not in EVERYBODYS and not re.match(r"(from|import|def|class) ", line):
                found.setdefault(line, where)

    for path in sorted((ROOT / "autograder" / "suites").rglob("*")):
        if path.suffix in TEXT and "__pycache__" not in path.parts:
            lines = path.read_text(encoding="utf-8").splitlines()
            public = told if path.name == "assignment.toml" else set()
            add(str(path.relative_to(ROOT)), "\n".join(line for line in lines if squeezed(line) not in public))
    for path in sorted((ROOT / "solutions").rglob("*.ipynb")):
        for own, source in cells(path):
            for region in re.findall(r"BEGIN SOLUTION(.*?)END SOLUTION", source, re.DOTALL):
                add(f"{path.name}: solution", region)
            if own.get("solution") and "BEGIN SOLUTION" not in source:
                add(f"{path.name}: model answer", source)
    return found


def public_texts(wheel: Path) -> Iterator[tuple[str, str]]:
    for folder in ("assignments", "course"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in TEXT and "__pycache__" not in path.parts:
                yield str(path.relative_to(ROOT)), text_of(path.name, path.read_bytes())
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            yield f"wheel: {name}", text_of(name, archive.read(name))


def test_no_hidden_line_and_no_solution_line_stands_in_what_students_get(wheel: Path) -> None:
    secrets = secret_lines()
    assert len(secrets) > 100
    leaks = []
    for name, text in public_texts(wheel):
        flat = squeezed(text)
        leaks += [f"{where} -> {name}: {line}" for line, where in secrets.items() if line in flat]
    assert leaks == []


def test_the_students_wheel_holds_what_notebooks_use_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    info = {name for name in names if re.match(r"whydl_course-[\d.]+\.dist-info/", name)}
    patterns = ("course/*.py", "course/py.typed", "course/s*.toml", "course/weights/*.safetensors")
    expected = {str(path.relative_to(ROOT)) for pattern in patterns for path in ROOT.glob(pattern)}
    assert not any(name.startswith("course/deploy") for name in names)
    assert names - info == expected


def test_the_wheel_works_without_the_rest_of_the_kit(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    script = (
        f"import sys; sys.path[:] = [p for p in sys.path if p not in ('', {str(ROOT)!r})]\n"
        f"sys.meta_path[:] = [f for f in sys.meta_path if 'editable' not in repr(f).lower()]\n"
        f"sys.path.insert(0, {str(tmp_path)!r})\n"
        "import course, importlib.util\n"
        f"assert course.__file__.startswith({str(tmp_path)!r}), course.__file__\n"
        "assert importlib.util.find_spec('autograder') is None\n"
        "course.digits(); course.style(); assert course.check('q1', {}) == 0.0\n"
        "course.changed('01'); course.open_problem('01')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr[-1500:]


def imports(path: Path) -> set[str]:
    """Dotted names that a module imports, relative ones resolved."""
    package = path.relative_to(ROOT).with_suffix("").parts
    package = package if path.name == "__init__.py" else package[:-1]
    package = tuple(part for part in package if part != "__init__")
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            names.add(origin)
            names |= {f"{origin}.{alias.name}" for alias in node.names}
    return names


def modules(folder: str) -> list[Path]:
    skipped = {"__pycache__", "suites", "deploy"}
    return [path for path in sorted((ROOT / folder).rglob("*.py")) if not skipped & set(path.parts)]


def part(name: str) -> str | None:
    """The piece of the house a dotted name belongs to, or None outside `autograder`."""
    pieces = name.split(".")
    return pieces[1] if pieces[0] == "autograder" and len(pieces) > 1 else None


@pytest.mark.parametrize("path", modules("autograder"), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_what_stands_below_it(path: Path) -> None:
    rank = {name: place for place, names in enumerate(ORDER) for name in names}
    inside = path.relative_to(ROOT / "autograder").parts
    own = inside[0].removesuffix(".py")
    if own == "__init__":
        assert not any(name.startswith("autograder.") for name in imports(path))
        return
    assert own in rank, f"{own} has no place in the order of packages"
    for name in imports(path):
        other = part(name)
        if other in rank and other != own and not (rank[own] == 0 == rank[other]):
            assert rank[own] < rank[other], f"{own} imports {name}"


@pytest.mark.parametrize("path", modules("course"), ids=lambda path: str(path.relative_to(ROOT)))
def test_course_imports_nothing_of_the_grader(path: Path) -> None:
    """Only what nbgrader itself loads, its students' Submit, imports nbgrader."""
    foreign = {"autograder", "nbgrader", "tests"} - ({"nbgrader"} if path.name == "submit.py" else set())
    assert not any(name.split(".")[0] in foreign for name in imports(path))


def test_the_untrusted_side_names_no_judge_and_no_suite() -> None:
    for path in modules("autograder"):
        if path.relative_to(ROOT / "autograder").parts[0] == "sandbox":
            above = {"judge", "grading", "suites", "integrations", "report", "intake"}
            assert not {part(name) for name in imports(path)} & above, path
