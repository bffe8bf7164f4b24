"""How an honest reply is made strange: whole, at one of its parts, or at all parts of a kind; see `forged`.

Owns the tables of what the codec delivers and no test expects. Most changes keep what a part is (a tensor of other
numbers, shape or element type, a list of another length): what is wrong as a whole is seen at the first look.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

from autograder.sandbox import Handle, StudentError
from autograder.sandbox.outcomes import CUSTOM_EXCEPTION
from autograder.sandbox.wire.arrays import DTYPES

__all__ = ["spoil"]

_WHOLE = 15
"""In a hundred: replies that are nothing like an honest one."""
_RAISED, _RAISED_AGAIN = 3, 50
"""In a hundred: replies that become an exception; of those that were one, those that become another."""
_ALIKE = 30
"""In a hundred of the others: those in which all parts of a kind are spoilt alike, and so agree with each other."""
_OWN = 70
"""In a hundred: parts that stay what they are."""
_LONG_TEXT = 100_000
"""Characters of a text that is not worth a look."""
_DEEP = 60
"""Lists within lists; the codec lets a hundred through."""


def spoil(value: Any, rng: random.Random) -> tuple[Any, str]:
    """Return a reply (or the exception in its place) made strange, and how: whole, at one part, at all of a kind."""
    if rng.random() < (_RAISED_AGAIN if isinstance(value, StudentError) else _RAISED) / 100:
        error = StudentError(rng.choice(_ERRORS), 1, None, "forged")
        return error, f"raises {error.etype}"
    if isinstance(value, StudentError) or rng.random() < _WHOLE / 100:
        name, strange = rng.choice(_STRANGE)
        return strange(), f"a whole {name}"
    paths = list(_paths(value))
    path = rng.choice(paths)
    way = rng.randrange(1 << 30)
    if rng.random() < _ALIKE / 100:
        kind = type(_at(value, path))
        chosen = [other for other in paths if type(_at(value, other)) is kind]
    else:
        chosen = [path]
    how = ""
    for place in sorted(chosen, key=len, reverse=True):
        with_leaf, how = _spoilt(_at(value, place), random.Random(way))  # noqa: S311
        value = _put(value, place, with_leaf)
    return value, f"{len(chosen)} at {path}: {how}"


def _spoilt(value: Any, rng: random.Random) -> tuple[Any, str]:
    """Return one value made strange, and how; mostly in a way that keeps what it is."""
    own: list[tuple[str, Callable[[Any], Any]]] = []
    if isinstance(value, torch.Tensor | np.ndarray):
        own = _OF_ARRAYS
    elif isinstance(value, dict):
        own = _OF_DICTS
    elif isinstance(value, list | tuple):
        own = _OF_SEQUENCES
    elif isinstance(value, bool | int | float):
        own = _OF_NUMBERS
    if own and rng.random() < _OWN / 100:
        name, change = rng.choice(own)
        try:
            return change(value), name
        except (TypeError, ValueError, RuntimeError, OverflowError, IndexError):
            pass  # not possible for this one, such as the square root of a bool
    name, strange = rng.choice(_STRANGE)
    return strange(), name


def _paths(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of all parts of a reply, itself among them; of long sequences the first and the last."""
    yield above
    if isinstance(value, dict):
        for key in value:
            yield from _paths(value[key], (*above, key))
    elif isinstance(value, list | tuple):
        for index in range(len(value)) if len(value) < 12 else (0, 1, len(value) - 1):
            yield from _paths(value[index], (*above, index))


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def _put(value: Any, path: tuple[Any, ...], leaf: Any) -> Any:
    if not path:
        return leaf
    key, *rest = path
    if isinstance(value, dict):
        return {**value, key: _put(value[key], tuple(rest), leaf)}
    items = list(value)
    items[key] = _put(items[key], tuple(rest), leaf)
    return type(value)(items)


def _deep() -> Any:
    value: Any = []
    for _ in range(_DEEP):
        value = [value]
    return value


