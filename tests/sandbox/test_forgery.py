"""A cell that takes over its end of the wire: whatever it sends, the judge believes nothing it has not checked."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from autograder.sandbox import ProtocolError, Sandbox, SandboxControl, SandboxDied, SandboxTimeout, StudentError
from tests.allowances import within

from .conftest import LIMITS, run, text

HOST = """
import gc, os, socket, struct
host = next(thing for thing in gc.get_objects() if type(thing).__name__ == '_Host')
from autograder.sandbox.wire import codec
def forge(value): codec.send(host.sock, codec.encode(value))
def raw(data): host.sock.sendall(data)
outcome = {'status': 'ok', 'ename': '', 'line': 0, 'execution_count': 1, 'outputs': [], 'seconds': 0.0}
"""


@pytest.fixture
def taken(sandbox: Sandbox) -> Sandbox:
    assert run(sandbox, HOST).status == "ok"
    return sandbox


MALFORMED = {
    "garbage": "raw(b'\\xff' * 4096)",
    "a header that announces 2**60 bytes": "raw(struct.pack('<IIQ', 1, 1, 1 << 60))",
    "a header that announces 2**32 buffers": "raw(struct.pack('<II', 1, 0xffffffff))",
    "no reply at all but a number": "forge(7)",
    "another request's id": "forge({'id': 1, 'value': outcome})",
    "a boolean id": "forge({'id': True, 'value': outcome})",
    "an extra key": "forge({'id': 2, 'value': outcome, 'score': 100})",
    "an unknown status": "forge({'id': 2, 'value': {**outcome, 'status': 'passed'}})",
    "a status that is a tensor": "import torch; forge({'id': 2, 'value': {**outcome, 'status': torch.ones(1)}})",
    "a negative line": "forge({'id': 2, 'value': {**outcome, 'line': -1}})",
    "an output that is no dict": "forge({'id': 2, 'value': {**outcome, 'outputs': ['<b>']}})",
    "an unknown output type": (
        "forge({'id': 2, 'value': {**outcome, 'outputs': [{'output_type': 'update', 'data': {}}]}})"
    ),
    "an output with an extra key": (
        "forge({'id': 2, 'value': {**outcome, 'outputs':"
        " [{'output_type': 'stream', 'name': 'stdout', 'text': '', 'x': 1}]}})"
    ),
    "more text than allowed": (
        "forge({'id': 2, 'value': {**outcome, 'outputs':"
        " [{'output_type': 'stream', 'name': 'stdout', 'text': 'x' * (1 << 20)}]}})"
    ),
    "a hundred thousand outputs": (
        "forge({'id': 2, 'value': {**outcome, 'outputs':"
        " [{'output_type': 'stream', 'name': 'stdout', 'text': ''}] * 100000}})"
    ),
    "an error that did not happen in a cell": (
        "forge({'id': 2, 'etype': 'ValueError', 'line': 1, 'cell': 0, 'detail': ''})"
    ),
}


@pytest.mark.parametrize("what", MALFORMED)
def test_a_malformed_reply_ends_the_sandbox(taken: Sandbox, what: str) -> None:
    result = run(taken, MALFORMED[what], index=1)
    assert (result.status, result.reason) == ("died", "protocol")
    assert not taken.alive


def test_a_forged_result_is_a_claim_and_the_real_one_after_it_is_noticed(taken: Sandbox) -> None:
    assert run(taken, "forge({'id': 2, 'value': outcome})\n1 / 0", index=1).status == "ok"
    assert run(taken, "1", index=2).status == "died"
    assert taken.broken in ("bytes before the request", "not a reply to this request")


def test_a_value_forged_in_a_call_is_a_claim_like_any_other(taken: Sandbox) -> None:
    run(taken, "def f():\n    forge({'id': 1, 'value': 'forged'})\n    return 'honest'", index=1)
    with taken.branch() as branch:
        assert branch.call("f", allowance=within(5)) == "forged"
        with pytest.raises((ProtocolError, SandboxDied)):
            branch.call("f", allowance=within(5))


def test_an_exception_name_that_is_not_builtin_is_not_shown(taken: Sandbox) -> None:
    run(taken, "def f():\n    forge({'id': 1, 'etype': '<script>', 'line': 3, 'cell': 0, 'detail': 'x'})", index=1)
    with taken.branch() as branch, pytest.raises(StudentError) as caught:
        branch.call("f", allowance=within(5))
    assert caught.value.etype == "사용자 정의"


@pytest.mark.parametrize("pid", ["1", "os.getppid()", "os.getpid()", "-1", "2 ** 40", "'1'", "None"])
def test_a_forged_branch_pid_is_not_believed(control: SandboxControl, taken: Sandbox, pid: str) -> None:
    run(taken, f"import os\nhost._fork = lambda _request: {pid}", index=1)
    with pytest.raises((ProtocolError, SandboxDied)):
        taken.branch()
    with control.spawn(limits=LIMITS) as other:
        assert run(other, "1").status == "ok"


def test_half_a_frame_does_not_stop_the_watch(taken: Sandbox) -> None:
    source = """
