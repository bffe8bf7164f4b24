"""What a notebook leaves to its questions, and a question to none: processes, descriptors, folder, limits."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import signal
import time
from pathlib import Path

import pytest

from autograder.sandbox import Sandbox, SandboxControl, SandboxDied, StudentError
from autograder.sandbox.processes import procfs
from tests.allowances import within

from .conftest import LIMITS, attempt, run, text

SOON = within(20)


def test_a_copy_takes_the_place_of_a_process_that_ended(sandbox: Sandbox) -> None:
    run(sandbox, "x = 1\nopen('kept', 'w').write('before')")
    sandbox.checkpoint()
    run(sandbox, "x = 2\nopen('kept', 'w').write('after')\nopen('more', 'w').close()\nimport os\nos._exit(0)", index=1)
    assert sandbox.rewind()
    shown = run(sandbox, "print(x, open('kept').read(), sorted(os.listdir('.')) if 'os' in dir() else '')", index=2)
    assert text(shown).strip() == "1 before"
    assert not sandbox.rewind(), "a copy serves once"


def test_a_copy_outlives_the_end_of_other_sandboxes(control: SandboxControl) -> None:
    """The end of a sandbox clears away what belongs to none; a copy belongs to its own, host or no host."""
    with control.spawn(limits=LIMITS) as sandbox:
        run(sandbox, "x = 1")
        sandbox.checkpoint()
        os.kill(sandbox.pid, signal.SIGKILL)
        with control.spawn(limits=LIMITS) as other:
            run(other, "1")
        assert sandbox.rewind()
        assert text(run(sandbox, "print(x)", index=1)).strip() == "1"


def test_nothing_of_a_sandbox_is_left_when_it_is_ended(control: SandboxControl) -> None:
    sandbox = control.spawn(limits=LIMITS)
    run(sandbox, "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()")
    sandbox.checkpoint()
    branch = sandbox.branch()
    pids = [member.pid for member in sandbox._guard.members]
    assert len(pids) == 3
    assert branch.pid in pids
    sandbox.kill()
    assert [pid for pid in pids if procfs.process_state(pid) is not None] == []


def test_threads_and_timers_end_with_the_last_cell(sandbox: Sandbox) -> None:
    source = """
import signal, threading
signal.setitimer(signal.ITIMER_REAL, 0.3)
threading.Timer(0.3, __import__('os')._exit, (0,)).start()
def f(): return 1
"""
    run(sandbox, source)
    sandbox.settle()
    assert procfs.threads(sandbox.pid) == 1
    time.sleep(0.5)
    with sandbox.branch() as branch:
        assert branch.call("f", allowance=SOON) == 1


def test_pools_made_in_a_cell_work_in_every_branch(sandbox: Sandbox) -> None:
    source = """
import asyncio
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import ThreadPool
executor, pool, loop = ThreadPoolExecutor(2), ThreadPool(2), asyncio.new_event_loop()
async def later(x): return await asyncio.get_running_loop().run_in_executor(None, abs, x)
def f(x): return [*executor.map(abs, [x]), *pool.map(abs, [x]), loop.run_until_complete(later(x))]
executor.submit(abs, -1).result(), pool.map(abs, [-1])
"""
    assert run(sandbox, source).status == "ok"
    for _ in range(2):
        with sandbox.branch() as branch:
            assert branch.call("f", (-3,), allowance=SOON) == [3, 3, 3]


def test_no_hook_of_the_notebooks_runs_at_a_fork_and_it_never_learns_how_a_branch_ended(sandbox: Sandbox) -> None:
    source = """
import os, signal
seen = []
os.register_at_fork(before=lambda: seen.append('before'), after_in_child=lambda: os._exit(1))
signal.signal(signal.SIGCHLD, lambda *_: seen.append('ended'))
def f(): return 1
"""
    run(sandbox, source)
    for _ in range(2):
        with sandbox.branch() as branch:
            assert branch.call("f", allowance=SOON) == 1
    assert text(run(sandbox, "print(seen)", index=1)).strip() == "[]"
    assert attempt(sandbox, "os.waitpid(-1, os.WNOHANG)").startswith("ChildProcessError")
    assert attempt(sandbox, "__import__('resource').getrusage(-1).ru_utime").strip() == "got 0.0"


@pytest.mark.parametrize("where", ["'own.txt'", "__import__('os').__file__"], ids=["in the folder", "elsewhere"])
def test_a_file_open_for_reading_is_read_anew_in_each_branch(sandbox: Sandbox, where: str) -> None:
    source = f"""
