"""No call in the tree writes to a terminal, a log or a spreadsheet but through `autograder.sinks`.

The source is read, not run: a new print, echo, logger, handler or writer anywhere fails here. So does a string of
markup into which something is filled that was not cleaned, and a line whose template is not a constant of ours. What is
excepted stands in `EXCEPTIONS`, with the reason.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

EXCEPTIONS = {
    ("autograder/sandbox/shell/surroundings.py", "print(_NO_WORKERS.format(workers=workers))"): (
        "in the sandbox: caught as the cell's output, which the report cleans; a constant and a number"
    ),
    ("course/checks.py", "print"): "in the student's own notebook, about the student's own work",
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

CLEANING = {"shown", "shown_prose"}
"""What makes a value fit for markup."""
PLAIN_CLEANING = {"visible", "one_line"}
"""What makes a value fit where rich takes no markup."""
MARKUP_OF_OURS = {"trial_word", "_acceptance", "_points", "_left", "len"}
"""Functions whose result is markup of ours, or a number: each is looked into by `test_what_makes_markup_is_clean`."""
ARGUMENTS_OF_OURS = {"tell_trouble": "label", "tell": "markup"}
"""Functions that print an argument as markup: what is given to them is looked into where they are called."""
PRINTING = {"print", "add_row", "add_column", "update", "add_task", "status", "rule", "log"}
"""Methods of rich's consoles, tables and progress bars."""


def sources(*folders: str) -> list[Path]:
    skipped = {"__pycache__", "suites", "sinks"}
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if not skipped & set(path.relative_to(ROOT).parts)]


FILES = sources("autograder", "course")
OWN = sources("autograder")
BY_NAME = {"ids": lambda path: str(path.relative_to(ROOT))}


def excepted(path: Path, *texts: str) -> bool:
    name = str(path.relative_to(ROOT))
    return any((name, text) in EXCEPTIONS for text in texts)