import time
raw(struct.pack('<II', 100, 0) + b'x')
for i in range(10 ** 6): open(f'f{i}', 'w').close()
"""
    result = run(taken, source, index=1, timeout=30)
    assert (result.status, result.reason) == ("died", "scratch")


def test_half_a_frame_and_silence_is_a_timeout(taken: Sandbox) -> None:
    run(taken, "def f():\n    import time\n    raw(b'x')\n    time.sleep(100)", index=1)
    with taken.branch() as branch, pytest.raises(SandboxTimeout):
        branch.call("f", allowance=within(0.5))


def test_descriptors_sent_along_do_not_reach_the_judge(taken: Sandbox) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    run(taken, "def f():\n    socket.send_fds(host.sock, [b'x'], [0] * 50)\n    import time; time.sleep(100)", index=1)
    with taken.branch() as branch, pytest.raises(SandboxTimeout):
        branch.call("f", allowance=within(0.5))
    assert len(list(Path("/proc/self/fd").iterdir())) <= before


def test_a_fork_granted_for_a_branch_cannot_be_taken_twice(taken: Sandbox) -> None:
    source = """
import os
real = host._fork
def greedy(request):
    pid = real(request)
    if pid:
        try: os.fork() or os._exit(0)
        except OSError as error: open('denied', 'w').write(type(error).__name__)
    return pid
host._fork = greedy
"""
    run(taken, source, index=1)
    with taken.branch():
        pass
    assert text(run(taken, "print(open('denied').read())", index=2)).strip() == "PermissionError"


def test_a_reply_that_comes_by_the_byte_is_no_way_to_stay(taken: Sandbox) -> None:
    """Each byte ends a wait of the judge's; the clocks go on."""
    source = """
import time
def f():
    raw(struct.pack('<II', 1 << 20, 0))
    while True:
        raw(b'x')
        time.sleep(0.1)
"""
    run(taken, source, index=1)
    started = time.monotonic()
    with taken.branch() as branch, pytest.raises(SandboxTimeout) as raised:
        branch.call("f", allowance=within(1.0))
    assert raised.value.limit == "asleep"
    assert time.monotonic() - started < 60


def test_a_patched_torch_changes_nothing_for_the_judge(taken: Sandbox) -> None:
    import torch

    source = """
import torch
torch.allclose = lambda *a, **k: True
torch.Tensor.__eq__ = lambda a, b: torch.ones(1, dtype=torch.bool)
torch.testing.assert_close = lambda *a, **k: None
class Sly(torch.Tensor):
    def __eq__(self, other): return True
def f(x): return torch.Tensor._make_subclass(Sly, x + 1)
"""
    run(taken, source, index=1)
    x = torch.arange(3.0)
    with taken.branch() as branch:
        y = branch.call("f", (x,), allowance=within(5))
    assert type(y) is torch.Tensor
    assert not torch.allclose(y, x)


def test_files_left_behind_are_not_imported_by_the_next_sandbox(control: SandboxControl) -> None:
    with control.spawn(limits=LIMITS) as first:
        run(first, "for n in ('numpy', 'sitecustomize', 'conftest', 'random'): open(f'{n}.py', 'w').write('1/0')")
        folder = Path(first._guard.folder)
    with control.spawn(limits=LIMITS) as second:
        assert run(second, "import numpy, random").status == "ok"
    assert not folder.exists()
