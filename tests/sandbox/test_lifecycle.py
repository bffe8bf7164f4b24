"""Beginnings and ends: nothing is left of a sandbox, whoever dies first, and no secret is in its memory."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.errors import ConfinementError, InfrastructureError
from autograder.sandbox import Confinement, ForkServer, Sandbox, SandboxControl
from autograder.sandbox.processes import procfs, scratch
from autograder.sandbox.processes.control import await_hello

from .conftest import LIMITS, attempt, living, run, text

SPAWN = Callable[..., contextlib.AbstractContextManager[Sandbox]]
ENTRY = "tests.sandbox.trusted:serve"


@pytest.fixture
def own_server() -> Iterator[ForkServer]:
    with ForkServer(preload=("numpy",)) as server:
        yield server


def wait_gone(*pids: int) -> None:
    """Wait until processes are gone or zombies, by their descriptors, no longer than 20 s."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            fd = os.pidfd_open(pid)
            poll = select.poll()
            poll.register(fd, select.POLLIN)
            assert poll.poll(20_000), pid
            os.close(fd)


def test_killing_leaves_no_process_and_no_file(control: SandboxControl) -> None:
    with control.spawn(limits=LIMITS) as sandbox:
        run(sandbox, "import os\nos.makedirs('a/b/c')\nopen('a/b/c/f', 'w').close()")
        branches = [sandbox.branch() for _ in range(2)]
        pids = {sandbox.pid, *(branch.pid for branch in branches)}
        folder = Path(sandbox._guard.folder)
        assert living(pids) == pids
        assert folder.is_dir()
    assert living(pids) == set()
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    assert not folder.exists()


@pytest.mark.soak
def test_hashes_are_the_same_in_every_fork_server_unless_asked_for_others() -> None:
    shown = []
    for seed in (0, 0, 1):
        with ForkServer(preload=("numpy",), hash_seed=seed) as server:
            control = SandboxControl(server.control())
            with control.spawn(limits=LIMITS) as sandbox:
                shown.append(text(run(sandbox, "print(hash('기울기'))")))
            control.close()
    assert shown[0] == shown[1] != shown[2]


def test_the_fork_server_keeps_no_zombie(server: ForkServer, control: SandboxControl) -> None:
    for source in ("import os\nos._exit(0)", "1"):
        with control.spawn(limits=LIMITS) as sandbox:
            with contextlib.suppress(Exception):
                sandbox.branch()
            run(sandbox, source)
    states = [procfs.process_state(pid) for pid in procfs.children(server.pid)]
    assert all(state is None or state.state != "Z" for state in states)


def test_a_daemon_that_got_away_is_killed_with_its_sandbox(without: SPAWN) -> None:
    source = """
import os, signal, time
read, write = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in (1, 2, 15): signal.signal(number, signal.SIG_IGN)
        os.write(write, str(os.getpid()).encode())
        os.closerange(0, 100)
        time.sleep(60)
    os._exit(0)
print(os.read(read, 20).decode())
"""
    with without(seccomp=False, uid_drop=False) as sandbox:
        daemon = int(text(run(sandbox, source)))
        assert living({daemon}) == {daemon}
    assert living({daemon}) == set()


