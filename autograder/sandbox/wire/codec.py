"""The wire codec: Python values as frames of plain data, with every size checked before it is believed.

Owns the table of types that may cross and the header's format. Refuses everything else: no pickle, no code, no class
names that are looked up, no object arrays. Whatever a frame from a sandbox says is a claim; `decode` builds exact
builtin types, plain `torch.Tensor` and plain `numpy.ndarray` only.

The header is one value as a flat pre-order stream of msgpack tokens; containers, numbers beyond 64 bits, arrays and
handles are extension tokens whose payloads are fixed structs. Flat, because msgpack's own arrays are allocated by the
length they announce. An array takes the next buffer, in order; each buffer is used exactly once.
"""

from __future__ import annotations

import struct
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from types import NoneType
from typing import Any

import msgpack

from autograder.sandbox.wire import arrays
from autograder.sandbox.wire.frames import CodecLimits, Frame, Handle, malformed, over_limit, recv, send

__all__ = ["CodecLimits", "Frame", "Handle", "decode", "encode", "recv", "send"]

LIST, TUPLE, DICT, SET, FROZENSET, NDARRAY, TENSOR, BIGINT, COMPLEX, HANDLE = range(1, 11)
_COUNT = struct.Struct("<I")
_HANDLE = struct.Struct("<Q")  # id; then the type's name in UTF-8
_COMPLEX = struct.Struct("<dd")
_TYPE_NAME = 200  # characters of a handle's type name
_SAME_HASH = 64  # keys of one dict or set that may share a hash: more is an attack on the hash table
_DEFAULT = CodecLimits()


def encode(
    value: object, put_handle: Callable[[Any], Handle] | None = None, *, limits: CodecLimits = _DEFAULT
) -> Frame:
    """Encode a value.

    Sendable are None, bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, `Handle`, numpy scalars
    (as Python's), and numpy arrays and dense torch tensors of the types in `arrays.DTYPES`. Subclasses are sent as
    their base, read without calling what they override. Everything else is given to `put_handle`, and so is a dict or
    set with other keys than scalars and tuples, and a str that is not valid Unicode.

    Raises:
        TypeError: something is not sendable and there is no `put_handle`.
        ProtocolError: the value exceeds the limits (a list that holds itself does).
    """
    writer = _Writer(put_handle, limits)
    try:
        writer.write(value, 0)
    except RecursionError:  # a key of tuples within tuples
        raise over_limit("depth", limits.max_depth) from None
    frame = Frame(writer.packer.bytes(), writer.buffers)
    if len(frame.header) > limits.max_header or frame.nbytes > limits.max_bytes:
        raise over_limit("bytes", frame.nbytes)
    return frame


def decode(
    header: bytes,
    buffers: Sequence[bytes | bytearray | memoryview],
    *,
    limits: CodecLimits,
    get_handle: Callable[[Handle], Any] | None = None,
) -> Any:
    """Rebuild the value of a frame; handles become what `get_handle` returns for them, by default themselves.

    A writable buffer becomes the memory of its array; a read-only one is copied once.

    Raises:
        ProtocolError: anything at all is wrong with the frame, or `get_handle` raised LookupError.
    """
    if len(header) > limits.max_header or len(buffers) > limits.max_buffers:
        raise over_limit("header or buffers", len(header))
    if len(header) + sum(memoryview(buffer).nbytes for buffer in buffers) > limits.max_bytes:
        raise over_limit("bytes", limits.max_bytes)
    reader = _Reader(header, buffers, limits, get_handle)
    value = reader.read(0, key=False)
    reader.finish()
    return value


