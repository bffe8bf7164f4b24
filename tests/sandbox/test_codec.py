"""The wire codec: what crosses, what is refused, and that no frame can cost more than was announced and allowed."""

from __future__ import annotations

import collections
import enum
import math
import struct
import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import ProtocolError
from autograder.model import Limits
from autograder.sandbox.wire.arrays import DTYPES
from autograder.sandbox.wire.codec import CodecLimits, Frame, Handle, decode, encode

LIMITS = CodecLimits()
SMALL = CodecLimits(
    max_header=4096,
    max_bytes=8192,
    max_buffers=4,
    max_depth=5,
    max_dims=3,
    max_items=64,
    max_int_digits=30,
    max_str=256,
)

scalars = st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats() | st.text() | st.binary()
scalars |= st.complex_numbers()
keys = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3).map(tuple), max_leaves=4)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.lists(inner, max_size=5).map(tuple)
        | st.dictionaries(keys, inner, max_size=5)
        | st.sets(keys, max_size=5)
        | st.frozensets(keys, max_size=5)
    ),
    max_leaves=25,
)


def round_trip(value: object, limits: CodecLimits = LIMITS) -> object:
    frame = encode(value, limits=limits)
    return decode(frame.header, frame.buffers, limits=limits)


def same(a: object, b: object) -> bool:
    """Equality that tells types, signs of zero and kinds of NaN apart."""
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return struct.pack("<d", a) == struct.pack("<d", b)
    if isinstance(a, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return same(list(a.items()), list(b.items()))
    if isinstance(a, (set, frozenset)):
        return sorted(map(repr, a)) == sorted(map(repr, b))
    return a == b


# ---------------------------------------------------------------- what crosses


@settings(deadline=None)
@given(values)
def test_plain_values_come_back_with_the_same_types_and_bits(value):
    assert same(round_trip(value), value)


@pytest.mark.parametrize("name", DTYPES)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 4), (2, 3, 4)])
def test_tensors_of_every_dtype_and_shape_come_back_bit_for_bit(name, shape):
    dtype = getattr(torch, name)
    raw = torch.randint(0, 2, (*shape, dtype.itemsize), dtype=torch.uint8)
    tensor = raw.view(dtype).reshape(shape) if raw.numel() else torch.empty(shape, dtype=dtype)
    back = round_trip(tensor)
    assert type(back) is torch.Tensor and back.dtype == dtype and back.shape == tensor.shape
    assert (
        back.numpy(force=True).tobytes() == tensor.numpy().tobytes()
        if name != "bfloat16"
        else torch.equal(back, tensor)
    )


@pytest.mark.parametrize("name", [n for n in DTYPES if n != "bfloat16"])
def test_arrays_of_every_dtype_come_back_writable_and_bit_for_bit(name):
    value = np.arange(6).reshape(2, 3).astype(name)[:, ::2]
    back = round_trip({"a": value})["a"]
    assert type(back) is np.ndarray and back.dtype == name and back.flags.writeable
    assert back.tobytes() == value.tobytes() and back.shape == value.shape


def test_gradient_flag_strides_conjugation_and_negation_of_a_tensor_are_resolved():
    base = torch.randn(4, 5, dtype=torch.complex64)
    for tensor in (base.t(), base.conj(), base.conj().imag, base[::2, 1:3], torch.zeros(1).expand(3, 3)):
        assert torch.equal(round_trip(tensor), tensor)
    assert round_trip(torch.ones(2, requires_grad=True)).requires_grad
    assert not round_trip(torch.ones(2)).requires_grad
    assert round_trip(torch.ones(2, requires_grad=True) * 2).is_leaf


def test_arrays_in_other_orders_and_byte_orders_come_back_equal():
    for value in (np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.arange(3, dtype=">i4"), np.float32(2.5)):
        np.testing.assert_array_equal(round_trip(value), value)
    assert round_trip({np.int64(3): np.bool_(True)}) == {3: True}
    assert type(round_trip(np.float32(2.5))) is float


