"""What kind of value a student's value is, and comparisons that call none of its methods unless its type is known.

Owns the table of exact types that count as data. An instance of a subclass (a Parameter, an IntEnum, a dict with its
own ``__getitem__``) is `Kind.OTHER`: the codec never produces one.
"""

from __future__ import annotations

import math
import reprlib
from enum import StrEnum
from typing import Any

import numpy as np
import torch

__all__ = ["Kind", "as_real", "describe_difference", "kind_of", "matches", "short", "to_tensor"]


class Kind(StrEnum):
    """A value's kind; the text is its Korean name, to stand before "입니다"."""

    NONE = "None"
    BOOL = "참/거짓 값(bool)"
    INT = "정수"
    FLOAT = "실수"
    COMPLEX = "복소수"
    STR = "문자열"
    BYTES = "바이트열"
    LIST = "리스트"
    TUPLE = "튜플"
    DICT = "딕셔너리"
    SET = "집합"
    TENSOR = "텐서"
    ARRAY = "NumPy 배열"
    OTHER = "데이터가 아닌 객체"


_KINDS: dict[type, Kind] = {
    type(None): Kind.NONE,
    bool: Kind.BOOL,
    int: Kind.INT,
    float: Kind.FLOAT,
    complex: Kind.COMPLEX,
    str: Kind.STR,
    bytes: Kind.BYTES,
    list: Kind.LIST,
    tuple: Kind.TUPLE,
    dict: Kind.DICT,
    set: Kind.SET,
    frozenset: Kind.SET,
    torch.Tensor: Kind.TENSOR,
    np.ndarray: Kind.ARRAY,
    np.bool_: Kind.BOOL,
    **{getattr(np, f"{sign}int{bits}"): Kind.INT for sign in ("", "u") for bits in (8, 16, 32, 64)},
    **{getattr(np, f"float{bits}"): Kind.FLOAT for bits in (16, 32, 64)},
    **{getattr(np, f"complex{bits}"): Kind.COMPLEX for bits in (64, 128)},
}
_SEQUENCES = (Kind.LIST, Kind.TUPLE)
_ARRAYS = (Kind.TENSOR, Kind.ARRAY)


def kind_of(value: Any) -> Kind:
    """Return the kind of a value by its exact type."""
    return _KINDS.get(type(value), Kind.OTHER)


def to_tensor(value: Any) -> torch.Tensor | None:
    """Return a number, tensor or array as a detached dense CPU tensor, or None if it is none of these.

    An integer too large for a float64 becomes an infinity, so that it fails as not finite.
    """
    kind = kind_of(value)
    try:
        if kind is Kind.TENSOR:
            dense = value.detach().cpu()
            return None if dense.layout != torch.strided or dense.is_quantized else dense.resolve_conj()
        if kind is Kind.ARRAY:
            return torch.from_numpy(np.array(value, dtype=value.dtype.newbyteorder("="), copy=True))
        if kind in (Kind.INT, Kind.FLOAT):
            return torch.tensor(_float(value), dtype=torch.float64)
        if kind is Kind.COMPLEX:
            return torch.tensor(complex(value), dtype=torch.complex128)
    except (TypeError, ValueError, RuntimeError, NotImplementedError):
        return None
    return None


def as_real(value: Any) -> float | None:
    """Return a real number or a 0-d real tensor or array as a float; None for anything else, a bool among them."""
    actual = to_tensor(value)
    if actual is None or actual.dim() or actual.is_complex() or actual.dtype == torch.bool:
        return None
    return float(actual.item())


