"""No call in the tree writes to a terminal, a log or a spreadsheet but through `autograder.sinks`.

The source is read, not run: a new print, echo, logger, handler or writer anywhere fails here, and a line whose template
is not a constant of ours. What is excepted stands in `EXCEPTIONS`, with the reason. What is filled into rich's markup
is looked into by `test_markup`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reading import ROOT, dotted, sources

EXCEPTIONS = {
    (
        "autograder/sandbox/shell/frames.py",
        "sys.stderr",
    ): "in the sandbox: a thread's traceback, among a cell's outputs",
    ("autograder/sandbox/shell/workers.py", "sys.stderr"): "as above, of a worker",
    (
        "autograder/sandbox/shell/progress.py",
        "sys.stdout",
    ): "in the sandbox: a line that the student prints beside a bar",
    ("course/checks.py", "print"): "in the student's own notebook, about the student's own work",
    ("course/shown.py", "print"): "as above, outside of a notebook",
    ("course/story.py", "print"): "as above: a constant",
    ("course/sources.py", "sys.stdout"): "the card of sources, for who writes a notebook: the project's own data",
    ("course/training/pretrain_jamo.py", "print"): "two accuracies, on the machine of who trains the weights",
    ("course/deploy/tljh/install.py", "print"): (
        "runs with the hub's Python, before this package is there; course ids, paths and commands of the installer's"
    ),
    ("course/deploy/tljh/install.py", "sys.stderr"): "as above",
    ("course/deploy/tljh/zz_autograder.py", "print"): "in the hub, which has not this package; a path and its error",
    ("course/deploy/tljh/zz_autograder.py", "sys.stderr"): "as above",
    ("course/submit.py", "self.log"): (
        "in the student's own server: the path of the student's own folder, and a traceback for the student"
    ),
    ("autograder/sandbox/shell/cells.py", "sys.stdout"): "in the sandbox: puts the cell's streams in their place",
    ("autograder/sandbox/shell/cells.py", "sys.stderr"): "as above",
    ("autograder/sandbox/shell/cells.py", "getpass.getpass"): "in the sandbox: puts a refusal in its place",
    ("autograder/sandbox/processes/forkserver.py", "sys.stderr"): "flushes it before the process ends",
}
"""A file and what stands in it, and why that may stand there. A bare name is every use of it in that file."""

LEVELS = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL", "Logger"}
STREAMS = {f"sys.{name}" for name in ("stdout", "stderr", "__stdout__", "__stderr__")}
LOGGED = {"debug", "info", "warning", "error", "exception", "critical", "fatal"}
FORBIDDEN = {
    *("print", "input", "getpass.getpass", "pprint.pprint", "click.echo", "click.secho", "click.echo_via_pager"),
    *("click.prompt", "click.confirm", "click.style", "click.progressbar", "rich.print", "rich.print_json"),
    *("csv.writer", "csv.DictWriter", "warnings.warn", "warnings.warn_explicit", "warnings.showwarning"),
    *("traceback.print_exc", "traceback.print_exception", "traceback.print_last", "traceback.print_stack"),
    *("traceback.print_tb", "faulthandler.enable", "faulthandler.dump_traceback", "syslog.syslog", "rich.inspect"),
    *("Console", "rich.console.Console", "rich.get_console", "pydoc.pager"),
}
NAMES_FROM = {
    "sys": {"stdout", "stderr", "__stdout__", "__stderr__"},
    "click": {"echo", "secho", "echo_via_pager", "prompt", "confirm"},
    "csv": {"writer", "DictWriter"},
    "rich": {"print", "print_json", "get_console", "inspect"},
    "traceback": {"print_exc", "print_exception", "print_stack", "print_tb"},
    "warnings": {"warn"},
    "pprint": {"pprint", "pp"},
    "builtins": {"print", "input"},
    "logging": {"*"},
}
METHODS = {"to_csv", "to_excel", "write_markdown", "log_message"}

FILES = sources("autograder", "course")
OWN = sources("autograder")
BY_NAME = {"ids": lambda path: str(path.relative_to(ROOT))}


def excepted(path: Path, *texts: str) -> bool:
    name = str(path.relative_to(ROOT))
    return any((name, text) in EXCEPTIONS for text in texts)


def parents(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


def raw(source: str) -> Iterator[tuple[str, ast.AST]]:
    """Yield every use of a sink: what it is called, and the node."""
    tree = ast.parse(source)
    above = parents(tree)
    bars = "from rich" in source
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in NAMES_FROM:
            wanted = NAMES_FROM[node.module]
            for alias in node.names:
                if alias.name in wanted or "*" in wanted or alias.name == "*":
                    yield f"from {node.module} import {alias.name}", node
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname and alias.name in {*NAMES_FROM, "rich.console"}:
                    yield f"import {alias.name} as {alias.asname}", node
        elif isinstance(node, ast.Name) and node.id in ("print", "input") and isinstance(node.ctx, ast.Load):
            yield node.id, node
        elif isinstance(node, ast.Attribute):
            name = dotted(node)
            if name in STREAMS:
                yield name, node
            elif name.startswith("logging.") and name.count(".") == 1 and node.attr not in LEVELS:
                if not own_logger(node, above):
                    yield name, node
            elif name in FORBIDDEN:
                yield name, node
        elif isinstance(node, ast.Call):
            yield from raw_call(node, bars=bars)


def raw_call(node: ast.Call, *, bars: bool) -> Iterator[tuple[str, ast.AST]]:
    name = dotted(node.func)
    last = node.func.attr if isinstance(node.func, ast.Attribute) else name
    if name == "Console" or last in METHODS:
        yield last, node
    elif name == "os.write" and isinstance(node.args[0], ast.Constant):
        yield f"os.write({node.args[0].value!r})", node
    elif name in ("sys.exit", "SystemExit", "exit", "quit", "os.abort") and node.args and not status(node.args[0]):
        yield f"{name} with a text", node
    elif last in ("error", "exit") and name.startswith("parser."):
        yield f"{name}", node
    elif name == "Progress" and bars and not any(keyword.arg == "console" for keyword in node.keywords):
        yield "Progress on a console of its own", node
    elif last in LOGGED and isinstance(node.func, ast.Attribute) and dotted(node.func.value) != "_log":
        base = dotted(node.func.value)
        if base.endswith((".log", "log", "logger", "logging")):
            yield base, node


def status(node: ast.expr) -> bool:
    """Whether an expression is an exit status for certain: numbers, or what a function returns."""
    if isinstance(node, ast.IfExp):
        return status(node.body) and status(node.orelse)
    return isinstance(node, ast.Call) or (isinstance(node, ast.Constant) and isinstance(node.value, int))


def own_logger(node: ast.Attribute, above: dict[ast.AST, ast.AST]) -> bool:
    """Whether somebody else's logger is only told its level, or is cleaned first."""
    call = above[node]
    if node.attr != "getLogger" or not isinstance(call, ast.Call):
        return False
    user = above[call]
    if isinstance(user, ast.Attribute):
        return user.attr == "setLevel"
    return isinstance(user, ast.Call) and dotted(user.func) == "clean_log"


