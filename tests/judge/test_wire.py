"""The coordinator's side stays light, and its messages arrive whole or not at all."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time

import pytest

from autograder.judge import wire


def test_importing_the_client_imports_neither_torch_nor_pytest() -> None:
    code = "import sys; from autograder.judge import Judge; print({'torch', 'pytest', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_messages_arrive_as_they_were_sent_and_an_orderly_end_is_none() -> None:
    here, there = socket.socketpair()
    with here, there:
        message = {"text": "한글 \udc80", "numbers": [1, 2.5, None], "nested": {"a": "x" * 100_000}}
        wire.send(here, message)
        here.close()
        assert wire.receive(there) == {**message, "text": "한글 ?"}
        assert wire.receive(there) is None


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"\0\0\0\0\0\0\0\x05{", EOFError),
        (b"\0\0\0", EOFError),
        (b"\xff" * 8, ValueError),
        (b"\0\0\0\0\0\0\0\x02[]", ValueError),
        (b"\0\0\0\0\0\0\0\x02{x", ValueError),
    ],
)
def test_half_oversized_and_malformed_messages_are_refused(data: bytes, error: type[Exception]) -> None:
    here, there = socket.socketpair()
    with here, there:
        here.sendall(data)
        here.close()
        with pytest.raises(error):
            wire.receive(there)


def test_silence_is_a_timeout_and_a_slow_message_is_not() -> None:
    """It comes a byte at a time and takes longer than the silence that is allowed."""
    here, there = socket.socketpair()
    with here, there:
        with pytest.raises(TimeoutError):
            wire.receive(there, silence=0.02)
        message = {"text": "x" * 10}
        body = json.dumps(message).encode()
        dripping = threading.Thread(target=_drip, args=(here, len(body).to_bytes(8, "big") + body))
        dripping.start()
        assert wire.receive(there, silence=1.0) == message
        dripping.join()


def _drip(channel: socket.socket, data: bytes) -> None:
    for byte in data:
        channel.sendall(bytes([byte]))
        time.sleep(0.05)


def test_a_message_longer_than_the_channel_is_sent_as_the_other_end_takes_it() -> None:
    here, there = socket.socketpair()
    with here, there, pytest.raises(TimeoutError):
        wire.send(here, {"text": "x" * 2_000_000}, silence=0.02)
    here, there = socket.socketpair()
    with here, there:
        message = {"text": "x" * 2_000_000}
        sending = threading.Thread(target=wire.send, args=(here, message), kwargs={"silence": 5.0})
        sending.start()
        assert wire.receive(there) == message
        sending.join()
