"""Frames on a stream socket: what one is, how large it may be, sending and receiving it under a deadline.

Owns the outer format ``u32 header size, u32 number of buffers, u64 size of each buffer, header, buffers``
(little-endian), the caps, and the two errors of the codec. Refuses to allocate for an announced size that the caps do
not allow, and knows nothing of what a header says (see `codec`).
"""

from __future__ import annotations

import math
import select
import socket
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.errors import ProtocolError

if TYPE_CHECKING:
    from autograder.model import Limits

__all__ = ["CodecLimits", "Frame", "Handle", "malformed", "over_limit", "recv", "send"]

_PREFIX = struct.Struct("<II")
_GATHER = 256  # buffers handed to the kernel at once, below IOV_MAX
_LAZY = 1 << 16  # from this size on memory is not touched before its bytes arrive
_FLAGS = socket.MSG_NOSIGNAL | socket.MSG_DONTWAIT


@dataclass(frozen=True, slots=True)
class CodecLimits:
    """Caps on one frame, checked on both sides, and by `recv` before anything is allocated.

    Args:
        max_header: bytes of the header.
        max_bytes: bytes of header and buffers together; also what the shape of an empty array may not exceed
            when its zeros are read as ones.
        max_buffers: number of arrays.
        max_depth: containers inside containers.
        max_dims: dimensions of an array.
        max_items: values in the whole frame, containers and keys included.
        max_int_digits: decimal digits of an int (CPython refuses to print more than 4300).
        max_str: bytes of one str (in UTF-8) or bytes object.
    """

    max_header: int = 32 << 20
    max_bytes: int = 256 << 20
    max_buffers: int = 4096
    max_depth: int = 64
    max_dims: int = 16
    max_items: int = 1_000_000
    max_int_digits: int = 4000
    max_str: int = 16 << 20

    @classmethod
    def from_limits(cls, limits: Limits) -> CodecLimits:
        """Return the caps for a submission: `frame_mb` bounds the frame, the rest keeps its default."""
        size = limits.frame_mb << 20
        return cls(max_bytes=size, max_header=min(cls().max_header, size))


@dataclass(frozen=True, slots=True)
class Handle:
    """Stands for an object that stayed on the other side. `type_name` is for messages only, a claim."""

    id: int
    type_name: str


@dataclass(frozen=True, slots=True)
class Frame:
    """An encoded value. Buffers are views of the arrays' own memory where that was contiguous."""

    header: bytes
    buffers: list[memoryview]

    @property
    def nbytes(self) -> int:
        """Bytes of header and buffers together."""
        return len(self.header) + sum(buffer.nbytes for buffer in self.buffers)


def send(sock: socket.socket, frame: Frame, deadline: float | None = None) -> None:
    """Send a frame on a stream socket, leaving the socket's own blocking mode alone.

    `deadline` is a `time.monotonic()` instant. Raises TimeoutError when it passes, EOFError when the peer is gone.
    """
    sizes = [buffer.nbytes for buffer in frame.buffers]
    prefix = _PREFIX.pack(len(frame.header), len(sizes)) + struct.pack(f"<{len(sizes)}Q", *sizes) + frame.header
    views = [memoryview(prefix), *(buffer for buffer in frame.buffers if buffer.nbytes)]
    _transfer(sock, views, deadline, select.POLLOUT, lambda some: sock.sendmsg(some, [], _FLAGS))


def recv(sock: socket.socket, *, limits: CodecLimits, deadline: float | None = None) -> tuple[bytes, list[memoryview]]:
    """Receive a frame as `decode` takes it; every announced size is checked before memory is asked for.

    `deadline` is a `time.monotonic()` instant. After any of these errors the stream is out of step: close it.

    Raises:
        TimeoutError: the deadline passed.
        EOFError: the peer closed, before or within a frame.
        ProtocolError: an announced size exceeds the limits.
    """
    header_size, count = _PREFIX.unpack(_read(sock, [_PREFIX.size], deadline)[0])
    if header_size > limits.max_header or count > limits.max_buffers:
        raise over_limit("announced header or buffers", header_size)
    sizes = struct.unpack(f"<{count}Q", _read(sock, [8 * count], deadline)[0]) if count else ()
    if header_size + sum(sizes) > limits.max_bytes:
        raise over_limit("announced bytes", header_size + sum(sizes))
    header, *buffers = _read(sock, [header_size, *sizes], deadline)
    return bytes(header), buffers


def malformed(what: str) -> ProtocolError:
    """Return the error for a frame that breaks the format; `what` is English, for staff."""
    return ProtocolError("frame-malformed", "실행 환경에서 온 데이터의 형식이 올바르지 않습니다.", detail=what)


def over_limit(what: str, size: int) -> ProtocolError:
    """Return the error for a frame that exceeds a cap."""
    message = "주고받을 수 있는 데이터의 한도를 넘었습니다."
    return ProtocolError("frame-over-limit", message, detail=f"{what}: {size}")


def _read(sock: socket.socket, sizes: list[int], deadline: float | None) -> list[memoryview]:
    """Receive exactly these many bytes into fresh memory, which stays untouched until they arrive."""
    views = [_allocate(size) for size in sizes]

    def receive(some: list[memoryview]) -> int:
        got = sock.recvmsg_into(some, 0, _FLAGS)[0]
        if got == 0:
            raise EOFError("the other side closed the connection")
        return got

    _transfer(sock, [view for view in views if view.nbytes], deadline, select.POLLIN, receive)
    return views


def _allocate(size: int) -> memoryview:
    numpy = sys.modules.get("numpy")
    if size < _LAZY or numpy is None:
        return memoryview(bytearray(size))
    return memoryview(numpy.empty(size, "u1"))


def _transfer(
    sock: socket.socket,
    views: list[memoryview],
    deadline: float | None,
    event: int,
    step: Callable[[list[memoryview]], int],
) -> None:
    """Move all of `views` by `step`, which takes some views and returns how many bytes it moved."""
    poll = None
    while views:
        try:
            moved = step(views[:_GATHER])
        except BlockingIOError:
            if poll is None:
                poll = select.poll()
                poll.register(sock, event)
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                raise TimeoutError("the deadline passed") from None
            poll.poll(None if left is None else math.ceil(left * 1000))
            continue
        except (BrokenPipeError, ConnectionResetError) as error:
            raise EOFError("the other side closed the connection") from error
        done = 0
        while done < len(views) and moved >= views[done].nbytes:
            moved -= views[done].nbytes
            done += 1
        views = views[done:]
        if moved:
            views[0] = views[0][moved:]
        if views and deadline is not None and time.monotonic() > deadline:
            raise TimeoutError("the deadline passed")
