"""JSON messages between a coordinator and its judge: a length of 8 bytes, big-endian, then UTF-8 JSON.

Both ends are ours; student code never holds this socket. There is no deadline for a message, only a longest silence: a
slow machine may take as long as it needs, as long as something comes.
"""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

__all__ = ["MOST_BYTES", "receive", "send"]

MOST_BYTES = 1 << 30
"""Longest message accepted; an executed notebook stays far below it."""

_LENGTH = struct.Struct(">Q")


def send(channel: socket.socket, message: dict[str, Any], *, silence: float | None = None) -> None:
    """Send one message.

    Args:
        channel: where to.
        message: JSON types only.
        silence: seconds in which the other end may take nothing; None for ever.

    Raises:
        TimeoutError: nothing was taken for `silence` seconds.
        OSError: the other end is gone.
    """
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    channel.settimeout(silence)
    left = memoryview(_LENGTH.pack(len(body)) + body)
    while left:  # `sendall` would count the whole message against the timeout
        left = left[channel.send(left) :]


def receive(channel: socket.socket, *, silence: float | None = None) -> dict[str, Any] | None:
    """Return the next message, or None if the other end closed in an orderly way before one.

    Args:
        channel: where from.
        silence: seconds in which nothing may come, between messages and within one; None for ever.

    Raises:
        TimeoutError: nothing came for `silence` seconds. What lies in the channel already is never missed, however late
            this process is woken: the kernel looks once more before it says so.
        EOFError: the other end closed within a message.
        ValueError: not a message of this format.
    """
    channel.settimeout(silence)
    head = _exactly(channel, _LENGTH.size)
    if head is None:
        return None
    (size,) = _LENGTH.unpack(head)
    if size > MOST_BYTES:
        raise ValueError(f"a message of {size} bytes")
    body = _exactly(channel, size)
    if body is None:
        raise EOFError("closed within a message")
    message = json.loads(body)
    if not isinstance(message, dict):
        raise ValueError("a message is a JSON object")  # noqa: TRY004  (what arrived is malformed, not misused)
    return message


def _exactly(channel: socket.socket, size: int) -> bytearray | None:
    data = bytearray(size)
    view, got = memoryview(data), 0
    while got < size:
        count = channel.recv_into(view[got:], min(size - got, 1 << 20))
        if count == 0:
            if got == 0:
                return None
            raise EOFError("closed within a message")
        got += count
    return data
