"""What is not a frame: announced sizes, malformed headers and random bytes cost little and raise only ProtocolError."""

from __future__ import annotations

import contextlib
import os
import pickle
import struct
import sys
import tracemalloc

import msgpack
import numpy as np
import psutil
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import ProtocolError
from autograder.sandbox.wire import codec
from autograder.sandbox.wire.codec import CodecLimits, decode, encode

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

scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text(max_size=5) | st.binary()
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4).map(tuple) | st.dictionaries(scalars, inner, max_size=3) | st.sets(scalars)
    ),
    max_leaves=8,
)


def wire(*tokens: object) -> bytes:
    """A header of raw tokens: a tuple is an extension (code, payload)."""
    return b"".join(msgpack.packb(msgpack.ExtType(*t) if isinstance(t, tuple) else t) for t in tokens)


def count(n: int) -> bytes:
    return struct.pack("<I", n)


def array(code: int, *shape: int, grad: int = 0) -> bytes:
    return struct.pack(f"<BB{len(shape)}Q", code, grad, *shape)


@pytest.mark.parametrize(
    "header",
    [
        b"\xdd\xff\xff\xff\xff" * 2000,  # arrays of 2**32 elements, nested
        b"\xdf\xff\xff\xff\xff" * 2000,
        b"\xdc\xff\xff" * 900,  # short enough for msgpack to believe
        b"\xdb\xff\xff\xff\xffx",
        b"\xc6\xff\xff\xff\xffx",
        b"\xc9\xff\xff\xff\xff\x01x",
        wire((codec.LIST, count(2**32 - 1))) * 900,
        wire((codec.LIST, count(999_999))) * 50,
        wire((codec.TENSOR, array(9, 2**63, 2**63))),
        wire((codec.TENSOR, array(9, 0, 2**40))),
        b"\x91" * 100_000,
        wire((codec.LIST, count(1))) * 100_000,
    ],
)
def test_what_a_header_announces_is_not_allocated(header):
    tracemalloc.start()
    with pytest.raises(ProtocolError):
        decode(header, [b""] if header[-18:].count(0) > 5 else [], limits=LIMITS)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * len(header) + 200_000


MALFORMED = {
    "nothing": (b"", []),
    "two values": (wire(1, 2), []),
    "trailing bytes": (wire(1) + b"\xc1", []),
    "cut short": (wire((codec.LIST, count(2)), 1), []),
    "msgpack's own list": (b"\x90", []),
    "msgpack's own map": (b"\x80", []),
    "timestamp": (msgpack.packb(msgpack.Timestamp(0)), []),
    "unknown extension": (wire((99, b"")), []),
    "invalid UTF-8": (b"\xa2\xff\xfe", []),
    "lone surrogate": (b"\xa3\xed\xa0\x80", []),
    "count of the wrong size": (wire((codec.LIST, b"\0")), []),
    "list as key": (wire((codec.DICT, count(1)), (codec.LIST, count(0)), 1), []),
    "list in a tuple as key": (wire((codec.SET, count(1)), (codec.TUPLE, count(1)), (codec.LIST, count(0))), []),
    "handle as key": (wire((codec.SET, count(1)), (codec.HANDLE, bytes(8))), []),
    "tensor as key": (wire((codec.SET, count(1)), (codec.TENSOR, array(10))), [bytes(4)]),
    "key twice": (wire((codec.DICT, count(2)), 1, 1, True, 2), []),
    "unknown dtype": (wire((codec.TENSOR, array(77, 1))), [bytes(4)]),
    "bfloat16 array": (wire((codec.NDARRAY, array(12, 1))), [bytes(2)]),
    "buffer too small": (wire((codec.TENSOR, array(10, 2))), [bytes(4)]),
    "buffer too large": (wire((codec.TENSOR, array(10, 2))), [bytes(12)]),
    "broken description": (wire((codec.TENSOR, b"\x0a\x00\x01")), [bytes(4)]),
    "empty description": (wire((codec.TENSOR, b"")), [bytes(4)]),
    "gradient of an int": (wire((codec.TENSOR, array(7, 1, grad=1))), [bytes(8)]),
    "gradient of an array": (wire((codec.NDARRAY, array(10, 1, grad=1))), [bytes(4)]),
    "a bool of 2": (wire((codec.TENSOR, array(0, 1))), [b"\x02"]),
    "short handle": (wire((codec.HANDLE, bytes(7))), []),
    "control characters in a handle": (wire((codec.HANDLE, bytes(8) + b"\x1b[2J")), []),
    "a pickle": (pickle.dumps([1, 2]), []),
}


