"""The coordinator's end of a judge: a judge that lives is waited for, however long; one that is silent is given up."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from autograder import code_hash
from autograder.errors import InfrastructureError
from autograder.judge import Judge, wire

ALIVE = {"alive": True}
Play = Callable[[socket.socket], None]


class Played:
    """In the place of a fork server: each judge is a thread that plays a part, and a process that can be ended."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.code = code_hash.LOADED
        self.processes: list[subprocess.Popen[bytes]] = []

    def spawn_trusted(self, _entry: str, channel: socket.socket, _payload: dict[str, Any]) -> int:
        self.processes.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]))
        threading.Thread(target=self._serve, args=(channel.dup(),), daemon=True).start()
        return self.processes[-1].pid

    def _serve(self, channel: socket.socket) -> None:
        with channel, contextlib.suppress(OSError):
            wire.send(channel, {"code": self.code})
            while wire.receive(channel) is not None:
                self.play(channel)


@pytest.fixture
def judge_that() -> Iterator[Callable[[Play], Judge]]:
    """Make a judge that plays a part when it is sent a job."""
    made: list[tuple[Judge, Played]] = []

    def make(play: Play) -> Judge:
        server = Played(play)
        made.append((Judge(server), server))  # type: ignore[arg-type]
        return made[-1][0]

    yield make
    for judge, server in made:
        judge.close()
        for process in server.processes:
            process.kill()
            process.wait()


def slowly(channel: socket.socket) -> None:
    """Say for longer than the silence may be that the job is worked on, and then answer."""
    for _ in range(9):
        time.sleep(0.3)
        wire.send(channel, ALIVE)
    wire.send(channel, {"result": {"tests": []}})


def test_a_judge_that_says_that_it_lives_is_never_given_up(judge_that: Callable[[Play], Judge]) -> None:
    heard: list[int] = []
    told: list[Any] = []
    result = judge_that(slowly).grade({}, silence=2.0, progress=told.append, heard=lambda: heard.append(1))
    assert result == {"tests": []}
    assert len(heard) == 9
    assert told == [], "a sign of life is no progress"


def test_a_silent_judge_is_ended_and_the_next_job_gets_another(judge_that: Callable[[Play], Judge]) -> None:
    judge = judge_that(lambda _channel: time.sleep(30))
    with pytest.raises(InfrastructureError, match="judge-timeout"):
        judge.grade({}, silence=0.1)
    assert judge.pid == 0
    server = judge._server
    server.play = lambda channel: wire.send(channel, {"result": {}})  # type: ignore[attr-defined]
    assert judge.grade({}, silence=5.0) == {}
    assert server.processes[0].wait(10) == -9  # type: ignore[attr-defined]


def test_what_a_listener_raises_ends_the_judge(judge_that: Callable[[Play], Judge]) -> None:
    """So a caller whose own time is over, in a container for one, ends a judge that lives."""

    def over() -> None:
        raise InfrastructureError("time-over", "시간이 다 되었습니다.")

    judge = judge_that(slowly)
    with pytest.raises(InfrastructureError, match="time-over"):
        judge.grade({}, heard=over)
    assert judge.pid == 0


def test_a_busy_machine_is_told_as_such_and_the_judge_goes_on(judge_that: Callable[[Play], Judge]) -> None:
    error = {"class": "InfrastructureError", "code": "machine-busy", "message": "바쁩니다.", "detail": "starved 300 s"}
    judge = judge_that(lambda channel: wire.send(channel, {"error": error}))
    with pytest.raises(InfrastructureError, match="machine-busy") as raised:
        judge.grade({})
    assert raised.value.detail == "starved 300 s"
    assert judge.pid


def test_a_judge_of_another_code_gets_no_job(judge_that: Callable[[Play], Judge]) -> None:
    told: list[int] = []
    judge = judge_that(lambda _channel: told.append(1))
    judge._server.code = f"{code_hash.LOADED}, then 0123456789ab"  # type: ignore[attr-defined]
    with pytest.raises(InfrastructureError, match="grader-differs"):
        judge.grade({})
    assert (judge.pid, told) == (0, [])