with open('own.txt', 'w') as stream: stream.write('abcdef' * 10)
reading = open({where}, 'rb', buffering=0)
start = reading.read(3)
def f(): return reading.tell(), reading.read(4)
"""
    run(sandbox, source)
    answers = []
    with sandbox.branch() as first, sandbox.branch() as second:
        answers = [first.call("f", allowance=SOON), second.call("f", allowance=SOON)]
    assert answers[0] == answers[1]
    assert answers[0][0] == 3


def test_a_file_open_for_writing_goes_on_in_each_branch_and_reaches_no_other(sandbox: Sandbox) -> None:
    source = """
log = open('log.txt', 'a+')
log.write('notebook;')
log.flush()
def f(word):
    log.write(word)
    log.flush()
    return open('log.txt').read()
"""
    run(sandbox, source)
    for word in ("first", "second"):
        sandbox.begin_question()
        with sandbox.branch() as branch:
            assert branch.call("f", (word,), allowance=SOON) == f"notebook;{word}"


def test_pipes_and_folders_that_the_notebook_opened_lead_nowhere(sandbox: Sandbox) -> None:
    source = """
import os
reader, writer = os.pipe()
os.set_blocking(reader, False)
folder = os.open('.', os.O_RDONLY | os.O_DIRECTORY)
def tell(): return os.write(writer, b'hidden')
def hear(): return os.read(reader, 6)
def reach(): return os.open('left', os.O_CREAT | os.O_WRONLY, dir_fd=folder)
"""
    run(sandbox, source)
    with sandbox.branch() as branch:
        branch.call("tell", allowance=SOON)
    with sandbox.branch() as branch:
        assert branch.call("hear", allowance=SOON) == b""
        with pytest.raises(StudentError):
            branch.call("reach", allowance=SOON)


def test_what_no_list_can_be_had_of_is_closed(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for a grader that may not look into the sandbox's /proc."""
    run(sandbox, "import os\nreader, writer = os.pipe()\ndef tell(): return os.write(writer, b'hidden')")
    monkeypatch.setattr(procfs, "open_files", lambda pid: [])
    with sandbox.branch() as branch, pytest.raises(StudentError) as raised:
        branch.call("tell", allowance=SOON)
    assert raised.value.etype == "OSError"


def test_each_question_finds_the_folder_as_the_notebook_left_it(sandbox: Sandbox) -> None:
    source = """
import os
os.makedirs('sub/deeper')
open('sub/kept', 'w').write('kept')
os.chdir('sub')
def f():
    seen = sorted(os.listdir('.')), open('kept').read(), os.getcwd().endswith('/sub')
    open('kept', 'w').write('spoilt')
    open('new', 'w').close()
    os.rmdir('deeper')
    return seen
"""
    run(sandbox, source)
    for _ in range(3):
        sandbox.begin_question()
        with sandbox.branch() as branch:
            assert branch.call("f", allowance=SOON) == (["deeper", "kept"], "kept", True)


def test_a_working_folder_that_is_gone_is_no_forgery(sandbox: Sandbox) -> None:
    assert run(sandbox, "import os\nos.mkdir('d')\nos.chdir('d')\nos.rmdir('../d')\ndef f(): return 1").status == "ok"
    assert run(sandbox, "1", index=1).status == "ok"
    with sandbox.branch() as branch:
        assert branch.call("f", allowance=SOON) == 1


def test_files_beyond_the_limit_end_the_question_and_not_the_notebook(sandbox: Sandbox) -> None:
    """A question has as much room as the notebook, whatever that left."""
    source = """
import time
with open('big', 'wb') as stream: stream.write(b'x' * (10 << 20))
def f(megabytes):
    with open('more', 'wb') as stream:
        for _ in range(megabytes): stream.write(b'x' * (1 << 20))
    with open('again', 'wb') as stream:
        for _ in range(megabytes): stream.write(b'x' * (1 << 20))
    time.sleep(1)
    return 1
"""
    run(sandbox, source)
    sandbox.begin_question()
    with sandbox.branch() as branch, pytest.raises(SandboxDied) as died:
        branch.call("f", (12,), allowance=SOON)
    assert died.value.reason == "scratch"
    sandbox.begin_question()
    with sandbox.branch() as branch:
        assert branch.call("f", (5,), allowance=SOON) == 1


def test_the_keeper_does_not_answer_for_what_an_ended_branch_left(sandbox: Sandbox) -> None:
    source = (
        "def fill():\n    for n in range(40):\n        open(f'{n}.bin', 'wb').write(bytes(2**20))\n    while True: pass"
    )
    assert run(sandbox, source).status == "ok"
    sandbox.settle()
    with sandbox.branch() as branch, pytest.raises(SandboxDied):
        branch.call("fill", allowance=within(20))
    left = sandbox.usage["scratch_mb"]  # a look, as a slow machine makes one before the next branch is there

    assert left > LIMITS.scratch_mb
    assert sandbox.defined(["fill"]) == {"fill"}
    sandbox.begin_question()
    assert sandbox.usage["scratch_mb"] < 1


