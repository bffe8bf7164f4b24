"""The coordinator's side stays light, and its messages arrive whole or not at all."""

from __future__ import annotations

import socket
import subprocess
import sys
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


def test_a_passed_deadline_is_a_timeout() -> None:
    here, there = socket.socketpair()
    with here, there:
        for deadline in (time.monotonic() - 1, time.monotonic() + 0.02):
            with pytest.raises(TimeoutError):
                wire.receive(there, deadline=deadline)