def test_wiping_follows_no_link_and_manages_closed_and_deep_folders(without: SPAWN, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_text("keep", encoding="utf-8")
    source = f"""
import os
os.symlink({str(precious)!r}, 'link'); os.mkdir('closed'); open('closed/f', 'w').close()
os.mkdir('closed/inner'); os.chmod('closed/inner', 0); os.chmod('closed', 0)
os.link({str(precious / "file")!r}, 'hard') if os.access({str(precious / "file")!r}, os.W_OK) else None
for _ in range(1500): os.mkdir('deep'); os.chdir('deep')
"""
    with without(seccomp=False, landlock=False, uid_drop=False) as sandbox:
        folder = Path(sandbox._guard.folder)
        run(sandbox, source)
    assert not folder.exists()
    assert (precious / "file").read_text(encoding="utf-8") == "keep"


def test_when_the_judge_goes_its_sandboxes_go(server: ForkServer) -> None:
    connection = SandboxControl(server.control())
    sandboxes = [connection.spawn(limits=LIMITS) for _ in range(2)]
    run(sandboxes[0], "import signal\nfor n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)")
    branch = sandboxes[0].branch()
    pids = [branch.pid, *(sandbox.pid for sandbox in sandboxes)]
    folders = [Path(sandbox._guard.folder) for sandbox in sandboxes]
    connection.close()
    wait_gone(*pids)
    SandboxControl(server.control()).close()  # the server answers after it has cleaned up
    assert not any(folder.exists() for folder in folders)


def test_a_judge_is_forked_warm_with_its_own_connections_only(server: ForkServer) -> None:
    here, there = socket.socketpair()
    pid = server.spawn_trusted(ENTRY, there, {"suites": "비밀", "list": [1, 2]})
    there.close()
    here.settimeout(60)
    report = json.loads(here.recv(1 << 16))
    assert report["pid"] == pid
    assert report["payload"] == {"suites": "비밀", "list": [1, 2]}
    assert report["shown"] == "42"
    assert report["torch"]
    assert len(report["descriptors"]) <= 12
    here.close()
    wait_gone(pid, report["sandbox"])


def test_a_judge_that_is_killed_takes_its_sandbox_along(server: ForkServer) -> None:
    here, there = socket.socketpair()
    pid = server.spawn_trusted(ENTRY, there, {})
    there.close()
    here.settimeout(60)
    report = json.loads(here.recv(1 << 16))
    os.kill(pid, signal.SIGKILL)
    wait_gone(pid, report["sandbox"])
    end = time.monotonic() + 20
    while Path(report["folder"]).exists() and time.monotonic() < end:  # a busy fork server wipes it a little later
        SandboxControl(server.control()).close()
    assert not Path(report["folder"]).exists()
    assert here.recv(1) == b""


def test_a_judge_that_raises_just_ends(server: ForkServer) -> None:
    here, there = socket.socketpair()
    server.spawn_trusted("tests.sandbox.trusted:fail", there, {})
    there.close()
    here.settimeout(60)
    assert here.recv(1) == b""
    with SandboxControl(server.control()).spawn(limits=LIMITS) as sandbox:
        assert run(sandbox, "1").status == "ok"


def test_when_the_fork_server_is_killed_everything_dies(own_server: ForkServer) -> None:
    sandbox = SandboxControl(own_server.control()).spawn(limits=LIMITS)
    branch = sandbox.branch()
    os.kill(own_server.pid, signal.SIGKILL)
    wait_gone(sandbox.pid, branch.pid)
    for _ in range(2):
        with pytest.raises(InfrastructureError, match="fork-server-gone"):
            sandbox.kill()
    with pytest.raises(InfrastructureError, match="fork-server-gone"):
        own_server.control()
    root = Path(own_server.scratch_root)
    own_server.close()
    assert not root.exists()


def test_when_the_coordinator_is_killed_everything_dies_and_the_next_start_sweeps(tmp_path: Path) -> None:
    script = """
import json, sys
from autograder.model import Limits
from autograder.sandbox import Allowance, ForkServer, SandboxControl
server = ForkServer(preload=("numpy",)); server.start()
sandbox = SandboxControl(server.control()).spawn(limits=Limits())
sandbox.run_cell("open('f', 'w').close()", index=0, allowance=Allowance(20.0, 20.0, 600.0))
print(json.dumps([server.pid, sandbox.pid, server.scratch_root]), flush=True)
sys.stdin.read()
"""
    command = [sys.executable, "-c", script]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "TMPDIR": str(tmp_path)}
    ) as coordinator:
        assert coordinator.stdout is not None
        tmp_path.chmod(0o755)
        line = coordinator.stdout.readline()
        server_pid, pid, root = json.loads(line)
        coordinator.kill()
    wait_gone(server_pid, pid)
    assert Path(root).exists()
    assert list(Path(root).iterdir()) == []  # the server wiped what it knew
    scratch._sweep(root)
    assert not Path(root).exists()


def test_a_root_in_use_is_not_swept(server: ForkServer) -> None:
    scratch._sweep(server.scratch_root)
    assert Path(server.scratch_root).is_dir()


def test_closing_the_server_leaves_nothing(tmp_path: Path) -> None:
    server = ForkServer(preload=("numpy",))
    server.start()
    sandbox = SandboxControl(server.control()).spawn(limits=LIMITS)
    family = {server.pid, sandbox.pid, *procfs.children(server.pid)}
    root = Path(server.scratch_root)
    server.close()
    server.close()
    assert living(family) == set()
    assert not root.exists()


def test_a_server_without_a_needed_module_says_so() -> None:
    with pytest.raises(InfrastructureError, match="no_such_module"):
        ForkServer(preload=("no_such_module",)).start()


def test_an_optional_module_may_be_missing() -> None:
    with ForkServer(preload=("?no_such_module",)) as server:
        assert "no_such_module" in server.report["left_out"]


@pytest.mark.parametrize("switch", ["landlock", "seccomp", "rlimits"])
def test_an_incomplete_confinement_is_refused_unless_unsafe(switch: str) -> None:
    with pytest.raises(ConfinementError, match=f"cannot-confine-{switch}"):
        ForkServer(confinement=Confinement(**{switch: False}))