def matches(value: Any, expected: Any) -> bool:
    """Return whether `value` equals `expected`, kind by kind; what `Expectation.equals` promises."""
    wanted, kind = kind_of(expected), kind_of(value)
    if wanted in _SEQUENCES:
        same = kind in _SEQUENCES and len(value) == len(expected)
        return same and all(matches(a, b) for a, b in zip(value, expected, strict=True))
    if wanted is Kind.DICT:
        if kind is not Kind.DICT or len(value) != len(expected):
            return False
        mine = {(type(key), key): entry for key, entry in value.items()}
        return all((type(k), k) in mine and matches(mine[type(k), k], entry) for k, entry in expected.items())
    if wanted in _ARRAYS:
        return kind in _ARRAYS and _same_tensor(to_tensor(value), to_tensor(expected))
    if wanted is Kind.INT and kind in _ARRAYS:
        return _same_tensor(to_tensor(value), torch.tensor(expected))
    if wanted is Kind.FLOAT:
        real = as_real(value)
        return real is not None and real == float(expected)
    if wanted is Kind.SET:
        return kind is Kind.SET and {(type(v), v) for v in value} == {(type(v), v) for v in expected}
    if wanted is Kind.OTHER:
        raise TypeError(f"equals() cannot compare with {short(expected)}")
    return kind is wanted and bool(value == expected)


def describe_difference(actual: torch.Tensor, expected: torch.Tensor, gap: torch.Tensor) -> str:
    """Return, for staff, where two tensors of one shape differ most and both tensors, shortened."""
    if actual.dim() == 0:
        return f"value {actual.item():.10g}, expected {expected.item():.10g}"
    flat = int(gap.argmax())
    index = tuple(int(i) for i in np.unravel_index(flat, tuple(gap.shape)))
    mine, theirs = actual.reshape(-1)[flat].item(), expected.reshape(-1)[flat].item()
    worst = f"largest difference {gap.reshape(-1)[flat].item():.3g} at {index}: {mine:.8g}, expected {theirs:.8g}"
    return f"{worst}; value {short(actual)}; expected {short(expected)}"


_REPR = reprlib.Repr()
_REPR.maxlevel, _REPR.maxstring, _REPR.maxother = 3, 120, 200


def short(value: Any, width: int = 400) -> str:
    """Return a bounded representation for staff; never raises, and calls nothing on objects of unknown type."""
    kind = kind_of(value)
    try:
        if kind in _ARRAYS:
            tensor = to_tensor(value)
            if tensor is None:
                return f"<{kind.name.lower()} that torch cannot hold>"
            head = f"{str(tensor.dtype).removeprefix('torch.')}{list(tensor.shape)}"
            flat = tensor.reshape(-1)[:8].tolist()
            numbers = ", ".join(f"{x:.6g}" if isinstance(x, float) else str(x) for x in flat)
            return f"{head} [{numbers}{', ...' if tensor.numel() > 8 else ''}]"
        if kind is Kind.OTHER:
            return f"<{type(value).__name__}>"
        if kind in (*_SEQUENCES, Kind.SET):
            inner = ", ".join(short(v, 80) for v in list(value)[:8])
            return f"{kind.name.lower()} of {len(value)} [{inner}]"[:width]
        if kind is Kind.DICT:
            inner = ", ".join(f"{short(k, 40)}: {short(v, 80)}" for k, v in list(value.items())[:8])
            return f"dict of {len(value)} {{{inner}}}"[:width]
        return _REPR.repr(value)[:width]
    except Exception as error:  # a repr for staff must not decide an outcome (an int of 5000 digits has none)
        return f"<{kind.name.lower()}, {type(error).__name__}>"


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _same_tensor(value: torch.Tensor | None, expected: torch.Tensor | None) -> bool:
    if value is None or expected is None or value.shape != expected.shape:
        return False
    if _family(value) != _family(expected):
        return False
    wide = {"real": torch.float64, "complex": torch.complex128, "integer": torch.int64, "bool": torch.bool}
    target = wide[_family(expected)]
    return torch.equal(value.to(target), expected.to(target))


def _family(tensor: torch.Tensor) -> str:
    if tensor.dtype == torch.bool:
        return "bool"
    if tensor.is_complex():
        return "complex"
    return "real" if tensor.is_floating_point() else "integer"
