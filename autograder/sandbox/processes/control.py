"""The judge's and the coordinator's requests to the fork server, and a new sandbox's first word.

Owns the waiting for processes of our own: however slow the machine, none of it ends as a student's fault.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
from collections.abc import Sequence
from typing import Any

from autograder.errors import ConfinementError, InfrastructureError
from autograder.sandbox.confinement import confine
from autograder.sandbox.outcomes import Allowance
from autograder.sandbox.processes.meter import Watch
from autograder.sandbox.processes.peer import busy

__all__ = ["ask", "await_hello"]

_CONTROL_SECONDS = 600.0
"""Wall-clock seconds for the fork server to answer: it forks and kills in milliseconds, and thirty times slower in
seconds. One that says nothing for so long is given up, and everything it had forked with it."""

_HELLO = Allowance(cpu=30.0, asleep=30.0, starved=900.0)
"""For a sandbox to confine itself, which takes it 20 ms. No student code runs before."""


def ask(control: socket.socket, message: dict[str, Any], descriptors: Sequence[int] = ()) -> dict[str, Any]:
    """Send one request over a control connection and return the reply.

    Raises:
        ConfinementError: the fork server could not confine.
        InfrastructureError: it is gone, silent or refuses.
    """
    gone = "격리 서버와 연결이 끊겼습니다. 채점기를 다시 시작하세요."
    try:
        control.settimeout(_CONTROL_SECONDS)
        socket.send_fds(control, [json.dumps(message).encode()], list(descriptors))
        answer = control.recv(1 << 16)
    except OSError as error:
        control.close()  # an answer that comes after all would be taken for that to the next request
        raise InfrastructureError("fork-server-gone", gone, detail=str(error)) from error
    if not answer:
        raise InfrastructureError("fork-server-gone", gone)
    reply: dict[str, Any] = json.loads(answer)
    if "refused" in reply:
        raise confine.refused(reply["refused"], reply.get("detail", ""))
    if "stuck" in reply:
        stuck = "강제로도 끝나지 않는 실행 환경이 장치를 붙들고 있습니다. 이 장치는 더 쓰지 않습니다."
        raise InfrastructureError("sandbox-stuck", stuck, detail=f"process {reply['stuck']} does not die")
    if "error" in reply:
        raise InfrastructureError("fork-server-error", "격리 서버가 요청을 처리하지 못했습니다.", detail=reply["error"])
    return reply


def await_hello(sock: socket.socket, pid: int) -> int | None:
    """Wait until a process says it is confined; no student code has run. Returns its filter's listener, if any.

    Raises:
        ConfinementError: it could not confine itself.
        InfrastructureError: it is gone or silent (``sandbox-silent``), or got no time (``machine-busy``).
    """
    listener: int | None = None
    try:
        _await_word(sock, pid)
        text, descriptors, _, _ = socket.recv_fds(sock, 1 << 16, 1)
        if not text:  # killed from outside, say: no reason to believe that this machine cannot confine the next one
            raise ConnectionResetError("it ended before it was confined")
        hello = json.loads(text)
    except (OSError, ValueError) as error:
        raise InfrastructureError("sandbox-silent", "실행 환경이 시작되지 않았습니다.", detail=str(error)) from error
    finally:
        with contextlib.suppress(OSError):
            sock.setblocking(False)
    listener = descriptors[0] if descriptors else None
    if "failed" in hello:
        message = "실행 환경을 격리하지 못해 학생 코드를 실행하지 않았습니다. `autograder doctor`로 점검하세요."
        raise ConfinementError("confinement-failed", message, detail=hello["failed"])
    if listener is not None:
        os.set_inheritable(listener, False)
    return listener


def _await_word(sock: socket.socket, pid: int) -> None:
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    watch = Watch([pid], _HELLO)
    while not poll.poll(watch.next_look() * 1000):
        watch.look()
        if watch.over() == "starved":
            raise busy(f"start: {watch.meter}")
        if watch.over():
            raise TimeoutError(f"it said nothing: {watch.meter}")