def _filled(number: float) -> Callable[[Any], Any]:
    def fill(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return np.full_like(value, number)
        return torch.full_like(value.detach(), number)

    return fill


def _one_entry(number: float) -> Callable[[Any], Any]:
    def put(value: Any) -> Any:
        changed = torch.as_tensor(value).detach().clone()
        changed.reshape(-1)[changed.numel() // 2] = number
        return changed

    return put


def _as(name: str) -> Callable[[Any], Any]:
    return lambda value: torch.as_tensor(value).detach().to(getattr(torch, name))


def _t(value: Any) -> torch.Tensor:
    return torch.as_tensor(value).detach()


_ERRORS = (
    CUSTOM_EXCEPTION,
    "ValueError",
    "KeyError",
    "UnicodeDecodeError",
    "SystemExit",
    "AssertionError",
    "MemoryError",
)
_NUMBERS = (
    *(0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -3.0, 1e-9, 1e9, 1e155, -1e155, 1e-155, 5e-324, 1e308, -1e308),
    *(math.nan, math.inf, -math.inf),
)
_Ways = list[tuple[str, Callable[[Any], Any]]]
_OF_ARRAYS: _Ways = [
    *((f"all {number}", _filled(number)) for number in _NUMBERS),
    *((f"one entry {number}", _one_entry(number)) for number in _NUMBERS),
    *((f"as {name}", _as(name)) for name in DTYPES),
    ("flat", lambda value: _t(value).reshape(-1)),
    ("an axis more", lambda value: _t(value)[None]),
    ("a last axis more", lambda value: _t(value)[..., None]),
    ("twenty axes more", lambda value: _t(value).reshape(*[1] * 20, *value.shape)),
    ("turned", lambda value: _t(value).transpose(0, -1)),
    ("a row less", lambda value: _t(value)[:-1]),
    ("no rows", lambda value: _t(value)[:0]),
    ("no columns", lambda value: _t(value)[..., :0]),
    ("one row", lambda value: _t(value)[:1]),
    ("twice", lambda value: torch.cat([_t(value), _t(value)])),
    ("one number", lambda value: _t(value).reshape(-1)[0]),
    ("mean", lambda value: _t(value).mean()),
    ("requires a gradient", lambda value: _t(value).requires_grad_()),
    ("a list", lambda value: _t(value).tolist()),
    ("an array", lambda value: _t(value).numpy()),
    ("negated", lambda value: -_t(value)),
    ("times 1e200", lambda value: _t(value) * 1e200),
    ("times 1e-200", lambda value: _t(value) * 1e-200),
    ("rounded", lambda value: _t(value).round()),
    ("itself in a list", lambda value: [value]),
]
_OF_NUMBERS: _Ways = [
    *((f"{number}", lambda value, number=number: number) for number in _NUMBERS),
    *((f"times {factor}", lambda value, factor=factor: value * factor) for factor in (-1, 2, 1e9, 1e-9, 1e200, 1e-200)),
    ("one more", lambda value: value + 1),
    ("one less", lambda value: value - 1),
    ("a float", float),
    ("an int", int),
    ("a bool", bool),
    ("text", str),
    ("a tensor", torch.tensor),
    ("a tensor of one", lambda value: torch.tensor([value])),
    ("float32", lambda value: torch.tensor(value, dtype=torch.float32)),
    ("complex", complex),
    ("in a list", lambda value: [value]),
    ("10**400", lambda value: 10**400),
    ("-10**400", lambda value: -(10**400)),
]
_OF_SEQUENCES: _Ways = [
    ("one less", lambda value: value[:-1]),
    ("first gone", lambda value: value[1:]),
    ("empty", lambda value: value[:0]),
    ("one more", lambda value: [*value, value[-1]]),
    ("twice", lambda value: [*value, *value]),
    ("reversed", lambda value: value[::-1]),
    ("the first again and again", lambda value: [value[0]] * len(value)),
    ("None again and again", lambda value: [None] * len(value)),
    ("lists", lambda value: [[item] for item in value]),
    ("ten thousand", lambda value: (list(value) * 10_000)[:10_000]),
    ("as a dict", lambda value: dict(enumerate(value))),
    ("as text", lambda value: "x" * len(value)),
    ("as a tensor", torch.tensor),
    ("as an array of text", lambda value: [str(item)[:50] for item in value]),
    ("tuple or list", lambda value: list(value) if isinstance(value, tuple) else tuple(value)),
]
_OF_DICTS: _Ways = [
    ("a key less", lambda value: dict(list(value.items())[1:])),
    ("the last key less", lambda value: dict(list(value.items())[:-1])),
    ("empty", lambda value: {}),
    ("a key more", lambda value: {**value, "more": 1}),
    ("None as a key", lambda value: {**value, None: None}),
    ("a tuple as a key", lambda value: {**value, (1, "a"): None}),
    ("True and 1.0 as keys", lambda value: {**value, True: 0, 2.0: 0, math.nan: 0}),
    ("keys as text", lambda value: {str(key) + " ": item for key, item in value.items()}),
    ("keys in a tuple", lambda value: {(key,): item for key, item in value.items()}),
    ("other values", lambda value: dict(zip(value, list(value.values())[::-1], strict=True))),
    ("None for all", dict.fromkeys),
    ("pairs", lambda value: list(value.items())),
    ("ten thousand keys", lambda value: {**value, **dict.fromkeys(range(10_000))}),
]
_STRANGE: list[tuple[str, Callable[[], Any]]] = [
    *((repr(plain), lambda plain=plain: plain) for plain in (None, True, False, 0, 1, -1, 2**63, 2**64, *_NUMBERS)),
    ("10**400", lambda: 10**400),
    ("-10**400", lambda: -(10**400)),
    ("complex", lambda: complex(1.0, -2.0)),
    ("complex nan", lambda: complex(math.nan, math.inf)),
    ("no text", str),
    ("text", lambda: "ValueError"),
    ("long text", lambda: "가" * _LONG_TEXT),
    ("no bytes", bytes),
    ("bytes", lambda: b"\x00\xff" * 10),
    ("an empty list", list),
    ("an empty tuple", tuple),
    ("an empty dict", dict),
    ("an empty set", set),
    ("a set", lambda: {1, "a", (2, None)}),
    ("a frozen set", lambda: frozenset({1.5})),
    ("a dict of odd keys", lambda: {None: 1, (1, "a"): 2, 3: [], b"": {}}),
    ("nested lists", lambda: [[], [[]], [None, [1, "a"]]]),
    ("deep lists", _deep),
    ("a handle", lambda: Handle(0, "Odd")),
    *((f"0-d {name}", lambda name=name: torch.ones((), dtype=getattr(torch, name))) for name in DTYPES),
    *((f"{name} of (2, 3)", lambda name=name: torch.ones(2, 3, dtype=getattr(torch, name))) for name in DTYPES),
    *((f"array of {name}", lambda name=name: np.ones(4, name)) for name in DTYPES if name != "bfloat16"),
    ("no entries", lambda: torch.empty(0)),
    ("(0, 3)", lambda: torch.empty(0, 3)),
    ("(3, 0)", lambda: torch.empty(3, 0)),
    ("thirty axes", lambda: torch.ones([1] * 30)),
    ("a tensor of nan", lambda: torch.full((3, 4), math.nan)),
    ("a tensor of inf", lambda: torch.full((5,), math.inf)),
    ("an array of nan", lambda: np.full((2, 2), math.nan)),
    ("a tensor with a gradient", lambda: torch.ones(3, requires_grad=True)),
]
