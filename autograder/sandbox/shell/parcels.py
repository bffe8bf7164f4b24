"""Arguments and results as plain data that keeps what is the same object: for calls that are answered elsewhere.

The wire copies by value: a dict given twice becomes two, and nobody sees what a call changed. So each object that can
be changed is numbered: lists, dicts, sets, tensors and arrays. In their place stands the number, which holds on both
sides of a call. A *form* is a scalar as it is, ``("o", number)``, or a tuple's ``("t", forms...)``; a *load* is what
one numbered object holds. Nothing here trusts what it reads: what has not this shape raises a builtin exception.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

__all__ = ["Opaque", "Parcel", "copied", "refill", "unpack", "value_of"]

_DEEPEST = 40
"""Containers inside containers; the codec allows 64 on the wire, where a tuple takes one and a list two."""

_SCALARS = (str, int, float, complex, bytes, frozenset, type(None), np.generic)
_OBJECT, _TUPLE, _SIZE = "o", "t", "s"


class Opaque(TypeError):  # noqa: N818  what a value is
    """Something is not plain data."""


class Parcel:
    """Numbers the objects that values hold, each once, in the order in which they are met.

    Args:
        objects: those that have a number already.
    """

    def __init__(self, objects: list[Any] | None = None) -> None:
        self.objects: list[Any] = []
        self._numbers: dict[int, int] = {}
        for one in objects or ():
            self._number(one)

    def form(self, value: Any, depth: int = 0) -> Any:
        """Return the form of a value, and number what it holds; raises Opaque for what is no plain data."""
        if depth > _DEEPEST:
            raise Opaque("nesting")
        if isinstance(value, torch.Size):
            return (_SIZE, *value)
        if isinstance(value, tuple):
            return (_TUPLE, *(self.form(each, depth + 1) for each in value))
        if isinstance(value, _SCALARS):
            return value
        if not isinstance(value, (list, dict, set, torch.Tensor, np.ndarray)):
            raise Opaque(type(value).__name__)
        if id(value) in self._numbers:
            return (_OBJECT, self._numbers[id(value)])
        number = self._number(value)
        for each in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
            self.form(each, depth + 1)
        return (_OBJECT, number)

    def load(self, number: int) -> list[Any]:
        """Return what an object holds; what it holds now and did not before is numbered."""
        value = self.objects[number]
        if isinstance(value, list):
            return ["list", *map(self.form, value)]
        if isinstance(value, dict):
            return ["dict", *([key, self.form(each)] for key, each in value.items())]
        if isinstance(value, set):
            return ["set", set(value)]
        if isinstance(value, np.ndarray):
            return ["array", value]
        own = isinstance(value, torch.nn.Parameter)
        return ["tensor", value.detach(), bool(value.requires_grad), not value.is_leaf, own]

    def loads(self, first: int = 0) -> list[list[Any]]:
        """Return what the objects from this number on hold, those that are numbered meanwhile included."""
        found: list[list[Any]] = []
        while first + len(found) < len(self.objects):
            found.append(self.load(first + len(found)))
        return found

    def _number(self, value: Any) -> int:
        self._numbers[id(value)] = len(self.objects)
        self.objects.append(value)
        return len(self.objects) - 1


def unpack(loads: list[list[Any]], known: list[Any] | None = None, made: dict[int, Any] | None = None) -> list[Any]:
    """Return the objects that these loads make, after those that are `known`; `made` stand in for some, by number."""
    made = made or {}
    objects = list(known or ())
    first = len(objects)
    objects += [made[n] if n in made else _shell(load) for n, load in enumerate(loads, start=first)]
    for one, load in zip(objects[first:], loads, strict=True):
        if load[0] in ("list", "dict"):
            refill(one, load, objects)
    return objects


def refill(one: Any, load: list[Any], objects: list[Any]) -> None:
    """Have an object hold what a load says; a tensor keeps its place in memory where shape and dtype are the same."""
    kind = load[0]
    if kind == "list":
        one[:] = [value_of(form, objects) for form in load[1:]]
    elif kind == "dict":
        one.clear()
        one.update({key: value_of(form, objects) for key, form in load[1:]})
    elif kind == "set":
        one.clear()
        one.update(load[1])
    elif kind == "array":
        one[...] = load[1]
    elif one.shape == load[1].shape and one.dtype == load[1].dtype:
        with torch.no_grad():
            one.copy_(load[1])
    else:
        one.data = load[1].to(one.device)


def value_of(form: Any, objects: list[Any]) -> Any:
    """Return the value of a form."""
    if not isinstance(form, tuple):
        return form
    kind, *rest = form
    if kind == _OBJECT:
        return objects[rest[0]]
    if kind == _SIZE:
        return torch.Size(rest)
    if kind != _TUPLE:
        raise ValueError(kind)
    return tuple(value_of(each, objects) for each in rest)


def copied(loads: list[list[Any]]) -> list[list[Any]]:
    """Return loads whose tensors are copies: what is done to the originals later does not reach them."""
    return [[load[0], load[1].clone(), *load[2:]] if load[0] == "tensor" else load for load in loads]


def _shell(load: list[Any]) -> Any:
    """Return the object of a load, a list or dict still empty."""
    kind = load[0]
    if kind == "tensor":
        _, tensor, grad, _, own = load
        return torch.nn.Parameter(tensor, requires_grad=grad) if own else tensor.requires_grad_(grad)
    if kind in ("array", "set"):
        return load[1]
    return {"list": list, "dict": dict}[kind]()
