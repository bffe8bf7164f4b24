"""What goes wrong in deep-learning code and in no other: operators on parso trees, beside the general ones.

Tools' operators change a number or a sign; students swap a mean and a sum, leave a model in the wrong mode, change a
tensor where a new one was asked for, cut the graph, draw from another seed, take one fan for the other. Axes need no
operator of their own: cosmic-ray's NumberReplacer moves each ``dim=`` by one, RemoveKeyword takes it off. What an
operator here makes is a mistake of a kind that the corpora have seen. Importing this module needs parso only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import parso

__all__ = ["CutGraph", "FanSwap", "InPlace", "Renamed", "SeedFixed", "learning_operators"]

REDUCTIONS = {
    "mean": "sum",
    "sum": "mean",
    "std": "var",
    "var": "std",
    "median": "mean",
    "max": "min",
    "min": "max",
    "amax": "amin",
    "amin": "amax",
    "argmax": "argmin",
    "argmin": "argmax",
    "prod": "sum",
    "nanmean": "nansum",
}
MODES = {"train": "eval", "eval": "train"}
GRADIENTS = {"no_grad": "enable_grad", "inference_mode": "enable_grad", "enable_grad": "no_grad"}
LOGARITHMS = {"log": "log10", "log2": "log", "log10": "log", "log1p": "log", "expm1": "exp", "softmax": "log_softmax"}
IN_PLACE = {
    name: f"{name}_"
    for name in ("abs", "clamp", "div", "exp", "log", "mul", "neg", "pow", "relu", "sigmoid", "sqrt", "square", "tanh")
}

_FANS = {"fan_in": "fan_out", "fan_out": "fan_in", "n_in": "n_out", "n_out": "n_in"}
_AUGMENTED = ("+=", "-=", "*=", "/=")
_NO_TENSORS = {"math", "np", "numpy"}
_SEEDS = {"manual_seed", "default_rng", "seed"}
_NO_VALUES = {"bool", "dict", "float", "int", "isinstance", "item", "len", "list", "range", "set", "str", "tolist"}
_NO_VALUES |= {"clone", "deepcopy", "detach", "grad", "parameters", "tuple", "zip"}
_NO_TWIN = {"init", "requires_grad_", "retain_grad_"}


class Renamed:
    """Calls another attribute in the place of one: ``x.mean(...)`` becomes ``x.sum(...)``."""

    def __init__(self, names: Mapping[str, str], *, strings: bool = False, tensors_only: bool = False) -> None:
        self._names = names
        self._strings = strings
        self._tensors_only = tensors_only

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """Yield (start, end) of what may change; see `operators.Operator`."""
        leaf = self._leaf(node)
        if leaf is not None:
            yield leaf.start_pos, leaf.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Return the changed node; see `operators.Operator`."""
        leaf = self._leaf(node)
        quote = leaf.value[0] if leaf.type == "string" else ""
        leaf.value = f"{quote}{self._names[leaf.value.strip(quote or None)]}{quote}"
        return node

    def _leaf(self, node: Any) -> Any:
        if self._strings and node.type == "string" and node.value.strip("'\"") in self._names:
            return node
        if node.type != "trailer" or node.children[0] != "." or node.children[1].value not in self._names:
            return None
        siblings = node.parent.children
        after = siblings[siblings.index(node) + 1 :]
        called = bool(after) and after[0].type == "trailer" and after[0].children[0] == "("
        plain = self._tensors_only and getattr(siblings[0], "value", "") in _NO_TENSORS
        return node.children[1] if called and not plain else None