def dotted(node: ast.expr) -> str:
    return ast.unparse(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""


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


# What is filled into markup


class Markup:
    """Says what in an expression of markup is neither ours nor cleaned.

    Args:
        function: where it stands; a name in it is what is assigned to it there.
        cleaning: the functions that clean for this place.
    """

    def __init__(self, function: ast.AST, module: ast.Module, cleaning: set[str]) -> None:
        self._cleaning = cleaning | MARKUP_OF_OURS
        self._checked = ARGUMENTS_OF_OURS.get(getattr(function, "name", ""))
        self._assigned: dict[str, list[ast.expr | None]] = {}
        for scope in (module, function):
            for node in ast.walk(scope) if scope is function else module.body:
                self._note(node)
        self._open: set[str] = set()

    def _note(self, node: ast.AST) -> None:
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                pairs = [(target, node.value)]
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = list(zip(target.elts, node.value.elts, strict=False))
                elif isinstance(target, ast.Tuple):
                    pairs = [(one, None) for one in target.elts]
                for one, value in pairs:
                    if isinstance(one, ast.Name):
                        self._assigned.setdefault(one.id, []).append(value)
        elif isinstance(node, (ast.For, ast.comprehension)):
            for one in ast.walk(node.target):
                if isinstance(one, ast.Name):
                    whole = isinstance(node.target, ast.Name)
                    self._assigned.setdefault(one.id, []).append(node.iter if whole else None)
        elif isinstance(node, ast.arg) and node.arg != self._checked:
            self._assigned.setdefault(node.arg, []).append(None)

    def dirty(self, node: ast.expr | None) -> list[str]:
        """Return what of an expression is not clean, as source."""
        if node is None:
            return ["an argument"]
        match node:
            case ast.Constant():
                return []
            case ast.JoinedStr():
                return [text for part in node.values for text in self.dirty(part)]
            case ast.FormattedValue():
                return [] if numeric(node) else self.dirty(node.value)
            case ast.IfExp():
                return [*self.dirty(node.body), *self.dirty(node.orelse)]
            case ast.BoolOp():
                return [text for value in node.values for text in self.dirty(value)]
            case ast.BinOp():
                return [*self.dirty(node.left), *self.dirty(node.right)]
            case ast.Tuple() | ast.List():
                return [text for value in node.elts for text in self.dirty(value)]
            case ast.Starred():
                return self.dirty(node.value)
            case ast.GeneratorExp() | ast.ListComp():
                return self.dirty(node.elt)
            case ast.Subscript() if dotted(node.value).isupper():
                return []
            case ast.Name() if node.id.isupper() or node.id in self._open or node.id == self._checked:
                return []
            case ast.Name() if node.id in self._assigned:
                self._open.add(node.id)
                found = [text for value in self._assigned[node.id] for text in self.dirty(value)]
                self._open.discard(node.id)
                return [f"{node.id} = {text}" for text in found]
            case ast.Call():
                return self._call(node)
        return [ast.unparse(node)]

    def _call(self, node: ast.Call) -> list[str]:
        name = dotted(node.func)
        if name in self._cleaning:
            return []
        if name == "map" and dotted(node.args[0]) in self._cleaning:
            return []
        if name == "str" and isinstance(node.args[0], ast.Call) and dotted(node.args[0].func) in ("len", "round"):
            return []
        if isinstance(node.func, ast.Attribute) and node.func.attr == "join":
            return self.dirty(node.args[0])
        if name in ("Padding", "Text", "tuple", "list", "sum"):
            return self.dirty(node.args[0]) if name != "Text" else []  # `Text` is no markup; the console cleans it
        return [ast.unparse(node)]


def numeric(node: ast.FormattedValue) -> bool:
    """Whether a format says that the value is a number: another value would raise."""
    spec = ast.unparse(node.format_spec) if node.format_spec is not None else ""
    return spec.rstrip("'\"")[-1:] in set("dgfeG%n")


def printed(tree: ast.Module) -> Iterator[tuple[ast.Call, ast.AST, list[ast.expr]]]:
    """Yield every call that prints markup, the function it stands in, and what it prints."""
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name, printing = dotted(call.func), list(call.args)
        if name == "tell":
            printing = call.args[1:2]
        elif name == "tell_trouble":
            printing = call.args[:1]
        elif name == "Table":
            printing += [keyword.value for keyword in call.keywords if keyword.arg in ("title", "caption")]
        elif isinstance(call.func, ast.Attribute) and call.func.attr in PRINTING:
            printing += [k.value for k in call.keywords if k.arg in ("last", "description", "title", "footer")]
            if call.func.attr in ("add_task", "update") and dotted(call.func.value) == "bar":
                printing = printing[1:]
        else:
            continue
        around = [f for f in functions if f.lineno <= call.lineno <= (f.end_lineno or 0)]
        outermost = min(around, key=lambda f: f.lineno, default=tree)
        yield call, outermost, printing


RICH = [p for p in OWN if "rich" in p.read_text(encoding="utf-8") or "commands" in p.parts]


@pytest.mark.parametrize("path", RICH, **BY_NAME)
def test_what_is_filled_into_markup_is_cleaned(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for call, function, printing in printed(tree):
        plain = any(k.arg == "markup" and ast.unparse(k.value) == "False" for k in call.keywords)
        markup = Markup(function, tree, PLAIN_CLEANING if plain else CLEANING)
        for node in printing:
            if dotted(node) in ("table", "costs"):
                continue
            found += [f"{path.name}:{call.lineno}: {text}" for text in markup.dirty(node)]
    assert found == []


@pytest.mark.parametrize("name", sorted(MARKUP_OF_OURS - set(dir(builtins))))
def test_what_makes_markup_is_clean(name: str) -> None:
    made = 0
    for path in RICH:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef) and function.name == name:
                markup = Markup(function, tree, CLEANING)
                for node in ast.walk(function):
                    if isinstance(node, ast.Return):
                        assert markup.dirty(node.value) == []
                        made += 1
    assert made


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


@pytest.mark.parametrize(
    "line",
    [
        "console.print(name)",
        "console.print(f'{name}')",
        "console.print(f'{visible(name)}')",
        "console.print('a' + name)",
        "console.print('%s' % name)",
        "console.print('{}'.format(name))",
        "x = name; console.print(f'{x}')",
        "x, y = one(); console.print(f'{shown(y)} {x}')",
        "console.print(f'{name:>10}')",
        "table.add_row(name)",
        "table.add_row(*names)",
        "bar.update(task, last=name)",
        "Table(title=name)",
        "tell(console, name, 2)",
        "tell_trouble(name, a, b)",
        "console.print(name, markup=False)",
        "[console.print(x) for x in names]",
    ],
)
def test_what_is_not_cleaned_is_found_in_markup(line: str) -> None:
    tree = ast.parse(f"def f(name, names, console):\n    {line}\n")
    found = [
        text
        for call, function, printing in printed(tree)
        for node in printing
        for text in Markup(function, tree, CLEANING).dirty(node)
    ]
    assert found, line


def test_every_exception_is_still_needed() -> None:
    for name, text in EXCEPTIONS:
        source = (ROOT / name).read_text(encoding="utf-8")
        assert text in source, f"{name}: {text}"
