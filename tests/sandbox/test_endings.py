"""Cells and calls that do not end, end too much, or use too much: what became of them, and what it costs others."""

from __future__ import annotations

import dataclasses
import os
import signal
import threading
import time

import pytest

from autograder.errors import InfrastructureError
from autograder.sandbox import Sandbox, SandboxControl, SandboxDied, SandboxTimeout, StudentError
from autograder.sandbox.processes import procfs
from tests.allowances import within

from .conftest import LIMITS, attempt, run, text


def test_an_endless_cell_is_interrupted_and_the_process_survives(sandbox: Sandbox) -> None:
    run(sandbox, "def f(): return 7")
    result = run(sandbox, "print('started')\nwhile True: pass", index=1, timeout=0.5)
    assert (result.status, result.ename) == ("timeout", "KeyboardInterrupt")
    assert "started" in text(result)
    assert (result.limit, run(sandbox, "1", index=2).status) == ("cpu", "ok")
    assert sandbox.alive
    with sandbox.branch() as branch:
        assert branch.call("f", allowance=within(5)) == 7


@pytest.mark.parametrize(
    "source",
    [
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "import re\nre.match('(a+)+$', 'a' * 64 + 'b')",
        "10 ** 10 ** 10",
    ],
    ids=["ignores signals", "catches everything", "regular expression", "huge integer"],
)
def test_a_cell_that_cannot_be_interrupted_is_killed(sandbox: Sandbox, source: str) -> None:
    started = time.monotonic()
    result = run(sandbox, source, timeout=0.5)
    assert result.status == "timeout"
    if result.ename != "KeyboardInterrupt":  # some are interrupted after all, where C code looks for signals
        assert not sandbox.alive
        assert procfs.wait_exit(sandbox._host.member.pidfd, 10)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import os\nos._exit(0)", "exit"),
        ("import os, threading\nthreading.Thread(target=os._exit, args=(3,)).start()\nwhile True: pass", "exit"),
        ("import ctypes\nctypes.string_at(0)", "signal"),
        ("import os\nos.abort()", "signal"),
        ("import os\nos.closerange(0, 1000)", "exit"),
    ],
)
def test_a_cell_that_ends_the_process_is_reported_as_died(sandbox: Sandbox, source: str, reason: str) -> None:
    result = run(sandbox, source)
    assert (result.status, result.reason) == ("died", reason)
    assert run(sandbox, "1", index=1).status == "skipped"
    with pytest.raises(SandboxDied):
        sandbox.branch()
    assert sandbox.kill().reason == reason


@pytest.mark.parametrize("call", ["os.kill(os.getpid(), 9)", "os.kill(0, 9)", "signal.raise_signal(9)"])
def test_a_cell_cannot_kill_itself_the_way_the_machine_would(sandbox: Sandbox, call: str) -> None:
    assert attempt(sandbox, call) == "PermissionError"
    limit = "resource.setrlimit(resource.RLIMIT_CPU, (1, 1))"
    assert attempt(sandbox, limit) in ("PermissionError", "ValueError", "OSError")
    assert attempt(sandbox, "resource.getrlimit(resource.RLIMIT_CPU)[0] > 1").startswith("got True")


def test_a_sandbox_killed_from_outside_is_the_machines_fault(sandbox: Sandbox) -> None:
    killer = threading.Timer(0.5, os.kill, (sandbox.pid, signal.SIGKILL))
    killer.start()
    with pytest.raises(InfrastructureError, match="sandbox-lost"):
        run(sandbox, "while True: pass")
    with pytest.raises(InfrastructureError, match="sandbox-lost"):
        sandbox.branch()


def test_a_branch_killed_from_outside_is_the_machines_fault(sandbox: Sandbox) -> None:
    run(sandbox, "def f():\n    while True: pass")
    with sandbox.branch() as branch:
        threading.Timer(0.5, os.kill, (branch.pid, signal.SIGKILL)).start()
        with pytest.raises(InfrastructureError, match="sandbox-lost"):
            branch.call("f", allowance=within(20))


