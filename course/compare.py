"""What a public check is written with: compare a student's value, and say symptom, suspect and next step.

A check file raises `CheckError` through the functions here and nothing else. The values in a public check are worked by
hand and may be shown; hidden values are never here. Order of every comparison: kind, shape, finiteness, value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["CheckError", "close", "number", "require", "sequence", "tensor"]

Suspects = Iterable[tuple[Any, str]]
"""Pairs (wrong value, what was probably done); the first wrong value that matches is named to the student."""

_SHOWN = 6


class CheckError(AssertionError):
    """A finding about a student's value.

    Args:
        symptom: Korean sentence: what is seen.
        suspect: Korean sentence: what probably causes it, or "".
        next_step: Korean sentence: what to do next, or "".
        value: the student's value that was compared; None where nothing was.
        expected: the value it was compared with, worked by hand; None where nothing was.
    """

    def __init__(
        self, symptom: str, suspect: str = "", next_step: str = "", *, value: object = None, expected: object = None
    ) -> None:
        super().__init__(" ".join(part for part in (symptom, suspect, next_step) if part))
        self.symptom = symptom
        self.suspect = suspect
        self.next_step = next_step
        self.value = value
        self.expected = expected


def require(condition: object, symptom: str, suspect: str = "", next_step: str = "") -> None:
    """Raise `CheckError` unless `condition` is the boolean True (nothing else counts as true)."""
    if condition is not True:
        raise CheckError(symptom, suspect, next_step)


def tensor(value: object, what: str, *, shape: Sequence[int] | None = None, dtype: Any = None) -> Tensor:
    """Return `value` detached if it is a `torch.Tensor` of this shape and dtype; raises `CheckError`."""
    import torch

    require(value is not None, f"{what}: 값이 None입니다.", "반환(return)을 빠뜨렸을 수 있습니다.")
    if not isinstance(value, torch.Tensor):
        raise CheckError(
            f"{what}: torch.Tensor가 아니라 {type(value).__name__}입니다.",
            next_step="반환하는 값의 종류와 순서를 서명(signature)과 비교해 보세요.",
        )
    if shape is not None and tuple(value.shape) != tuple(shape):
        got = tuple(value.shape)
        turned = got == tuple(reversed(shape))
        suspect = "행과 열이 바뀌었습니다(전치)." if turned and len(got) > 1 else ""
        raise CheckError(
            f"{what}: 모양이 {tuple(shape)}이어야 하는데 {got}입니다.", suspect, "표의 모양과 비교해 보세요."
        )
    if dtype is not None and value.dtype != dtype:
        raise CheckError(
            f"{what}: dtype이 {dtype}이어야 하는데 {value.dtype}입니다.",
            "새 텐서를 만들 때 dtype을 정해 두었거나, 비교 결과(bool)를 그대로 반환했을 수 있습니다.",
            "입력의 dtype을 따르게 해 보세요. 예: `torch.zeros_like(z)`, `mask.to(z.dtype)`.",
        )
    return value.detach()


def number(value: object, what: str) -> float:
    """Return `value` as a float if it is one number (of Python, NumPy or torch); raises `CheckError`."""
    import numpy as np
    import torch

    require(value is not None, f"{what}: 값이 None입니다.", "반환(return)을 빠뜨렸을 수 있습니다.")
    if isinstance(value, torch.Tensor | np.ndarray | np.generic):
        require(
            value.size == 1 if not isinstance(value, torch.Tensor) else value.numel() == 1,
            f"{what}: 수 하나가 아니라 모양이 {tuple(value.shape)}인 배열입니다.",
        )
        return float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CheckError(f"{what}: 수(float)가 아니라 {type(value).__name__}입니다.")
    return float(value)


def sequence(value: object, what: str, length: int, *, suspect: str = "") -> list[Any]:
    """Return `value` as a list if it is a list or tuple of this length; raises `CheckError`."""
    require(value is not None, f"{what}: 값이 None입니다.", "반환(return)을 빠뜨렸을 수 있습니다.")
    if not isinstance(value, list | tuple):
        raise CheckError(f"{what}: 리스트나 튜플이 아니라 {type(value).__name__}입니다.")
    if len(value) != length:
        raise CheckError(f"{what}: 길이가 {length}이어야 하는데 {len(value)}입니다.", suspect)
    return list(value)


def close(
    value: object,
    expected: object,
    what: str,
    *,
    suspects: Suspects = (),
    next_step: str = "",
    tolerance: float = 1e-5,
) -> None:
    """Raise `CheckError` unless `value` has the shape and, within `tolerance`, the values of `expected`.

    Args:
        value: the student's tensor, or number where `expected` is a number.
        expected: tensor, nested list or number, worked by hand.
        what: name of the value in Korean or code, for the message.
        suspects: see `Suspects`; consulted only when the value is wrong.
        next_step: what to do next.
        tolerance: absolute, plus the same relative to the expected value.
    """
    import torch

    if isinstance(expected, int | float):
        got = torch.tensor(number(value, what), dtype=torch.float64)
    else:
        wanted_shape = torch.as_tensor(expected).shape
        got = tensor(value, what, shape=wanted_shape).to(torch.float64)
    want = torch.as_tensor(expected, dtype=torch.float64)
    if _same(got, want, tolerance):
        return
    suspect = next((text for wrong, text in suspects if _same(got, wrong, tolerance)), "")
    if not bool(torch.isfinite(got).all()) and bool(torch.isfinite(want).all()):
        raise CheckError(
            f"{what}: nan 또는 inf가 들어 있습니다.",
            suspect or "아주 큰 수를 exp에 넣었거나 0으로 나누었을 수 있습니다.",
            next_step,
            value=value,
            expected=expected,
        )
    raise CheckError(
        f"{what}: 값이 다릅니다. 받은 값 {_show(got)}, 기대한 값 {_show(want)}.",
        suspect,
        next_step or "새 셀을 만들어 같은 입력을 넣고 중간값을 하나씩 출력해 보세요.",
        value=value,
        expected=expected,
    )


def _same(got: Tensor, wanted: object, tolerance: float) -> bool:
    import torch

    want = torch.as_tensor(wanted, dtype=torch.float64)
    return got.shape == want.shape and torch.allclose(got, want, rtol=tolerance, atol=tolerance, equal_nan=True)


def _show(value: Tensor) -> str:
    if value.dim() == 0:
        return f"{float(value):.4g}"
    flat = [f"{float(item):.4g}" for item in value.flatten()[:_SHOWN]]
    return "[" + ", ".join(flat) + (", …" if value.numel() > _SHOWN else "") + "]"