class _Writer:
    """One encoding: the packer, the buffers so far, and what is left of the limits."""

    def __init__(self, put_handle: Callable[[Any], Handle] | None, limits: CodecLimits) -> None:
        self.packer = msgpack.Packer(autoreset=False, strict_types=True)
        self.buffers: list[memoryview] = []
        self.put_handle = put_handle
        self.limits = limits
        self.items = 0
        self.nbytes = 0

    def write(self, value: Any, depth: int) -> None:
        self.items += 1
        if self.items > self.limits.max_items:
            raise over_limit("items", self.items)
        kind = type(value)
        if kind is NoneType or kind is bool or kind is float:
            self.packer.pack(value)
        elif issubclass(kind, str):
            self._text(value)
        elif issubclass(kind, int):
            self._int(int.__int__(value))
        elif issubclass(kind, float):
            self.packer.pack(float.__float__(value))
        elif issubclass(kind, bytes):
            self._sized(bytes.__getitem__(value, slice(None)), bytes.__len__(value))
        elif issubclass(kind, list):
            self._container(LIST, list(list.__iter__(value)), depth)
        elif issubclass(kind, tuple):
            self._container(TUPLE, list(tuple.__iter__(value)), depth)
        elif issubclass(kind, dict):
            self._dict(value, depth)
        elif issubclass(kind, (set, frozenset)):
            base, code = (set, SET) if issubclass(kind, set) else (frozenset, FROZENSET)
            members = list(base.__iter__(value))
            self._container(code, members, depth) if all(map(_is_key, members)) else self._opaque(value)
        elif issubclass(kind, complex):
            self._extension(COMPLEX, _COMPLEX.pack(*_complex_parts(value)))
        elif kind is Handle:
            self._handle(value)
        elif not self._array(value):
            self._opaque(value)

    def _extension(self, code: int, payload: bytes) -> None:
        self.packer.pack_ext_type(code, payload)

    def _text(self, value: str) -> None:
        text = str.__str__(value)
        try:
            self._sized(text, len(text) if text.isascii() else len(text.encode()))
        except UnicodeEncodeError:  # a lone surrogate is not text
            self._opaque(value)

    def _sized(self, value: str | bytes, size: int) -> None:
        if size > self.limits.max_str:
            raise over_limit("string", size)
        self._reserve(size)
        self.packer.pack(value)

    def _reserve(self, size: int) -> None:
        self.nbytes += size
        if self.nbytes > self.limits.max_bytes:
            raise over_limit("bytes", self.nbytes)

    def _int(self, value: int) -> None:
        if -(2**63) <= value < 2**64:
            self.packer.pack(value)
            return
        if abs(value) >= _power_of_ten(self.limits.max_int_digits):
            raise over_limit("int", value.bit_length())
        self._extension(BIGINT, value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True))

    def _container(self, code: int, values: list[Any], depth: int, count: int | None = None) -> None:
        if depth >= self.limits.max_depth:
            raise over_limit("depth", depth)
        if len(values) > self.limits.max_items:
            raise over_limit("items", len(values))
        self._extension(code, _COUNT.pack(len(values) if count is None else count))
        for value in values:
            self.write(value, depth + 1)

    def _dict(self, value: Any, depth: int) -> None:
        ordered = issubclass(type(value), OrderedDict)
        pairs = list(OrderedDict.items(value) if ordered else dict.items(value))
        if not all(_is_key(key) for key, _ in pairs):
            self._opaque(value)
            return
        self._container(DICT, [part for pair in pairs for part in pair], depth, len(pairs))

    def _handle(self, handle: Handle) -> None:
        name = "".join(c if c.isprintable() else "?" for c in handle.type_name[:_TYPE_NAME])
        self._extension(HANDLE, _HANDLE.pack(handle.id) + name.encode())

    def _opaque(self, value: Any) -> None:
        if self.put_handle is None:
            raise TypeError(f"a value of type {type(value).__name__} cannot be sent")
        self._handle(self.put_handle(value))

    def _array(self, value: Any) -> bool:
        """Write a tensor, an array or a numpy scalar; False if it is none of these or cannot be sent."""
        if arrays.is_numpy_scalar(type(value)):
            scalar = arrays.plain_scalar(value)
            if scalar is None:
                return False
            self.items -= 1
            self.write(scalar, 0)
            return True
        parts = arrays.take_apart(value)
        if parts is None:
            return False
        if parts.bits.ndim > self.limits.max_dims or len(self.buffers) >= self.limits.max_buffers:
            raise over_limit("dimensions or buffers", parts.bits.ndim)
        self._reserve(parts.bits.nbytes)  # what an expanded view would take, before it is made
        self.buffers.append(parts.buffer())
        self._extension(TENSOR if parts.tensor else NDARRAY, parts.description)
        return True


