"""How near the comparisons of a hidden test came to failing, recorded while a suite is measured, never for grades.

Owns one measure for all of them, the *share* of a comparison's tolerance that an answer used: 0 is the middle, 1 the
limit, more than 1 a failure. A share of one third or less is "three times the margin".

- ``expect(x).close_to(y)``: the largest ``|x - y| / (atol + rtol |y|)``.
- ``expect(x).between(low, high)``: 1 less the distance from the nearer edge over half the width; with one infinite
  edge as for ``require``.
- ``require(a > b)`` (also ``>=``, ``<``, ``<=``, chains, ``and`` of them, and ``bool((a > b).all())``):
  ``1 - (a - b) / max(|a|, |b|)``, which is ``b / a`` for positive numbers: how much of the value the limit takes.

For an effect that varies from draw to draw the share says little (accuracies end at 1), so what is kept beside it are
the mean and the standard deviation over the draws of the distance from the limit, ``steps`` their ratio. The distance
is 1 less the share; for ordered numbers it is ``(a - b) / |b|`` with the right side as b, which stays in proportion to
the value where the share does not.

A ``require`` is given a bool, so its two sides are read again from the caller's frame: names, attributes, entries,
arithmetic and calls of the pure functions in `PURE`; a side that calls anything else is left alone and counted as
unread. Nothing here costs a grade more than one look at `recorder`, and no error here changes an outcome.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

__all__ = ["PURE", "Recorder", "recorder", "start", "stop"]

PURE = frozenset({"abs", "len", "min", "max", "float", "int", "sum", "round", "sorted", "bool"})
"""Builtins that a side of a comparison may call and be read again."""

_PURE_METHODS = frozenset(
    {"abs", "max", "min", "sum", "mean", "std", "norm", "item", "double", "numel", "dim", "unique"}
)
_JUDGE = str(Path(__file__).resolve().parent)
_LONGEST = 120
"""Characters of a comparison's text."""

recorder: Recorder | None = None
"""Who is told of every comparison, or None: then nobody is."""


@dataclass(slots=True)
class _Distances:
    """The distances from the limit at one comparison, by Welford's method, and the worst share."""

    kind: str
    text: str
    count: int = 0
    mean: float = 0.0
    squares: float = 0.0
    worst: float = -math.inf
    value: float = math.nan
    limit: float = math.nan

    def add(self, share: float, distance: float, value: float, limit: float) -> None:
        self.count += 1
        step = distance - self.mean
        self.mean += step / self.count
        self.squares += step * (distance - self.mean)
        if share > self.worst:
            self.worst, self.value, self.limit = share, value, limit

    @property
    def spread(self) -> float:
        return math.sqrt(self.squares / (self.count - 1)) if self.count > 1 else 0.0

    @property
    def steps(self) -> float:
        """How many of its standard deviations the mean stands from the limit."""
        return self.mean / self.spread if self.spread > 0 else math.inf

    def to_dict(self) -> dict[str, Any]:
        numbers = {"worst": self.worst, "value": self.value, "limit": self.limit, "steps": self.steps}
        return {
            "kind": self.kind,
            "text": self.text,
            "count": self.count,
            "distances": [[self.count, self.mean, self.squares]],
            **{name: number if math.isfinite(number) else None for name, number in numbers.items()},
        }