def test_memory_beyond_the_limit_ends_the_branch_that_grew_alone(without) -> None:  # type: ignore[no-untyped-def]
    source = """
import time
def f(megabytes):
    x = bytes(range(256)) * (megabytes << 12)
    time.sleep(1)
    return 1
"""
    with without(rlimits=False) as sandbox:
        run(sandbox, source)
        with sandbox.branch() as other, sandbox.branch() as branch:
            with pytest.raises(SandboxDied) as died:
                branch.call("f", (700,), allowance=SOON)
            assert died.value.reason == "memory"
            assert other.call("f", (300,), allowance=SOON) == 1
        with sandbox.branch() as branch:
            assert branch.call("f", (1,), allowance=SOON) == 1


def test_a_branch_has_as_much_memory_as_the_notebook_had(control: SandboxControl) -> None:
    with control.spawn(limits=dataclasses.replace(LIMITS, memory_mb=512)) as sandbox:
        run(sandbox, "held = bytes(range(256)) * (300 << 12)\ndef f(): return len(bytes(range(256)) * (400 << 12))")
        with sandbox.branch() as branch:
            assert branch.call("f", allowance=SOON) == 400 << 20


@pytest.mark.parametrize("number", ["STOP", "TSTP", "TTIN", "TTOU", "KILL"])
@pytest.mark.parametrize("send", ["os.kill(os.getpid(), {0})", "signal.pthread_kill(threading.get_ident(), {0})"])
def test_a_sandbox_cannot_stop_itself(sandbox: Sandbox, number: str, send: str) -> None:
    """A stopped process counts as one that the machine does not let go on."""
    assert attempt(sandbox, "import threading\n" + send.format(f"signal.SIG{number}")) == "PermissionError"


def test_there_are_no_timers_that_send_any_signal(sandbox: Sandbox) -> None:
    source = "import ctypes, platform\nnumber = {'x86_64': 222, 'aarch64': 107}[platform.machine()]\n"
    source += "print(ctypes.CDLL(None, use_errno=True).syscall(number, 0, 0, 0), ctypes.get_errno())"
    assert text(run(sandbox, source)).strip() == "-1 1"


def test_the_random_states_are_those_of_the_seed_whatever_was_drawn_before(sandbox: Sandbox) -> None:
    source = """
import random, numpy as np, torch
def f(): return random.random(), float(np.random.rand()), float(torch.rand(()))
"""
    run(sandbox, source)
    drawn = []
    for before in (0, 3):
        with sandbox.branch() as branch:
            for _ in range(before):
                branch.call("f", allowance=SOON)
            branch.seed(7)
            drawn.append([branch.call("f", allowance=SOON) for _ in range(2)])
    assert drawn[0] == drawn[1]
    assert drawn[0][0] != drawn[0][1]


def test_an_interrupted_cell_keeps_what_it_had_defined(sandbox: Sandbox) -> None:
    result = run(sandbox, "def f(): return 1\nwhile True: pass", timeout=0.5)
    assert (result.status, result.limit) == ("timeout", "cpu")
    assert result.meter.cpu >= 0.5
    with sandbox.branch() as branch:
        assert branch.call("f", allowance=SOON) == 1


def test_a_cell_that_waits_is_told_as_waiting(sandbox: Sandbox) -> None:
    result = run(sandbox, "import time\ntime.sleep(60)", timeout=0.7)
    assert (result.status, result.limit) == ("timeout", "asleep")
    assert result.meter.cpu < 0.5


def test_a_stopped_machine_is_busy_and_no_time_out(sandbox: Sandbox) -> None:
    """As a frozen container: neither CPU seconds nor sleep are counted."""
    from autograder.errors import InfrastructureError
    from autograder.sandbox import Allowance

    run(sandbox, "def f():\n    while True: pass")
    with sandbox.branch() as branch:
        os.kill(branch.pid, signal.SIGSTOP)
        try:
            with pytest.raises(InfrastructureError, match="machine-busy"):
                branch.call("f", allowance=Allowance(cpu=1.0, asleep=1.0, starved=1.5))
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(branch.pid, signal.SIGCONT)
        assert branch.meter.cpu < 0.1


def test_the_spare_folder_is_gone_with_the_sandbox(control: SandboxControl) -> None:
    with control.spawn(limits=LIMITS) as sandbox:
        run(sandbox, "open('made', 'w').write('x')")
        sandbox.settle()
        root = Path(sandbox._guard.folder).parent
        shelf = Path(sandbox._room._shelf)
        assert shelf.parent == root
        assert shelf.is_dir()
    assert not shelf.exists()
