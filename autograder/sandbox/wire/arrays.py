"""Arrays and tensors on the wire: which dtypes cross, how one is described, how one is laid over received bytes.

Owns the table of element types and every look at torch and numpy that the codec takes. Refuses object arrays,
structured types, sparse, quantized and meta tensors. What it builds is a plain `numpy.ndarray` or `torch.Tensor` on the
CPU. Copies are numpy's, so that no torch operation that could start a second thread runs on either side.

torch and numpy are looked up when the first array crosses, so that a process without them can import this module.
"""

from __future__ import annotations

import math
import struct
import sys
from dataclasses import dataclass
from functools import cache
from typing import Any

from autograder.sandbox.wire.frames import malformed, over_limit

__all__ = ["DESCRIPTION", "DTYPES", "Parts", "build", "is_numpy_scalar", "plain_scalar", "take_apart"]

DTYPES = (
    *("bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"),
    *("float16", "float32", "float64", "bfloat16", "complex64", "complex128"),
)
"""Element types by wire code, the same names in torch and numpy; bfloat16 is torch's alone. Append only."""

DESCRIPTION = struct.Struct("<BB")
"""Dtype code and requires_grad; one u64 for each dimension follows."""


@dataclass(frozen=True, slots=True)
class Parts:
    """An array taken apart: `bits` is a numpy view of its memory (bfloat16 as int16), not yet contiguous."""

    tensor: bool
    dtype: str
    requires_grad: bool
    bits: Any

    @property
    def description(self) -> bytes:
        """The payload of its token."""
        dims = struct.pack(f"<{self.bits.ndim}Q", *self.bits.shape)
        return DESCRIPTION.pack(_codes()[self.dtype], self.requires_grad) + dims

    def buffer(self) -> memoryview:
        """Its elements in C order, copied only if they are not in that order already."""
        if not self.bits.size:
            return memoryview(b"")
        if not self.bits.flags.c_contiguous:
            return memoryview(self.bits.copy(order="C").reshape(-1).view("u1"))
        return memoryview(self.bits.reshape(-1).view("u1"))


def take_apart(value: Any) -> Parts | None:
    """Take an array or tensor apart; None if it is neither or cannot be sent. Never calls what a subclass overrides."""
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    kind = type(value)
    if torch is not None and issubclass(kind, torch.Tensor):
        return _take_tensor(torch, value)
    if numpy is None or not issubclass(kind, numpy.ndarray):
        return None
    array = numpy.asarray(value)
    if not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    name = array.dtype.name
    return Parts(False, name, False, array) if name in _numpy_dtypes() else None


def is_numpy_scalar(kind: type) -> bool:
    """Whether this is a type of numpy scalars, such as ``numpy.float32``."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and issubclass(kind, numpy.generic)


def plain_scalar(value: Any) -> bool | int | float | complex | None:
    """Return a numpy scalar as Python's; None if Python has no such number (long double, dates)."""
    import numpy

    scalar = numpy.generic.item(value)
    return scalar if type(scalar) in (bool, int, float, complex) else None


def build(payload: bytes, buffer: Any, *, tensor: bool, max_dims: int, max_bytes: int) -> Any:
    """Lay an array over a buffer as its description says, copying only what cannot be written to.

    Raises:
        ProtocolError: the description is not one, exceeds the caps, or does not fit the buffer.
    """
    dims, rest = divmod(len(payload) - DESCRIPTION.size, 8)
    if dims < 0 or rest:
        raise malformed("an array's description")
    if dims > max_dims:
        raise over_limit("dimensions", dims)
    code, grad = DESCRIPTION.unpack_from(payload)
    shape = struct.unpack_from(f"<{dims}Q", payload, DESCRIPTION.size)
    name = DTYPES[code] if code < len(DTYPES) else ""
    if name not in (_torch_dtypes() if tensor else _numpy_dtypes()):
        raise malformed(f"dtype {code}")
    if grad not in (0, 1) or (grad and not (tensor and name.startswith(("float", "bfloat", "complex")))):
        raise malformed("requires_grad")
    itemsize = _numpy_dtypes()[name].itemsize if name != "bfloat16" else 2
    if math.prod(size or 1 for size in shape) * itemsize > max_bytes:
        raise over_limit("shape", max(shape))
    view = memoryview(buffer).cast("B")
    if view.nbytes != math.prod(shape) * itemsize:
        raise malformed("a buffer of another size than its array")
    return _lay_over(view, name, shape, tensor, bool(grad))


def _lay_over(view: memoryview, name: str, shape: tuple[int, ...], tensor: bool, grad: bool) -> Any:
    """Lay an array over a buffer whose size has been checked, copying only what cannot be written to."""
    import numpy

    raw = numpy.frombuffer(bytearray(view) if view.readonly else view, "u1")
    if name == "bool" and raw.size and raw.max() > 1:
        raise malformed("a bool that is neither 0 nor 1")
    if raw.ctypes.data % 16:
        raw = raw.copy()
    if not tensor:
        return raw.view(_numpy_dtypes()[name]).reshape(shape)
    import torch

    dtype = _torch_dtypes()[name]
    if not raw.size:
        return torch.empty(shape, dtype=dtype, device="cpu", requires_grad=grad)
    result = torch.frombuffer(raw, dtype=dtype).reshape(shape)
    return result.requires_grad_() if grad else result


def _take_tensor(torch: Any, value: Any) -> Parts | None:
    with torch._C.DisableTorchFunctionSubclass():
        name = str(value.dtype).removeprefix("torch.")
        if value.layout != torch.strided or value.is_quantized or value.is_meta or name not in _torch_dtypes():
            return None
        try:
            plain = torch.Tensor.detach(value)
            if plain.device.type != "cpu":
                plain = plain.cpu()
            plain = plain.resolve_conj().resolve_neg()
            bits = plain.view(torch.int16) if name == "bfloat16" else plain
            return Parts(True, name, bool(value.requires_grad), bits.numpy())
        except (RuntimeError, TypeError, NotImplementedError):  # a wrapper without storage, a functorch level
            return None


@cache
def _codes() -> dict[str, int]:
    return {name: code for code, name in enumerate(DTYPES)}


@cache
def _torch_dtypes() -> dict[str, Any]:
    import torch

    return {name: getattr(torch, name) for name in DTYPES}


@cache
def _numpy_dtypes() -> dict[str, Any]:
    import numpy

    return {name: numpy.dtype(name) for name in DTYPES if name != "bfloat16"}