def test_subclasses_are_sent_as_their_base_without_calling_what_they_override():
    def refuse(*_args, **_kwargs):
        raise AssertionError("student code ran")

    names = [
        "iter",
        "len",
        "getitem",
        "str",
        "repr",
        "int",
        "index",
        "float",
        "complex",
        "bytes",
        "contains",
        "bool",
        "abs",
        "ge",
        "eq",
    ]
    hostile = dict.fromkeys([f"__{name}__" for name in names] + ["items", "keys", "encode", "isascii"], refuse)
    hostile["__hash__"] = lambda self: 1
    for base, value in [(str, "글"), (int, 7), (float, 0.5), (bytes, b"x"), (complex, 1j), (list, [1]), (tuple, (1,))]:
        assert same(round_trip(type("Sub", (base,), dict(hostile))(value)), value)
    for base, value in [(dict, {"a": 1}), (set, {1}), (frozenset, {1})]:
        assert same(round_trip(type("Sub", (base,), dict(hostile))(value)), base(value))
    assert type(round_trip(enum.IntEnum("Color", "RED").RED)) is int
    assert round_trip(torch.Size([2, 3])) == (2, 3)
    ordered = collections.OrderedDict(a=1, b=2)
    ordered.move_to_end("a")
    assert list(round_trip(ordered)) == ["b", "a"]


def test_tensor_and_array_subclasses_arrive_plain_and_their_hooks_do_not_run():
    class Sly(torch.Tensor):
        @classmethod
        def __torch_function__(cls, func, types, args=(), kwargs=None):
            raise AssertionError("student code ran")

    class SlyArray(np.ndarray):
        def __array_function__(self, *args, **kwargs):
            raise AssertionError("student code ran")

        __array_ufunc__ = __array_function__

        def __array__(self, *args, **kwargs):
            raise AssertionError("student code ran")

    back = round_trip([torch.ones(2).as_subclass(Sly), torch.nn.Parameter(torch.ones(2)), np.ones(2).view(SlyArray)])
    assert [type(b) for b in back] == [torch.Tensor, torch.Tensor, np.ndarray]


def test_a_class_that_claims_to_be_an_int_is_not_believed():
    class Liar:
        __class__ = int

    with pytest.raises(TypeError):
        encode(Liar())


class Thing:
    pass


UNSENDABLE = {
    "object": Thing(),
    "function": len,
    "object array": np.array([None]),
    "structured array": np.zeros(2, dtype=[("a", "i4")]),
    "dates": np.array(["2024-01-01"], dtype="datetime64[D]"),
    "long double": np.longdouble(1),
    "sparse": torch.eye(3).to_sparse(),
    "meta": torch.empty(3, device="meta"),
    "quantized": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8),
    "float8": torch.zeros(2, dtype=torch.float8_e5m2),
    "lone surrogate": "\ud800",
    "keys that are objects": {Thing(): 1},
    "tensors in a set": {torch.ones(1)},
    "bytearray": bytearray(b"x"),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("what", UNSENDABLE)
def test_what_cannot_cross_becomes_a_handle_or_a_type_error(what):
    value = UNSENDABLE[what]
    with pytest.raises(TypeError):
        encode([value])
    frame = encode([value], put_handle=lambda thing: Handle(5, type(thing).__name__))
    assert decode(frame.header, frame.buffers, limits=LIMITS) == [Handle(5, type(value).__name__)]
    assert decode(frame.header, frame.buffers, limits=LIMITS, get_handle=lambda handle: handle.id) == [5]


def test_a_handle_that_is_not_known_is_a_protocol_error():
    frame = encode(Handle(9, "Net"))
    with pytest.raises(ProtocolError):
        decode(frame.header, frame.buffers, limits=LIMITS, get_handle=lambda handle: {}[handle.id])


def test_a_handles_name_is_cut_and_made_printable():
    handle = round_trip(Handle(2**64 - 1, "이름\x1b[2J" + "x" * 1000))
    assert handle.id == 2**64 - 1 and len(handle.type_name) == 200 and handle.type_name.isprintable()


# ---------------------------------------------------------------- memory


def test_decoding_uses_a_writable_buffer_as_the_arrays_memory_and_copies_a_read_only_one_once():
    frame = encode(torch.zeros(1000))
    buffer = bytearray(frame.buffers[0])
    tensor = decode(frame.header, [buffer], limits=LIMITS)
    tensor[0] = 1.0
    assert bytes(buffer[:4]) == struct.pack("<f", 1.0)
    frozen = bytes(frame.buffers[0])
    tensor = decode(frame.header, [frozen], limits=LIMITS)
    tensor[0] = 1.0
    assert frozen[:4] == bytes(4)