class _Reader:
    """One decoding. `read` is recursive, no deeper than `max_depth`; nothing is sized by an announced count."""

    def __init__(
        self,
        header: bytes,
        buffers: Sequence[bytes | bytearray | memoryview],
        limits: CodecLimits,
        get_handle: Callable[[Handle], Any] | None,
    ) -> None:
        self.limits = limits
        self.buffers = buffers
        self.used = 0
        self.items = 0
        self.get_handle = get_handle
        self.tokens = msgpack.Unpacker(
            raw=False,
            ext_hook=_Token,
            max_buffer_size=max(len(header), 1),
            max_str_len=limits.max_str,
            max_bin_len=limits.max_str,
            max_array_len=0,
            max_map_len=0,
            max_ext_len=_ext_limit(limits),
        )
        self.tokens.feed(header)

    def finish(self) -> None:
        """Raise ProtocolError unless the whole frame was used."""
        if self.used != len(self.buffers):
            raise malformed("a buffer that no array uses")
        try:
            self.tokens.skip()
        except msgpack.OutOfData:
            return
        except Exception as error:
            raise malformed("bytes after the value") from error
        raise malformed("a second value")

    def read(self, depth: int, key: bool) -> Any:
        self.items += 1
        if self.items > self.limits.max_items:
            raise over_limit("items", self.items)
        try:
            token = self.tokens.unpack()
        except Exception as error:  # msgpack raises ValueError and its subclasses, UnicodeDecodeError, OutOfData
            raise malformed(f"{type(error).__name__} in the header") from error
        kind = type(token)
        if kind is str or kind is int or kind is float or token is None or kind is bool or kind is bytes:
            return token
        if kind is not _Token:
            raise malformed(f"a token of type {kind.__name__}")
        if token.code in _CONTAINERS:
            return self._container(token, depth, key)
        if token.code == BIGINT:
            return self._int(token.payload)
        if token.code == COMPLEX:
            return complex(*_unpack(_COMPLEX, token.payload))
        if key:
            raise malformed("a key that is neither scalar nor tuple")
        if token.code in (TENSOR, NDARRAY):
            return self._array(token)
        if token.code == HANDLE:
            return self._handle(token.payload)
        raise malformed(f"extension {token.code}")

    def _container(self, token: _Token, depth: int, key: bool) -> Any:
        code = token.code
        (count,) = _unpack(_COUNT, token.payload)
        if depth >= self.limits.max_depth:
            raise over_limit("depth", depth)
        depth += 1
        if key and code not in (TUPLE, FROZENSET):
            raise malformed("a key that is neither scalar nor tuple")
        if code in (LIST, TUPLE):
            values = [self.read(depth, key) for _ in range(count)]
            return values if code == LIST else tuple(values)
        if code == DICT:
            pairs = [(self.read(depth, key=True), self.read(depth, key=False)) for _ in range(count)]
            _refuse_collisions([pair[0] for pair in pairs])
            return _distinct(dict(pairs), count)
        members = [self.read(depth, key=True) for _ in range(count)]
        _refuse_collisions(members)
        return _distinct(set(members) if code == SET else frozenset(members), count)

    def _int(self, payload: bytes) -> int:
        value = int.from_bytes(payload, "little", signed=True)
        if abs(value) >= _power_of_ten(self.limits.max_int_digits):
            raise over_limit("int", value.bit_length())
        return value

    def _handle(self, payload: bytes) -> Any:
        if len(payload) < _HANDLE.size:
            raise malformed("a short handle")
        try:
            name = payload[_HANDLE.size :].decode()
        except UnicodeDecodeError as error:
            raise malformed("a handle's name") from error
        if len(name) > _TYPE_NAME or not name.isprintable():
            raise malformed("a handle's name")
        handle = Handle(_HANDLE.unpack_from(payload)[0], name)
        if self.get_handle is None:
            return handle
        try:
            return self.get_handle(handle)
        except LookupError as error:
            raise malformed("an unknown handle") from error

    def _array(self, token: _Token) -> Any:
        if self.used >= len(self.buffers):
            raise malformed("an array without a buffer")
        buffer = self.buffers[self.used]
        self.used += 1
        limits = self.limits
        return arrays.build(
            token.payload,
            buffer,
            tensor=token.code == TENSOR,
            max_dims=limits.max_dims,
            max_bytes=limits.max_bytes,
        )


@dataclass(frozen=True, slots=True)
class _Token:
    """An extension token as msgpack hands it over."""

    code: int
    payload: bytes


_CONTAINERS = frozenset((LIST, TUPLE, DICT, SET, FROZENSET))


def _is_key(value: Any) -> bool:
    """Whether a value may be a key on the wire: a scalar, or a tuple or frozenset of such."""
    kind = type(value)
    if issubclass(kind, (str, int, float, bytes, complex, NoneType)):
        return True
    if issubclass(kind, (tuple, frozenset)):
        return all(map(_is_key, (tuple if issubclass(kind, tuple) else frozenset).__iter__(value)))
    return arrays.is_numpy_scalar(kind) and arrays.plain_scalar(value) is not None


def _refuse_collisions(keys: list[Any]) -> None:
    """Refuse keys chosen to make a hash table quadratic; the hashes of numbers and tuples are not secret."""
    if len(keys) > _SAME_HASH and max(Counter(map(hash, keys)).values()) > _SAME_HASH:
        raise malformed("keys with equal hashes")


def _distinct(collection: Any, count: int) -> Any:
    if len(collection) != count:
        raise malformed("a key given twice")
    return collection


def _complex_parts(value: Any) -> tuple[float, float]:
    plain = complex.__complex__(value)
    return plain.real, plain.imag


def _unpack(layout: struct.Struct, payload: bytes) -> tuple[Any, ...]:
    if len(payload) != layout.size:
        raise malformed("an extension's size")
    return layout.unpack(payload)


@cache
def _power_of_ten(digits: int) -> int:
    return int(10**digits)


@cache
def _ext_limit(limits: CodecLimits) -> int:
    int_bytes = _power_of_ten(limits.max_int_digits).bit_length() // 8 + 1
    return max(arrays.DESCRIPTION.size + 8 * limits.max_dims, int_bytes, _HANDLE.size + 4 * _TYPE_NAME)
