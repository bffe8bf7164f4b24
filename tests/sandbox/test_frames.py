"""Frames on a socket: announced sizes, deadlines, and peers that stop, trickle or close."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
import tracemalloc

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import ProtocolError
from autograder.sandbox.wire.codec import CodecLimits, decode, encode, recv, send

LIMITS = CodecLimits()
SMALL = CodecLimits(max_header=4096, max_bytes=8192, max_buffers=4)


@pytest.fixture
def pair():
    a, b = socket.socketpair()
    with a, b:
        yield a, b


def in_thread(function, *args):
    thread = threading.Thread(target=function, args=args)
    thread.start()
    return thread


@pytest.mark.parametrize(
    "value", [None, {"a": [1.5, "글"]}, torch.arange(3_000_000), [np.ones(2)] * 600, [np.ones(0)] * 3]
)
def test_frames_of_all_sizes_cross_a_socket(pair, value):
    a, b = pair
    sender = in_thread(send, a, encode(value), time.monotonic() + 30)
    frame = recv(b, limits=LIMITS, deadline=time.monotonic() + 30)
    sender.join()
    back = decode(*frame, limits=LIMITS)
    assert all(map(np.array_equal, back, value)) if isinstance(value, list) else np.array_equal(back, value)


def test_frames_follow_one_another_and_the_sockets_own_mode_stays(pair):
    a, b = pair
    for i in range(3):
        send(a, encode(i))
    assert [decode(*recv(b, limits=LIMITS), limits=LIMITS) for _ in range(3)] == [0, 1, 2]
    assert a.gettimeout() is None and b.gettimeout() is None


def test_waiting_past_the_deadline_is_a_timeout_error(pair):
    a, b = pair
    with pytest.raises(TimeoutError):
        recv(b, limits=LIMITS, deadline=time.monotonic() + 0.01)
    a.sendall(struct.pack("<II", 100, 0))
    with pytest.raises(TimeoutError):
        recv(b, limits=LIMITS, deadline=time.monotonic() + 0.01)
    with pytest.raises(TimeoutError):
        send(a, encode(np.zeros(5_000_000)), deadline=time.monotonic() + 0.01)


def test_a_peer_that_sends_byte_by_byte_does_not_stretch_the_deadline(pair):
    a, b = pair
    stop = threading.Event()

    def trickle():
        a.sendall(struct.pack("<II", 10_000, 0))
        while not stop.wait(0.002):
            a.send(b"x", socket.MSG_DONTWAIT)

    sender = in_thread(trickle)
    start = time.monotonic()
    with pytest.raises(TimeoutError):
        recv(b, limits=LIMITS, deadline=start + 0.1)
    stop.set()
    sender.join()
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("sent", [b"", b"\x01", struct.pack("<II", 10, 0), struct.pack("<IIQ", 1, 1, 8) + b"\x01abc"])
def test_a_closed_peer_is_an_eof_error_wherever_it_stopped(pair, sent):
    a, b = pair
    a.sendall(sent)
    a.close()
    with pytest.raises(EOFError):
        recv(b, limits=LIMITS, deadline=time.monotonic() + 10)
    with pytest.raises(EOFError):
        send(b, encode(np.zeros(1_000_000)))


@pytest.mark.parametrize(
    "announced",
    [
        struct.pack("<II", 4097, 0),
        struct.pack("<II", 2**32 - 1, 0),
        struct.pack("<II", 1, 5),
        struct.pack("<II", 1, 2**32 - 1),
        struct.pack("<II2Q", 1, 2, 2**63, 2**63),
        struct.pack("<II2Q", 1, 2, 8000, 8000),
    ],
)
def test_announced_sizes_over_the_caps_are_refused_before_anything_is_allocated(pair, announced):
    a, b = pair
    a.sendall(announced)
    tracemalloc.start()
    with pytest.raises(ProtocolError):
        recv(b, limits=SMALL, deadline=time.monotonic() + 10)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=100))
def test_random_streams_raise_only_protocol_and_eof_errors(stream):
    a, b = socket.socketpair()
    with a, b:
        a.sendall(stream)
        a.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ProtocolError, EOFError):
            decode(*recv(b, limits=SMALL, deadline=time.monotonic() + 10), limits=SMALL)


def test_a_peer_that_always_has_one_more_byte_does_not_stretch_the_deadline():
    class Dripping:
        def recvmsg_into(self, views, *_args):
            views[0][:1] = b"\x00\x00\x10\x00"[2:3] if len(views[0]) == 6 else b"\x00"
            return 1, [], 0, None

    start = time.monotonic()
    with pytest.raises(TimeoutError):
        recv(Dripping(), limits=LIMITS, deadline=start + 0.1)
    assert time.monotonic() - start < 5