def test_encoding_a_contiguous_array_does_not_copy_it():
    value = np.zeros(1000)
    frame = encode(value)
    value[0] = 1.0
    assert bytes(frame.buffers[0][:8]) == struct.pack("<d", 1.0)


def test_an_unaligned_buffer_gives_a_correct_and_aligned_tensor():
    frame = encode(torch.arange(4.0))
    shifted = memoryview(bytearray(b"x" + bytes(frame.buffers[0])))[1:]
    tensor = decode(frame.header, [shifted], limits=LIMITS)
    assert torch.equal(tensor, torch.arange(4.0)) and tensor.data_ptr() % 16 == 0


def test_two_arrays_never_share_one_buffer():
    frame = encode([torch.ones(2), torch.ones(2)])
    with pytest.raises(ProtocolError):
        decode(frame.header, frame.buffers[:1], limits=LIMITS)
    with pytest.raises(ProtocolError):
        decode(frame.header, [*frame.buffers, b""], limits=LIMITS)


# ---------------------------------------------------------------- caps


CAPS = {
    "bytes": np.zeros(8193, "u1"),
    "bytes of several": [np.zeros(5000, "u1"), np.zeros(5000, "u1")],
    "expanded view": np.broadcast_to(np.zeros(1), (1000, 1000, 1000)),
    "header": ["x" * 200] * 30,
    "buffers": [np.zeros(1)] * 5,
    "depth": [[[[[[1]]]]]],
    "dimensions": np.zeros((1, 1, 1, 1)),
    "items": list(range(64)),
    "digits": 10**30,
    "negative digits": -(10**30),
    "str": "가" * 86,
    "bytes object": b"x" * 257,
}


@pytest.mark.parametrize("what", CAPS)
def test_every_cap_holds_when_encoding_and_when_decoding(what):
    value = CAPS[what]
    with pytest.raises(ProtocolError) as caught:
        encode(value, limits=SMALL)
    assert caught.value.code == "frame-over-limit"
    if what == "expanded view":
        return
    frame = encode(value)
    with pytest.raises(ProtocolError):
        decode(frame.header, frame.buffers, limits=SMALL)


INSIDE = {
    "bytes": np.zeros(8000, "u1"),
    "buffers": [np.zeros(1)] * 4,
    "depth": [[[[[1]]]]],
    "dimensions": np.zeros((1, 1, 1)),
    "items": list(range(63)),
    "digits": -(10**30 - 1),
    "str": "가" * 85,
}


@pytest.mark.parametrize("what", INSIDE)
def test_values_just_inside_a_cap_pass(what):
    assert np.array_equal(round_trip(INSIDE[what], SMALL), INSIDE[what])


def test_a_list_that_holds_itself_is_over_the_limit_not_endless():
    loop: list[object] = []
    loop.append(loop)
    doubling: object = []
    for _ in range(60):
        doubling = [doubling, doubling]
    key: object = 1
    for _ in range(5000):
        key = (key,)
    for value in (loop, doubling, {key: 1}):
        with pytest.raises(ProtocolError):
            encode(value)


def test_limits_follow_the_submissions_frame_size():
    limits = CodecLimits.from_limits(Limits(frame_mb=3))
    assert limits.max_bytes == 3 << 20 and limits.max_header == 3 << 20
    assert CodecLimits.from_limits(Limits()).max_header == CodecLimits().max_header


# ---------------------------------------------------------------- imports


def test_the_module_needs_neither_torch_nor_numpy_until_an_array_crosses():
    code = (
        "import sys; from autograder.sandbox.wire import codec as c\n"
        "f = c.encode({'a': [1, 'b', (2.5,)]}); c.decode(f.header, f.buffers, limits=c.CodecLimits())\n"
        "try: c.encode(object())\n"
        "except TypeError: pass\n"
        "print([m for m in ('torch', 'numpy', 'pickle') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "[]"


def test_decoding_imports_nothing_that_is_not_loaded():
    frame: Frame = encode([torch.ones(2), torch.ones(2, dtype=torch.bfloat16), np.ones(2), 1j, math.pi])
    before = set(sys.modules)
    decode(frame.header, frame.buffers, limits=LIMITS)
    assert set(sys.modules) == before