@pytest.mark.parametrize("path", FILES, **BY_NAME)
def test_nothing_writes_to_people_by_itself(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    cleans_log = "clean_log(self.log)" in source
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {name}"  # type: ignore[attr-defined]
        for name, node in raw(source)
        if not excepted(path, name, ast.unparse(above_call(source, node)))
        and not (name in ("self.log", "self.parent.log") and cleans_log)
    ]
    assert found == []


def above_call(source: str, node: ast.AST) -> ast.AST:
    """Return the call that a name is the function of, else the node itself."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and (call.lineno, call.col_offset) == (
            getattr(node, "lineno", 0),
            getattr(node, "col_offset", 0),
        ):
            return call
    return node


@pytest.mark.parametrize("path", OWN, **BY_NAME)
def test_every_log_of_a_module_is_a_cleaned_one(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    made = {
        target.id: ast.unparse(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    if any(isinstance(node, ast.Name) and node.id == "_log" for node in ast.walk(tree)):
        assert made.get("_log") == "logger(__name__)"
        assert "from autograder.sinks.log import" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sources("autograder", "course/deploy"), **BY_NAME)
def test_a_printed_line_is_a_template_of_ours_and_its_values(path: Path) -> None:
    """`say` cleans the values, not the template."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and dotted(call.func) == "say":
            template = call.args[0]
            assert isinstance(template, ast.Constant) or (isinstance(template, ast.Name) and template.id in constants)
            assert len(call.args) == 1


# The finder finds


@pytest.mark.parametrize(
    "line",
    [
        "print(name)",
        "tell = print",
        "click.echo(name)",
        "click.secho(name)",
        "sys.stdout.write(name)",
        "out = sys.stderr",
        "from sys import stderr",
        "from click import echo",
        "from csv import writer",
        "import logging as l",
        "csv.writer(file)",
        "csv.DictWriter(file, names)",
        "frame.to_csv(path)",
        "logging.info(name)",
        "logging.getLogger(__name__)",
        "logging.getLogger('x').error(name)",
        "logging.StreamHandler()",
        "logging.basicConfig()",
        "self.log.error(name)",
        "log.warning(name)",
        "warnings.warn(name)",
        "traceback.print_exc()",
        "Console()",
        "rich.print(name)",
        "from rich.progress import Progress; Progress()",
        "os.write(2, name)",
        "sys.exit(f'no {name}')",
        "sys.exit(message)",
        "raise SystemExit(message)",
        "parser.error(name)",
        "input(name)",
    ],
)
def test_a_sink_of_every_kind_is_found(line: str) -> None:
    assert list(raw(f"def f():\n    {line}\n")), line


@pytest.mark.parametrize(
    "line",
    [
        "_log.info('%s', name)",
        "sys.exit(1 if bad else 0)",
        "sys.exit(main())",
        "logging.getLogger('alembic').setLevel(logging.WARNING)",
        "clean_log(logging.getLogger('distributed'))",
        "from rich.progress import Progress; Progress(console=console)",
        "say('{name}', name=name)",
    ],
)
def test_what_is_no_sink_is_left_alone(line: str) -> None:
    assert list(raw(f"def f():\n    {line}\n")) == []


def test_every_exception_is_still_needed() -> None:
    for name, text in EXCEPTIONS:
        source = (ROOT / name).read_text(encoding="utf-8")
        assert text in source, f"{name}: {text}"
