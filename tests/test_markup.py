"""What is filled into rich's markup has been cleaned: of every console, table and bar; the source is read, not run."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reading import ROOT, dotted, sources

OWN = sources("autograder")
BY_NAME = {"ids": lambda path: str(path.relative_to(ROOT))}

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
