"""JSON messages between a coordinator and its judge: a length of 8 bytes, big-endian, then UTF-8 JSON.

Both ends are ours; student code never holds this socket. Deadlines are absolute, on the monotonic clock.
"""

from __future__ import annotations

import json
import socket
import struct
import time
from typing import Any

__all__ = ["MOST_BYTES", "receive", "send"]

MOST_BYTES = 1 << 30
"""Longest message accepted; an executed notebook stays far below it."""

_LENGTH = struct.Struct(">Q")


def send(channel: socket.socket, message: dict[str, Any], *, deadline: float | None = None) -> None:
    """Send one message.

    Raises:
        TimeoutError: not sent by `deadline` (seconds of `time.monotonic`).
        OSError: the other end is gone.
    """
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    _arm(channel, deadline)
    channel.sendall(_LENGTH.pack(len(body)) + body)


def receive(channel: socket.socket, *, deadline: float | None = None) -> dict[str, Any] | None:
    """Return the next message, or None if the other end closed in an orderly way before one.

    Raises:
        TimeoutError: no whole message by `deadline`.
        EOFError: the other end closed within a message.
        ValueError: not a message of this format.
    """
    head = _exactly(channel, _LENGTH.size, deadline)
    if head is None:
        return None
    (size,) = _LENGTH.unpack(head)
    if size > MOST_BYTES:
        raise ValueError(f"a message of {size} bytes")
    body = _exactly(channel, size, deadline)
    if body is None:
        raise EOFError("closed within a message")
    message = json.loads(body)
    if not isinstance(message, dict):
        raise ValueError("a message is a JSON object")  # noqa: TRY004  (what arrived is malformed, not misused)
    return message


def _exactly(channel: socket.socket, size: int, deadline: float | None) -> bytearray | None:
    data = bytearray(size)
    view, got = memoryview(data), 0
    while got < size:
        _arm(channel, deadline)
        count = channel.recv_into(view[got:], min(size - got, 1 << 20))
        if count == 0:
            if got == 0:
                return None
            raise EOFError("closed within a message")
        got += count
    return data


def _arm(channel: socket.socket, deadline: float | None) -> None:
    if deadline is None:
        channel.settimeout(None)
        return
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("deadline passed")
    channel.settimeout(left)