def test_a_thread_that_a_cell_left_running_ends_no_branch(sandbox: Sandbox) -> None:
    source = """
import os, threading, time
def f():
    time.sleep(1.0)
    return 7
threading.Timer(0.5, os._exit, (0,)).start()
"""
    run(sandbox, source)
    with sandbox.branch() as branch:
        assert branch.call("f", allowance=within(20)) == 7


def test_what_a_dying_cell_wrote_to_its_descriptors_is_kept(sandbox: Sandbox) -> None:
    assert "last words" in text(run(sandbox, "import os\nos.write(1, b'last words')\nos._exit(1)"))


def test_a_restart_gives_a_fresh_process_with_the_same_files(control: SandboxControl) -> None:
    with control.spawn(limits=LIMITS, files={"a.txt": b"1"}) as sandbox:
        run(sandbox, "import os\nos.remove('a.txt')\nx = 1\nos._exit(0)")
        sandbox.restart()
        assert text(run(sandbox, "print(open('a.txt').read(), 'x' in globals())")).strip() == "1 False"


@pytest.mark.parametrize("source", ["import sys\nsys.exit(0)", "exit()", "raise SystemExit", "quit()"])
def test_leaving_by_exit_does_not_end_the_notebook(sandbox: Sandbox, source: str) -> None:
    assert run(sandbox, source).status in ("ok", "error")
    assert run(sandbox, "1", index=1).status == "ok"


def test_deep_recursion_is_an_error_that_is_reported_quickly(sandbox: Sandbox) -> None:
    result = run(sandbox, "def r(n): return r(n + 1)\nr(0)")
    assert (result.status, result.ename) == ("error", "RecursionError")
    assert result.seconds < 5
    with sandbox.branch() as branch, pytest.raises(StudentError) as caught:
        branch.call("r", (0,), allowance=within(5))
    assert caught.value.etype == "RecursionError"


def test_recursion_in_c_ends_only_this_sandbox(control: SandboxControl, sandbox: Sandbox) -> None:
    source = (
        "import sys\nsys.setrecursionlimit(10**9)\nclass A:\n    def __repr__(self): return repr([self])\nrepr(A())"
    )
    assert run(sandbox, source).status == "died"
    with control.spawn(limits=LIMITS) as other:
        assert run(other, "1").status == "ok"


def test_too_much_memory_is_a_memory_error_by_the_address_space_limit(sandbox: Sandbox) -> None:
    result = run(sandbox, "x = bytearray(2 << 30)")
    assert (result.status, result.ename) == ("error", "MemoryError")


@pytest.mark.parametrize("megabytes", [1, 2, 5, 16])
def test_a_cell_that_takes_all_memory_is_told_so_however_little_is_left(sandbox: Sandbox, megabytes: int) -> None:
    """It is caught in our own code too: what is left may not even do for putting the answer together."""
    result = run(sandbox, f"x = []\nwhile True:\n    x.append(bytearray({megabytes} << 20))")
    assert (result.status, result.ename) == ("error", "MemoryError") or result.status == "memory", result


def test_memory_beyond_the_limit_ends_the_sandbox_where_the_address_space_is_not_limited(without) -> None:  # type: ignore[no-untyped-def]
    with without(rlimits=False) as sandbox:
        result = run(sandbox, "x = []\nwhile len(x) < 60:\n    x.append(bytes(range(256)) * (1 << 16))", timeout=30)
        for _ in range(20):  # allocated faster than the watch looks
            if result.status == "ok":
                result = run(sandbox, "import time\ntime.sleep(0.3)", timeout=30)
    assert (result.status, result.reason) == ("memory", "memory")