class Recorder:
    """Keeps the margins of the tests of one job, over all its draws."""

    def __init__(self) -> None:
        self._test = ""
        self._reached: dict[str, int] = {}
        self._found: dict[tuple[str, str, int], _Distances] = {}
        self._unread: set[tuple[str, str]] = set()

    def begin(self, test: str) -> None:
        """Start one run of a test: comparisons that a loop reaches again are counted from here."""
        self._test = test
        self._reached.clear()

    def close_to(self, gap: Any, allowed: Any) -> None:
        """Note ``gap <= allowed``, two float64 tensors of one shape."""
        with self._safely() as (frame, place):
            shares = (gap / allowed).nan_to_num(nan=0.0, posinf=math.inf) if gap.numel() else None
            if shares is not None:
                at = int(shares.argmax())
                share, value, limit = (float(t.reshape(-1)[at]) for t in (shares, gap, allowed))
                self._note("close_to", _text_of_expect(frame, "≈"), place, share, 1 - share, value, limit)

    def between(self, values: Any, low: float, high: float) -> None:
        """Note ``low <= values <= high``, a float64 tensor."""
        with self._safely() as (frame, place):
            text = _text_of_expect(frame, "in")
            if math.isinf(low) or math.isinf(high):
                if not math.isinf(low):
                    self._ordered("between", text, place, float(values.min()), low, upwards=True)
                elif not math.isinf(high):
                    self._ordered("between", text, place, float(values.max()), high, upwards=False)
                return
            half = (high - low) / 2
            distance = min(float(values.min()) - low, high - float(values.max()))
            nearer = low if float(values.min()) - low <= high - float(values.max()) else high
            value = float(values.min() if nearer == low else values.max())
            share = 1 - distance / half if half else (0.0 if distance == 0 else math.inf)
            self._note("between", text, place, share, 1 - share, value, nearer)

    def require(self) -> None:
        """Note the comparisons of real numbers in the first argument of the `require` that is being called."""
        with self._safely() as (frame, place):
            call = _call_in(frame)
            scope = {**frame.f_globals, **frame.f_locals}
            read = False
            for left, operator, right in _comparisons(call.args[0]) if call is not None and call.args else ():
                sides = [_read(side, scope) for side in (left, right)]
                if any(side is None for side in sides):
                    self._unread.add((self._test, place))
                    continue
                text = _cut(f"{ast.unparse(left)} {_SIGNS[type(operator)]} {ast.unparse(right)}")
                self._ordered("require", text, place, *sides, upwards=isinstance(operator, ast.Gt | ast.GtE))
                read = True
            if read:
                self._unread.discard((self._test, place))

    def to_dict(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Return for each test and place, ``"test_q3.py:87"``, the worst of its comparisons.

        Each holds ``kind``, ``text``, ``count``, ``worst`` (the largest share), the ``value`` and ``limit`` there, and
        ``steps``, the least number of standard deviations between mean and limit; None for what is infinite. Count,
        mean and sum of squared deviations of the distances, one triple for each time that a run of the test gets
        there, are ``distances``, so that those of several works can be put together. A comparison that could not be
        read has kind ``"unread"``.
        """
        told: dict[str, dict[str, dict[str, Any]]] = {}
        for (test, place, _), found in self._found.items():
            one, places = found.to_dict(), told.setdefault(test, {})
            before = places.get(place)
            if before is not None:
                kept = max(before, one, key=lambda each: math.inf if each["worst"] is None else each["worst"])
                steps = [each["steps"] for each in (before, one) if each["steps"] is not None]
                counted = {"count": before["count"] + one["count"], "distances": before["distances"] + one["distances"]}
                one = {**kept, **counted, "steps": min(steps, default=None)}
            places[place] = one
        for test, place in self._unread:
            told.setdefault(test, {}).setdefault(place, {"kind": "unread", "text": "", "count": 0, "worst": None})
        return told

    def _ordered(self, kind: str, text: str, place: str, value: Any, limit: Any, *, upwards: bool) -> None:
        """Note ``value > limit``, or ``<``: two numbers or arrays that broadcast; the nearest pair counts."""
        import torch

        a, b = (torch.as_tensor(side, dtype=torch.float64) for side in (value, limit))
        if not (a.numel() and b.numel()):
            return
        a, b = a + torch.zeros_like(b), b + torch.zeros_like(a)  # broadcast
        distances = a - b if upwards else b - a
        shares = 1 - _relative(distances, torch.maximum(a.abs(), b.abs()))
        at = int(shares.argmax())
        share, distance, x, y = (float(each.reshape(-1)[at]) for each in (shares, distances, a, b))
        self._note(kind, text, place, share, distance / abs(y) if y and math.isfinite(y) else distance, x, y)

    def _note(
        self, kind: str, text: str, place: str, share: float, distance: float, value: float, limit: float
    ) -> None:
        index = self._reached[place] = self._reached.get(place, 0) + 1
        found = self._found.setdefault((self._test, place, index), _Distances(kind, text))
        found.add(share, distance if math.isfinite(distance) else 0.0, value, limit)

    @contextlib.contextmanager
    def _safely(self) -> Iterator[tuple[FrameType, str]]:
        """Yield the frame of the suite that made the comparison, and its place; swallow whatever goes wrong."""
        frame: FrameType | None = sys._getframe(2)
        while frame is not None and (
            frame.f_code.co_filename.startswith(_JUDGE) or frame.f_code.co_filename == contextlib.__file__
        ):
            frame = frame.f_back
        if frame is None:
            frame = sys._getframe()
        place = f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
        try:
            yield frame, place
        except Exception:
            self._unread.add((self._test, place))


def start() -> Recorder:
    """Record every comparison from now on; return the recorder."""
    global recorder
    _call_at.cache_clear()
    _calls_of.cache_clear()
    recorder = Recorder()
    return recorder


def stop() -> None:
    """Record nothing any more."""
    global recorder
    recorder = None


def _relative(distances: Any, scale: Any) -> Any:
    """Return distances over their scale: 0 where both are 0, 1 or -1 where both are infinite."""
    infinite = scale == math.inf
    return (distances / scale).nan_to_num(nan=0.0).where(~infinite, distances.sign())


# -- the source text of a comparison ---------------------------------------------------------------------------------

_SIGNS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


def _call_in(frame: FrameType) -> ast.Call | None:
    """Return the call that a frame is making, by the position its bytecode keeps (PEP 657)."""
    return _call_at(frame.f_code, frame.f_lasti)


@functools.lru_cache(maxsize=4096)
def _call_at(code: CodeType, instruction: int) -> ast.Call | None:
    position = list(code.co_positions())[instruction // 2]
    for node in _calls_of(code.co_filename):
        if (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset) == position:
            return node
    return None


@functools.lru_cache(maxsize=64)
def _calls_of(path: str) -> list[ast.Call]:
    tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def _text_of_expect(frame: FrameType, sign: str) -> str:
    """Return ``x ≈ y`` for ``expect(x, ...).close_to(y)``."""
    call = _call_in(frame)
    if call is None or not isinstance(call.func, ast.Attribute):
        return ""
    subject: ast.expr = call.func.value
    while isinstance(subject, ast.Call) and isinstance(subject.func, ast.Attribute):
        inner = subject.func.value
        if not isinstance(inner, ast.Call | ast.Name) or subject.func.attr == "item":
            break
        subject = inner
    if isinstance(subject, ast.Call) and isinstance(subject.func, ast.Name) and subject.func.id == "expect":
        subject = subject.args[0]
    wanted = ", ".join(ast.unparse(arg) for arg in (call.args[:1] if sign == "≈" else call.args[:2]))
    return _cut(f"{ast.unparse(subject)} {sign} {wanted if sign == '≈' else f'[{wanted}]'}")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


# -- reading the sides of a comparison again -------------------------------------------------------------------------


def _comparisons(node: ast.expr) -> Iterator[tuple[ast.expr, ast.cmpop, ast.expr]]:
    """Yield the ordered pairs of an expression all of which must hold."""
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        for value in node.values:
            yield from _comparisons(value)
    elif isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
            if type(operator) in _SIGNS:
                yield left, operator, right
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "bool" and node.args:
        yield from _comparisons(node.args[0])
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "all":
        yield from _comparisons(node.func.value)


def _read(node: ast.expr, scope: dict[str, Any]) -> Any:
    """Return the value of an expression that has no side effects: a real number or an array of them; else None."""
    if not all(_is_pure(part) for part in ast.walk(node)):
        return None
    value = eval(compile(ast.Expression(node), "<margin>", "eval"), scope)  # noqa: S307  (the suite's own text)
    if isinstance(value, bool) or str(getattr(value, "dtype", "")).endswith(("bool", "complex64", "complex128")):
        return None
    return value if isinstance(value, int | float) or hasattr(value, "dtype") else None


def _is_pure(part: ast.AST) -> bool:
    if isinstance(part, ast.Call):
        func = part.func
        if isinstance(func, ast.Name):
            return func.id in PURE
        if isinstance(func, ast.Attribute):
            return func.attr in _PURE_METHODS or (isinstance(func.value, ast.Name) and func.value.id == "math")
        return False
    return not isinstance(part, ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr | ast.Lambda)