def test_a_sandbox_that_cannot_be_confined_runs_nothing(control: SandboxControl) -> None:
    with pytest.raises(ConfinementError, match="confinement-failed"):
        control.spawn(limits=dataclasses.replace(LIMITS, memory_mb=1 << 44))
    with control.spawn(limits=LIMITS) as sandbox:
        assert run(sandbox, "1").status == "ok"


def test_a_sandbox_killed_before_it_is_confined_is_trouble_of_ours_and_no_verdict_on_the_machine() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    theirs.close()
    with ours, pytest.raises(InfrastructureError, match="sandbox-silent"):
        await_hello(ours, os.getpid())


def test_the_coordinator_stays_light() -> None:
    code = (
        "import sys\nfrom autograder.sandbox import ForkServer, SandboxControl, StudentError, probe_machine\n"
        "print(sorted({'torch', 'numpy', 'IPython', 'matplotlib', 'pytest'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_fork_server_knows_nothing_of_the_judges_side(server: ForkServer, sandbox: Sandbox) -> None:
    shown = attempt(sandbox, "sorted(name for name in sys.modules if name.startswith('autograder'))")
    for hidden in ("judge", "suites", "grading", "intake", "catalog", "reference"):
        assert hidden not in shown
    environment = Path(f"/proc/{server.pid}/environ").read_text(encoding="utf-8")
    arguments = Path(f"/proc/{server.pid}/cmdline").read_text(encoding="utf-8")
    assert "suites" not in environment + arguments
    assert "PYTEST" not in environment


CANARY = secrets.token_hex(24)


def memory_holds(pid: int, needle: bytes) -> bool:
    """Whether a process's writable memory holds these bytes; read from outside, as only the trusted side can."""
    process = Path(f"/proc/{pid}")
    with (process / "maps").open(encoding="utf-8") as maps, (process / "mem").open("rb", buffering=0) as memory:
        for line in maps:
            span, rights, *_ = line.split()
            if "r" not in rights or "w" not in rights:
                continue
            low, high = (int(end, 16) for end in span.split("-"))
            with contextlib.suppress(OSError, ValueError, OverflowError):
                memory.seek(low)
                if needle in memory.read(high - low):
                    return True
    return False


def test_no_secret_of_the_judges_is_in_a_sandboxs_memory(server: ForkServer, control: SandboxControl) -> None:
    here, there = socket.socketpair()
    pid = server.spawn_trusted(ENTRY, there, {"secret": CANARY})
    there.close()
    here.settimeout(60)
    assert CANARY in here.recv(1 << 16).decode()
    with control.spawn(limits=LIMITS) as unused, control.spawn(limits=LIMITS) as sandbox:
        run(sandbox, "mark = 'found-' + 'by-the-search'")
        assert memory_holds(sandbox.pid, b"found-by-the-search")
        assert memory_holds(pid, CANARY.encode())
        for inspected in (server.pid, unused.pid, sandbox.pid):
            assert not memory_holds(inspected, CANARY.encode())
    here.close()
    wait_gone(pid)


def test_a_cell_that_walks_everything_it_can_reach_does_not_find_the_canary(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "test_q1.py").write_text(f"CANARY = '{CANARY}'", encoding="utf-8")
    planted = [tmp_path, *tmp_path.parents, Path(__file__).resolve().parents[2]]
    halves = CANARY[:24], CANARY[24:]
    source = f"""
import gc, os, sys
needle, found = {halves[0]!r} + {halves[1]!r}, []
def look(where, value):
    text = value.decode('latin-1') if isinstance(value, bytes) else value
    if value is not needle and isinstance(text, str) and needle in text:
        found.append(where)
known, queue = set(), [*gc.get_objects(), *sys.modules.values()]
while queue:  # also what the collector does not list, because it was frozen before the fork
    thing = queue.pop()
    if id(thing) not in known:
        known.add(id(thing))
        look('heap', thing)
        queue += gc.get_referents(thing)
seen = len(known)
frame = sys._getframe().f_back
while frame:
    for value in [*frame.f_locals.values()]: look('frame', repr(value)[:10000])
    frame = frame.f_back
for root in {[str(path) for path in planted if str(path) != "/"]!r} + ['/tmp', '/home', '/root', '/proc', '/etc', '.']:
    for folder, _, names in os.walk(root):
        for name in names:
            try: look('file', open(os.path.join(folder, name), 'rb').read())
            except OSError: pass
print(seen > 100000, found)
"""
    result = run(sandbox, source, timeout=60)
    assert text(result).strip().splitlines()[-1] == "True []"