@pytest.mark.parametrize("what", MALFORMED)
def test_malformed_frames_are_protocol_errors(what):
    header, buffers = MALFORMED[what]
    with pytest.raises(ProtocolError) as caught:
        decode(header, buffers, limits=LIMITS)
    assert caught.value.message and caught.value.code.startswith("frame-")


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=200), st.lists(st.binary(max_size=16), max_size=3))
def test_random_bytes_raise_nothing_but_protocol_errors(header, buffers):
    with contextlib.suppress(ProtocolError):
        decode(header, buffers, limits=SMALL)


tokens = st.one_of(
    scalars,
    st.tuples(st.integers(1, 5), st.integers(0, 6).map(count)),
    st.tuples(st.integers(6, 12), st.binary(max_size=30)),
    st.tuples(
        st.sampled_from([codec.TENSOR, codec.NDARRAY]),
        st.builds(
            lambda code, grad, dims: array(code, *dims, grad=grad),
            st.integers(0, 16),
            st.integers(0, 2),
            st.lists(st.sampled_from([0, 1, 2, 3, 2**31, 2**62]), max_size=5),
        ),
    ),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(tokens, min_size=1, max_size=12), st.lists(st.integers(0, 32).map(bytes), max_size=4))
def test_random_tokens_raise_nothing_but_protocol_errors(some, buffers):
    with contextlib.suppress(ProtocolError):
        decode(wire(*some), buffers, limits=SMALL)


@settings(deadline=None)
@given(values, st.data())
def test_a_frame_with_one_byte_changed_raises_nothing_but_protocol_errors(value, data):
    frame = encode([value, np.arange(3), torch.ones(2, requires_grad=True)])
    header = bytearray(frame.header)
    header[data.draw(st.integers(0, len(header) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ProtocolError):
        decode(bytes(header), frame.buffers, limits=LIMITS)


def test_keys_chosen_to_collide_are_refused_before_they_cost_quadratic_time():
    modulus = sys.hash_info.modulus
    frame = encode({0: [0]})
    crowd = [msgpack.packb(k) if k < 2**63 else b"" for k in range(0, modulus * 4, modulus)]
    assert len(crowd) == 4 and frame  # few enough 64-bit ints share a hash; large ones are many
    numbers = [(modulus * k).to_bytes(40, "little", signed=True) for k in range(8, 2000)]
    header = wire((codec.SET, count(len(numbers))), *((codec.BIGINT, n) for n in numbers))
    with pytest.raises(ProtocolError, match="hash"):
        decode(header, [], limits=LIMITS)


def resident() -> int:
    """This process's resident memory in bytes."""
    return psutil.Process().memory_info().rss


@pytest.mark.soak
def test_a_million_damaged_frames_raise_nothing_but_protocol_errors_and_take_no_memory():
    rng = np.random.default_rng(20260901)
    good = [
        encode(value)
        for value in (
            {"id": 7, "value": {"status": "ok", "outputs": [{"output_type": "stream", "text": "기울기" * 20}]}},
            [torch.randn(3, 4, requires_grad=True), np.arange(6.0).reshape(2, 3), (1, 2.5, None, True, b"x", 2**90)],
            {"a": [{1, 2, 3}, {"b": (4.0, -1)}], "c": [[[[]]]], "d": torch.zeros(2, dtype=torch.bool)},
        )
    ]
    frames = int(os.environ.get("FUZZ_FRAMES", "1000000"))
    before, most = 0, 0
    for number in range(frames):
        frame = good[number % len(good)]
        header = bytearray(frame.header)
        for _ in range(int(rng.integers(1, 5))):
            kind, at = int(rng.integers(4)), int(rng.integers(len(header) or 1))
            if kind == 0:
                header[at : at + 1] = bytes([int(rng.integers(256))])
            elif kind == 1:
                del header[at : at + int(rng.integers(1, 9))]
            elif kind == 2:
                header[at:at] = rng.bytes(int(rng.integers(1, 9)))
            else:
                header[at:at] = header[: int(rng.integers(1, len(header) + 1))]
        with contextlib.suppress(ProtocolError):
            decode(bytes(header), frame.buffers, limits=SMALL)
        if number == frames // 10:
            before = resident()
        if number % 10_000 == 0:
            most = max(most, resident())
    assert most - before < 20 << 20, f"grew by {(most - before) >> 20} MB"
