"""A sandbox that somebody outside kills at the worst moments of a fork: our trouble, never the student's forgery."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.errors import InfrastructureError
from autograder.model import Limits
from autograder.sandbox import ForkServer, Sandbox, SandboxControl, SandboxDied
from autograder.sandbox.processes import client, guard
from autograder.sandbox.processes.procfs import wait_exit
from autograder.sandbox.shell import child
from tests.allowances import within


@pytest.fixture
def sandbox(fork_server: ForkServer) -> Iterator[Sandbox]:
    control = SandboxControl(fork_server.control())
    with control.spawn(limits=Limits()) as sandbox:
        assert sandbox.run_cell("def f(x): return x", index=0, allowance=within(10)).status == "ok"
        yield sandbox
    control.close()


def kill(sandbox: Sandbox) -> None:
    os.kill(sandbox.pid, signal.SIGKILL)
    assert wait_exit(sandbox._host.member.pidfd, 10)


def killing(sandbox: Sandbox, step: Callable[..., Any], *, first: bool) -> Callable[..., Any]:
    """`step` with the kill before or after it."""

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if first:
            kill(sandbox)
        result = step(*args, **kwargs)
        if not first:
            kill(sandbox)
        return result

    return wrapped


def is_ours(act: Callable[[], object]) -> None:
    with pytest.raises(InfrastructureError) as caught:
        act()
    assert caught.value.code == "sandbox-lost"


def test_between_the_request_for_a_branch_and_its_connection(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    codec = SimpleNamespace(**vars(guard.codec))
    codec.send = killing(sandbox, codec.send, first=False)
    monkeypatch.setattr(guard, "codec", codec)
    is_ours(sandbox.branch)


def test_between_the_answer_and_the_look_at_the_new_process(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    found = SimpleNamespace(**vars(client.procfs))
    found.open_pidfd = killing(sandbox, found.open_pidfd, first=True)
    monkeypatch.setattr(client, "procfs", found)
    with sandbox.branch() as branch:
        assert branch.call("f", (1,), allowance=within(10)) == 1
    is_ours(sandbox.branch)


def test_while_a_branch_is_there(sandbox: Sandbox) -> None:
    """The branch is the host's sibling: it goes on, and only the next one cannot be had."""
    with sandbox.branch() as branch:
        assert branch.call("f", (1,), allowance=within(10)) == 1
        kill(sandbox)
        assert branch.call("f", (2,), allowance=within(10)) == 2
    is_ours(sandbox.branch)


def test_a_host_that_ends_itself_leaves_its_branches_alone(sandbox: Sandbox) -> None:
    ending = "import os, threading\ntimer = threading.Timer(0.5, os._exit, (0,))\ntimer.start()"
    with sandbox.branch() as branch:
        assert sandbox.run_cell(ending, index=1, allowance=within(10)).status in ("ok", "died")
        assert wait_exit(sandbox._host.member.pidfd, 10)
        assert branch.call("f", (1,), allowance=within(10)) == 1
    with pytest.raises(SandboxDied):
        sandbox.branch()


def test_a_branch_whose_template_is_gone_before_it_began_says_nothing() -> None:
    ours, theirs = socket.socketpair()
    passed, kept = os.pipe()
    socket.send_fds(ours, [b"\0"], [passed])

    def orphaned(_request: dict[str, Any], _descriptors: list[int]) -> None:
        raise ProcessLookupError("the parent ended")

    host = SimpleNamespace(sock=theirs, _become=orphaned)
    own = os.getpid()
    try:
        try:
            pid = child._Host._fork(host, {"sibling": False})  # type: ignore[arg-type]
        except BaseException:
            if os.getpid() != own:
                os._exit(0)
            raise
        _, status = os.waitpid(pid, 0)
        assert os.waitstatus_to_exitcode(status) == 1
    finally:
        for end in (ours, theirs):
            end.close()
        for descriptor in (passed, kept):
            os.close(descriptor)