class InPlace:
    """Changes a tensor where a new one was made, and the other way round.

    Of a parameter ``p``, ``p = p - x`` becomes ``p -= x`` and the other way round; a statement ``w.mul_(x)``
    becomes ``w.mul(x)``.
    """

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """See `Renamed`."""
        if self._changed(node) is not None:
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """See `Renamed`."""
        return parso.parse(node.get_first_leaf().prefix + self._changed(node))

    def _changed(self, node: Any) -> str | None:
        if node.type == "expr_stmt" and len(node.children) == 3:
            target, sign, value = node.children[0], node.children[1], node.children[2]
            name = target.get_code().strip()
            if target.type == "name" and name not in _parameters(node):
                return None  # nobody else holds a local value: the two are the same
            if getattr(sign, "value", "") in _AUGMENTED:
                return f"{name} = {name} {sign.value[0]} ({value.get_code().strip()})"
            parts: list[Any] = value.children if value.type in ("arith_expr", "term") else []
            if len(parts) == 3 and parts[0].get_code().strip() == name and parts[1].value in ("+", "-", "*", "/"):
                return f"{name} {parts[1].value}= {parts[2].get_code().strip()}"
        if node.type == "atom_expr" and node.parent.type == "simple_stmt":
            trailers = [c for c in node.children if c.type == "trailer" and c.children[0] == "."]
            last = trailers[-1].children[1] if trailers else None
            names = {c.children[1].value for c in trailers}
            if last is not None and last.value.endswith("_") and not names & _NO_TWIN:
                code = node.get_code().strip()
                place = code.rindex(f".{last.value}")
                return f"{code[:place]}.{last.value[:-1]}{code[place + 1 + len(last.value) :]}"
        return None


class CutGraph:
    """Detaches a value that gradients are to flow through: ``h = f(x)`` becomes ``h = (f(x)).detach()``."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """See `Renamed`."""
        if self._cuts(node):
            yield node.children[2].start_pos, node.children[2].end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """See `Renamed`."""
        node.children[2] = parso.parse(f" ({node.children[2].get_code().strip()}).detach()")
        return node

    @staticmethod
    def _cuts(node: Any) -> bool:
        if node.type != "expr_stmt" or len(node.children) != 3 or node.children[1] != "=":
            return False
        code = node.get_root_node().get_code()
        if "backward(" not in code and "autograd." not in code:
            return False
        value = node.children[2]
        names = {leaf.value for leaf in _leaves(value) if leaf.type == "name"}
        tensors = value.type in ("atom_expr", "arith_expr", "term") and node.children[0].type == "name"
        made = any(name[0].isupper() and name[1:2].islower() for name in names)  # a class: a module, an optimizer
        return tensors and not made and not names & _NO_VALUES


class SeedFixed:
    """Draws from seed 0 whatever seed is asked for: ``manual_seed(seed)`` becomes ``manual_seed(0)``."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """See `Renamed`."""
        if self._seeds(node):
            yield node.children[1].start_pos, node.children[1].end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """See `Renamed`."""
        node.children[1] = parso.parse("0")
        return node

    @staticmethod
    def _seeds(node: Any) -> bool:
        if node.type != "trailer" or node.children[0] != "(" or len(node.children) != 3:
            return False
        siblings = node.parent.children
        before = siblings[siblings.index(node) - 1]
        name = before.children[1].value if before.type == "trailer" and before.children[0] == "." else ""
        return name in _SEEDS and node.children[1].type != "number"


class FanSwap:
    """Takes one fan for the other, by name or in a string: ``fan_in`` becomes ``fan_out``."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """See `Renamed`."""
        if node.type in ("name", "string") and node.value.strip("'\"") in _FANS:
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """See `Renamed`."""
        quote = node.value[0] if node.type == "string" else ""
        node.value = f"{quote}{_FANS[node.value.strip(quote or None)]}{quote}"
        return node


def learning_operators() -> dict[str, Any]:
    """Return the operators by name, ``course/...``, in a fixed order."""
    return {
        "course/CutGraph": CutGraph(),
        "course/FanSwap": FanSwap(),
        "course/Gradients": Renamed(GRADIENTS),
        "course/InPlace": InPlace(),
        "course/InPlaceCall": Renamed(IN_PLACE, tensors_only=True),
        "course/Logarithm": Renamed(LOGARITHMS),
        "course/Mode": Renamed(MODES),
        "course/Reduction": Renamed(REDUCTIONS, strings=True),
        "course/SeedFixed": SeedFixed(),
    }


def _parameters(node: Any) -> set[str]:
    """Return the names of the parameters of the function that a node stands in."""
    while node is not None and node.type != "funcdef":
        node = node.parent
    return set() if node is None else {part.name.value for part in node.get_params()}


def _leaves(node: Any) -> Iterator[Any]:
    if hasattr(node, "children"):
        for child in node.children:
            yield from _leaves(child)
    else:
        yield node