def test_using_up_the_cpu_limit_ends_the_sandbox(control: SandboxControl) -> None:
    """The kernel's limit lies above all others; here they are such that it does not."""
    limits = dataclasses.replace(LIMITS, answers_seconds=4, notebook_seconds=0, question_seconds=-60)
    with control.spawn(limits=limits) as sandbox:
        result = run(sandbox, "while True: pass", timeout=60)
        assert (result.status, result.reason) == ("died", "cpu")


@pytest.mark.parametrize(
    "source",
    [
        "for i in range(100):\n    with open(f'f{i}', 'wb') as f: f.write(b'x' * (1 << 20))\n    time.sleep(0.05)",
        "for i in range(10**6):\n    open(f'f{i}', 'w').close()",
        "for i in range(10**6):\n    os.mkdir('d'); os.chdir('d')",
        "files = [open(f'f{i}', 'wb') for i in range(100)]\n"
        "for i in range(100): os.unlink(f'f{i}')\n"
        "for f in files:\n    f.write(b'x' * (1 << 20)); f.flush(); time.sleep(0.05)",
    ],
    ids=["large files", "many files", "deep folders", "files without a name"],
)
def test_filling_the_scratch_folder_ends_the_sandbox(sandbox: Sandbox, source: str) -> None:
    result = run(sandbox, "import os, time\n" + source + "\nwhile True: time.sleep(1)", timeout=30)
    assert (result.status, result.reason) == ("died", "scratch")


def test_one_large_file_is_refused_by_the_file_size_limit(sandbox: Sandbox) -> None:
    assert run(sandbox, "open('big', 'wb').write(b'x' * (32 << 20))").ename == "OSError"


def test_a_flood_of_output_is_cut_while_it_is_read(sandbox: Sandbox) -> None:
    flood = run(sandbox, "import os\nfor _ in range(400): os.write(1, b'x' * (1 << 18))", timeout=60)
    printed = run(sandbox, "for _ in range(400): print('y' * (1 << 16))", index=1, timeout=60)
    for result, letter in ((flood, "x"), (printed, "y")):
        assert result.status == "ok"
        assert 0 < text(result).count(letter) <= LIMITS.output_kb << 10
        assert "버렸습니다" in text(result) or "생략했습니다" in text(result)


def test_output_of_one_cell_is_not_shown_with_the_next(sandbox: Sandbox) -> None:
    run(sandbox, "import os\nos.write(1, b'first')")
    assert "first" not in text(run(sandbox, "1", index=1))


def test_a_call_that_does_not_end_costs_its_branch_only(sandbox: Sandbox) -> None:
    run(
        sandbox,
        "def loop():\n    import signal\n    signal.signal(2, signal.SIG_IGN)\n    while True: pass\ndef f(): return 1",
    )
    with sandbox.branch() as branch:
        with pytest.raises(SandboxTimeout):
            branch.call("loop", allowance=within(0.3))
        assert procfs.wait_exit(branch._member.pidfd, 10)
        with pytest.raises(SandboxDied):
            branch.call("f", allowance=within(5))
    with sandbox.branch() as branch:
        assert branch.call("f", allowance=within(5)) == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [("__import__('os')._exit(0)", "exit"), ("__import__('ctypes').string_at(0)", "signal")],
)
def test_a_call_that_ends_the_process_says_how(sandbox: Sandbox, body: str, reason: str) -> None:
    run(sandbox, f"def f(): {body}")
    with sandbox.branch() as branch, pytest.raises(SandboxDied) as caught:
        branch.call("f", allowance=within(5))
    assert caught.value.reason == reason


def test_how_a_sandbox_ended_and_what_it_used_is_reported(sandbox: Sandbox) -> None:
    run(sandbox, "x = b'x' * (64 << 20)\nsum(range(10**6))")
    assert sandbox.usage["private_mb"] > 50
    ended = sandbox.kill()
    assert ended.reason == "killed"
    assert ended.cpu_seconds > 0
    assert ended.peak_rss_mb > 50
    assert sandbox.kill() == ended
