"""What a hidden test may ask of a student's value, and the Korean sentence a student reads when it does not hold.

Owns `expect` and `require`. A value from a sandbox is a claim: only values of the exact built-in, torch and numpy
types are looked at, in the order kind, shape, dtype (if asked), finiteness, value. Everything else fails as the wrong
kind and none of its methods are ever called, so an object with a cunning ``__eq__`` passes nothing.

Messages hold the symptom and the hint, never an expected value or a hidden input; those are in `detail`, for staff. Nor
do they hold anything that the value alone decides (which index, how many dimensions, which kind): a student's code
chooses its values, and could say so what it has seen. How many sentences a test has is counted in `vocabulary`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any, NoReturn

import numpy as np
import torch

from autograder.judge import margins
from autograder.judge.kinds import Kind, as_real, describe_difference, kind_of, matches, short, to_tensor
from autograder.korean import with_particle

__all__ = ["Expectation", "ExpectationFailed", "expect", "require"]

_ENTRY = "의 항목"
_LARGEST = float(10**100)
"""Size up to which a student's number is computed with: products of three are finite, and no right answer is near."""


class ExpectationFailed(AssertionError):  # noqa: N818  (read in test reports as a sentence)
    """A student's value is not what the question asks for.

    Args:
        message: Korean, for the student: symptom, then hint; no hidden values.
        detail: English, for staff: the actual and the expected value.
        hint: the hint alone.
        form: whether kind, shape, dtype or length is wrong, or an entry is not finite.
    """

    def __init__(self, message: str, detail: str = "", *, hint: str | None = None, form: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail
        self.hint = hint or ""
        self.form = form


def expect(value: Any, what: str = "") -> Expectation:
    """Return an `Expectation` on a student's value; `what` is its name in messages (``"a"``, ``"deltas[0]"``)."""
    return Expectation(value, what)


def require(condition: bool, symptom: str, hint: str | None = None) -> None:
    """Fail with the Korean `symptom` (and `hint`) unless `condition` is exactly ``True``.

    Raises:
        ExpectationFailed: the condition is False.
        TypeError: the condition is not a bool: a test must not let a student's object decide.
    """
    if isinstance(condition, np.bool_):
        condition = bool(condition)
    if type(condition) is not bool:
        raise TypeError(f"require() needs a bool, not {type(condition).__name__}")
    if margins.recorder is not None:
        margins.recorder.require()
    if not condition:
        raise ExpectationFailed(_sentence(symptom, hint), "require() was false", hint=hint)


class Expectation:
    """Checks on one value; each returns the expectation again, so that they chain. All raise `ExpectationFailed`.

    Every method takes ``hint``, a Korean sentence (합니다체) on what to look at, shown after the symptom.
    """

    __slots__ = ("_subject", "_value", "_what")

    def __init__(self, value: Any, what: str = "", subject: str | None = None) -> None:
        self._value = value
        self._what = what
        self._subject = _subject(what) if subject is None else subject

    def shape(self, *dims: int | None, hint: str | None = None) -> Expectation:
        """A tensor or array of exactly this shape; None stands for any size. ``shape()`` is a single number."""
        actual = self._array(hint) if dims else self._single_or_array(hint)
        self._same_shape(tuple(actual.shape), dims, hint)
        return self

    def dtype(self, expected: torch.dtype, *, hint: str | None = None) -> Expectation:
        """A tensor or array of exactly this element type."""
        actual = self._array(hint).dtype
        if actual != expected:
            self._misform(f"{self._subject}의 자료형(dtype)이 다릅니다.", hint, f"dtype {actual}, expected {expected}")
        return self

    def finite(self, *, hint: str | None = None) -> Expectation:
        """A number, tensor or array with at least one entry and no NaN or infinity."""
        actual = self._single_or_array(hint)
        self._not_empty(actual, hint)
        self._finite(actual, hint)
        return self

    def close_to(
        self, expected: Any, rtol: float = 1e-5, atol: float = 1e-8, *, own: bool = False, hint: str | None = None
    ) -> Expectation:
        """Elementwise ``|value - expected| <= atol + rtol * |expected|``, after kind, shape and finiteness.

        Args:
            expected: a finite number, tensor or array. Against a number or a 0-d tensor the value may be a number
                or 0-d; otherwise it must be a tensor or array of the same shape (nothing broadcasts). Element
                precision is not compared: call `dtype` for that.
            rtol: relative tolerance.
            atol: absolute tolerance.
            own: `expected` was computed from the student's own values, so that it is theirs if it is not finite.
            hint: see the class.

        Raises:
            ExpectationFailed: it does not hold.
            TypeError, ValueError: `expected` is not numeric or not finite (the suite's fault).
        """
        target = to_tensor(expected)
        if target is None or target.dtype == torch.bool:
            raise TypeError(f"close_to() needs a number, tensor or array, not {short(expected)}")
        if not bool(torch.isfinite(target).all()):
            if own:
                self._misform(f"{self._subject}에 NaN이나 무한대가 있습니다.", hint, f"own {short(target)}")
            raise ValueError("close_to() needs a finite expected value; ask for nan or inf through number()")
        actual = self._single_or_array(hint) if target.dim() == 0 else self._array(hint)
        if actual.dtype == torch.bool or (actual.is_complex() and not target.is_complex()):
            self._wrong_kind("실수여야 합니다", hint)
        self._same_shape(tuple(actual.shape), tuple(target.shape), hint)
        self._finite(actual, hint)
        wide = torch.complex128 if target.is_complex() else torch.float64
        mine, theirs = actual.to(wide), target.to(wide)
        gap, allowed = (mine - theirs).abs(), atol + rtol * theirs.abs()
        if margins.recorder is not None:
            margins.recorder.close_to(gap, allowed)
        if not bool((gap <= allowed).all()):
            detail = f"{describe_difference(mine, theirs, gap)}; rtol {rtol:g}, atol {atol:g}"
            self._fail(f"{self._subject}의 값이 올바르지 않습니다.", hint, detail)
        return self

    def equals(self, expected: Any, *, hint: str | None = None) -> Expectation:
        """Exactly `expected`, with no cunning ``__eq__``: same kind all the way down.

        A list and a tuple count as the same kind, and so do widths of integers or floats; a bool is never a number,
        a float never an integer, and NaN equals nothing.
        """
        if not matches(self._value, expected):
            detail = f"value {short(self._value)}; expected {short(expected)}"
            if kind_of(self._value) is Kind.NONE:
                self._wrong_kind("값이 있어야 합니다", hint, detail)
            self._fail(f"{self._subject}의 값이 올바르지 않습니다.", hint, detail)
        return self

    def between(self, low: float, high: float, *, hint: str | None = None) -> Expectation:
        """Every entry (at least one) is finite and within ``[low, high]``."""
        actual = self._single_or_array(hint)
        if actual.dtype == torch.bool or actual.is_complex():
            self._wrong_kind("실수여야 합니다", hint)
        self._not_empty(actual, hint)
        self._finite(actual, hint)
        wide = actual.to(torch.float64)
        if margins.recorder is not None:
            margins.recorder.between(wide, low, high)
        if not bool(((wide >= low) & (wide <= high)).all()):
            self._fail(
                f"{self._subject}의 값이 올바른 범위를 벗어났습니다.", hint, f"{short(actual)} not in [{low}, {high}]"
            )
        return self

    def mapping(self, keys: Iterable[Hashable], *, extra: bool = False, hint: str | None = None) -> Expectation:
        """A dict with exactly these keys, in any order; with `extra` others may stand beside them."""
        if kind_of(self._value) is not Kind.DICT:
            self._wrong_kind("딕셔너리여야 합니다", hint)
        wanted = list(keys)
        present = [(type(key), key) for key in self._value]
        missing = [key for key in wanted if (type(key), key) not in present]
        detail = f"keys {short(list(self._value))}; expected {short(wanted)}"
        if missing:
            self._misform(
                f"{self._subject}에 필요한 키가 없습니다. 문제에 적힌 키의 이름과 비교해 보세요.", hint, detail
            )
        if not extra and len(self._value) != len(wanted):
            self._misform(f"{self._subject}에 필요하지 않은 키가 있습니다.", hint, detail)
        return self

    def sequence(self, length: int | None = None, *, hint: str | None = None) -> Expectation:
        """A list or tuple, of this length unless None."""
        if kind_of(self._value) not in (Kind.LIST, Kind.TUPLE):
            self._wrong_kind("리스트나 튜플이어야 합니다", hint)
        if length is not None and len(self._value) != length:
            detail = f"length {len(self._value)}, expected {length}"
            self._misform(f"{self._subject}의 길이가 올바르지 않습니다.", hint, detail)
        return self

    def item(self, key: Hashable, *, hint: str | None = None) -> Expectation:
        """The expectation on one entry: by key of a dict, by index of a list or tuple."""
        if kind_of(self._value) is Kind.DICT:
            for present, value in self._value.items():
                if type(present) is type(key) and present == key:
                    return Expectation(value, f"{self._what}[{key!r}]" if isinstance(key, str) else self._what)
            return self.mapping([key], extra=True, hint=hint)
        if type(key) is not int:
            self._wrong_kind("딕셔너리여야 합니다", hint)
        self.sequence(hint=hint)
        if not -len(self._value) <= key < len(self._value):
            self._misform(
                f"{self._subject}의 길이가 올바르지 않습니다.", hint, f"no index {key} in {len(self._value)} entries"
            )
        subject = self._subject if self._subject.endswith(_ENTRY) else f"{self._subject}{_ENTRY}"
        return Expectation(self._value[key], f"{self._what}[{key}]", subject)

    def each(self, length: int | None = None, *, hint: str | None = None) -> tuple[Expectation, ...]:
        """The expectations on all entries of a list or tuple, of this length unless None."""
        self.sequence(length, hint=hint)
        return tuple(self.item(index) for index in range(len(self._value)))

    def unpack(self, count: int | None, *, hint: str | None = None) -> tuple[Any, ...]:
        """The raw entries of a list or tuple of exactly `count` unless None; pass each on to `expect`."""
        self.sequence(count, hint=hint)
        return tuple(self._value)

    def number(self, *, hint: str | None = None) -> float:
        """The value as a float: a real number or a 0-d tensor or array; NaN and infinity are allowed."""
        real = as_real(self._value)
        if real is None:
            self._wrong_kind("숫자 하나여야 합니다", hint)
        return real

    def real(self, *, hint: str | None = None) -> float:
        """The value as a float to compute with: as `number`, but finite and no larger than 1e100 in size."""
        actual = self.number(hint=hint)
        self._computable(torch.tensor(actual, dtype=torch.float64), hint)
        return actual

    def integer(self, *, hint: str | None = None) -> int:
        """The value as an int: an integer or a 0-d integer tensor or array, not a bool."""
        if kind_of(self._value) is Kind.INT:
            return int(self._value)
        actual = to_tensor(self._value)
        if actual is None or actual.dim() or actual.is_floating_point() or actual.is_complex() or _is_bool(actual):
            self._wrong_kind("정수여야 합니다", hint)
        return int(actual.item())

    def tensor(self, *, hint: str | None = None) -> torch.Tensor:
        """The value as a CPU tensor of its own, detached; an array is accepted. Check `shape` before computing."""
        return self._array(hint).clone()

    def reals(self, *, hint: str | None = None) -> torch.Tensor:
        """The values as a float64 tensor to compute with: as `tensor`, but real, finite and up to 1e100 in size.

        Integers and truth values are widened: which element type it is, is for `dtype` to judge.
        """
        actual = self._array(hint)
        if actual.is_complex():
            self._wrong_kind("실수여야 합니다", hint)
        wide = actual.to(torch.float64, copy=True)
        self._computable(wide, hint)
        return wide

    def text(self, *, hint: str | None = None) -> str:
        """The value as a str."""
        if kind_of(self._value) is not Kind.STR:
            self._wrong_kind("문자열이어야 합니다", hint)
        return str(self._value)

    def truth(self, *, hint: str | None = None) -> bool:
        """The value as a bool, which no number is."""
        if kind_of(self._value) is not Kind.BOOL:
            self._wrong_kind("참/거짓 값(bool)이어야 합니다", hint)
        return bool(self._value)

    # -- steps

    def _array(self, hint: str | None) -> torch.Tensor:
        actual = to_tensor(self._value) if kind_of(self._value) in (Kind.TENSOR, Kind.ARRAY) else None
        if actual is None:
            self._wrong_kind("텐서여야 합니다", hint)
        return actual

    def _single_or_array(self, hint: str | None) -> torch.Tensor:
        actual = to_tensor(self._value)
        if actual is None or kind_of(self._value) is Kind.BOOL:
            self._wrong_kind("숫자나 텐서여야 합니다", hint)
        return actual

    def _same_shape(self, actual: tuple[int, ...], dims: tuple[int | None, ...], hint: str | None) -> None:
        detail = f"shape {actual}, expected {dims}"
        if len(actual) != len(dims):
            text = f"{self._subject}의 차원 수가 다릅니다. {len(dims)}차원이어야 합니다."
            self._misform(text, hint, detail)
        if any(want not in (None, size) for size, want in zip(actual, dims, strict=True)):
            self._misform(f"{self._subject}의 모양(shape)이 다릅니다.", hint, detail)

    def _not_empty(self, actual: torch.Tensor, hint: str | None) -> None:
        if actual.numel() == 0:
            self._misform(f"{self._subject}에 원소가 하나도 없습니다.", hint, f"shape {tuple(actual.shape)}")

    def _finite(self, actual: torch.Tensor, hint: str | None) -> None:
        bad = ~torch.isfinite(actual)
        if bool(bad.any()):
            detail = f"{int(bad.sum())} of {actual.numel()} entries are not finite: {short(actual)}"
            self._misform(f"{self._subject}에 NaN이나 무한대가 있습니다.", hint, detail)

    def _computable(self, actual: torch.Tensor, hint: str | None) -> None:
        self._finite(actual, hint)
        if bool((actual.abs() > _LARGEST).any()):
            self._misform(f"{self._subject}에 지나치게 큰 수가 있습니다.", hint, f"too large: {short(actual)}")

    def _wrong_kind(self, wanted: str, hint: str | None, detail: str = "") -> NoReturn:
        kind = kind_of(self._value)
        symptom = f"{self._subject}의 종류가 다릅니다. {wanted}."
        if kind is Kind.NONE:
            symptom = f"{with_particle(self._subject, '이/가')} 없습니다(None). {wanted}."
            hint = hint or "return 문을 빠뜨리지 않았는지 확인해 보세요."
        self._misform(symptom, hint, f"{kind.value}: {detail or f'value {short(self._value)}'}")

    def _misform(self, symptom: str, hint: str | None, detail: str) -> NoReturn:
        self._fail(symptom, hint, detail, form=True)

    def _fail(self, symptom: str, hint: str | None, detail: str, *, form: bool = False) -> NoReturn:
        what = self._what or "value"
        raise ExpectationFailed(_sentence(symptom, hint), f"{what}: {detail}", hint=hint, form=form)


def _is_bool(tensor: torch.Tensor) -> bool:
    return tensor.dtype == torch.bool


def _sentence(symptom: str, hint: str | None) -> str:
    return f"{symptom} {hint}" if hint else symptom


def _subject(what: str) -> str:
    if not what:
        return "돌려준 값"
    return f"`{what}`" if what.isascii() else what
