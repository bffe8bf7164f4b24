"""Branches: copies of a notebook's process in which questions are asked."""

from __future__ import annotations

import os

import numpy as np
import pytest
import torch

from autograder.sandbox import BranchUnavailable, Handle, ProtocolError, Sandbox, SandboxDied, StudentError
from autograder.sandbox.processes import procfs
from tests.allowances import within

from .conftest import attempt, living, run, text


@pytest.fixture
def notebook(sandbox: Sandbox) -> Sandbox:
    source = """
import torch, torch.nn as nn
state = [0]
def add(a, b=1): return a + b
def bump():
    state[0] += 1
    return state[0]
def fail(kind):
    x = 1
    raise kind("숨은 값 42") if isinstance(kind, type) else {"v": ValueError("secret"), "c": Custom("x")}[kind]
class Custom(Exception): pass
class Net(nn.Module):
    def __init__(self, n): super().__init__(); self.l = nn.Linear(n, 1)
    def forward(self, x): return self.l(x)
def relu_(x): x.clamp_(min=0)
def leave(): raise SystemExit(3)
"""
    assert run(sandbox, source, index=4).status == "ok"
    return sandbox


def test_values_cross_by_copy(notebook: Sandbox) -> None:
    with notebook.branch() as branch:
        assert branch.call("add", (1,), {"b": 2}, allowance=within(5)) == 3
        x = torch.arange(3.0)
        assert torch.equal(branch.call("add", (x,), allowance=within(5)), x + 1)
        assert np.array_equal(branch.call("add", (np.arange(3),), allowance=within(5)), np.arange(3) + 1)
        branch.call("relu_", (-x,), allowance=within(5))
        assert torch.equal(x, torch.arange(3.0))


def test_what_a_branch_changes_no_other_branch_and_no_later_cell_sees(notebook: Sandbox) -> None:
    with notebook.branch() as one:
        assert [one.call("bump", allowance=within(5)) for _ in range(3)] == [1, 2, 3]
    with notebook.branch() as two:
        assert two.call("bump", allowance=within(5)) == 1
    assert text(run(notebook, "state")) == "[0]"


def test_two_branches_live_side_by_side(notebook: Sandbox) -> None:
    with notebook.branch() as one, notebook.branch() as two:
        one.call("bump", allowance=within(5))
        assert (one.call("bump", allowance=within(5)), two.call("bump", allowance=within(5))) == (2, 1)


def test_a_branch_that_dies_costs_nothing(notebook: Sandbox) -> None:
    run(
        notebook,
        "import ctypes, os\ndef crash(): ctypes.string_at(0)\nleave, abort = lambda: os._exit(0), os.abort",
        index=5,
    )
    for name in ("crash", "leave", "abort"):
        with notebook.branch() as branch, pytest.raises(SandboxDied):
            branch.call(name, allowance=within(5))
    with notebook.branch() as branch:
        assert branch.call("bump", allowance=within(5)) == 1


def test_a_branch_cannot_signal_its_template_or_its_siblings(notebook: Sandbox) -> None:
    if notebook.confinement["landlock_abi"] < 6:
        pytest.skip("signals are scoped from Landlock ABI 6 on")
    run(notebook, "import os\ndef kill_parent(): os.kill(os.getppid(), 9)\ndef kill(pid): os.kill(pid, 9)", index=5)
    with notebook.branch() as victim, notebook.branch() as branch:
        pid = victim._member.pid
        for name, args in (("kill_parent", ()), ("kill", (pid,))):
            with pytest.raises(StudentError) as caught:
                branch.call(name, args, allowance=within(5))
            assert caught.value.etype == "PermissionError"
        assert victim.call("bump", allowance=within(5)) == 1
    assert notebook.alive


def test_objects_stay_there_and_are_called_by_handle(notebook: Sandbox) -> None:
    with notebook.branch() as branch:
        net = branch.call("Net", (2,), allowance=within(5))
        assert isinstance(net, Handle)
        assert net.type_name == "Net"
        weights = branch.call_method(net, "state_dict", allowance=within(5))
        x = torch.randn(3, 2)
        expected = x @ weights["l.weight"].T + weights["l.bias"]
        assert torch.allclose(branch.call_method(net, "", (x,), allowance=within(5)), expected, atol=1e-6)


def test_an_unknown_handle_does_not_confuse_the_branch(notebook: Sandbox) -> None:
    with notebook.branch() as branch, pytest.raises((SandboxDied, StudentError)):
        branch.call_method(Handle(999, "x"), "", allowance=within(5))


def test_an_error_tells_type_cell_and_line_but_its_text_only_to_staff(notebook: Sandbox) -> None:
    with notebook.branch() as branch, pytest.raises(StudentError) as caught:
        branch.call("fail", ("v",), allowance=within(5))
    assert (caught.value.etype, caught.value.cell, caught.value.line) == ("ValueError", 4, 10)
    assert "secret" in caught.value.detail
    assert "secret" not in caught.value.message


@pytest.mark.parametrize(("call", "etype"), [(("fail", ("c",)), "사용자 정의"), (("leave", ()), "SystemExit")])
def test_only_builtin_exception_names_are_passed_on(notebook: Sandbox, call: tuple, etype: str) -> None:  # type: ignore[type-arg]
    with notebook.branch() as branch, pytest.raises(StudentError) as caught:
        branch.call(*call, allowance=within(5))
    assert caught.value.etype == etype


def test_a_missing_function_is_a_name_error(notebook: Sandbox) -> None:
    with notebook.branch() as branch, pytest.raises(StudentError) as caught:
        branch.call("nowhere", allowance=within(5))
    assert (caught.value.etype, caught.value.cell) == ("NameError", None)


def test_a_probe_runs_next_to_the_students_code(notebook: Sandbox) -> None:
    source = "def go(n):\n    x = -torch.ones(n)\n    student.relu_(x)\n    return x, float(np.sum(x.numpy())), math.pi"
    with notebook.branch() as branch:
        x, total, pi = branch.probe(source, "go", (3,), allowance=within(5))
    assert (x.tolist(), total, round(pi, 2)) == ([0, 0, 0], 0.0, 3.14)


def test_a_stand_in_replaces_the_students_function(notebook: Sandbox) -> None:
    run(notebook, "def user(): return add(1)", index=5)
    with notebook.branch() as branch:
        branch.install("def add(a, b=1): return 'stand-in'", ["add"])
        assert branch.call("user", allowance=within(5)) == "stand-in"
    with notebook.branch() as branch:
        assert branch.call("user", allowance=within(5)) == 2


def test_a_value_that_cannot_be_sent_as_argument_is_the_callers_mistake(notebook: Sandbox) -> None:
    with notebook.branch() as branch:
        with pytest.raises(TypeError):
            branch.call("add", (object(),), allowance=within(5))
        assert branch.call("add", (1,), allowance=within(5)) == 2


def test_a_result_over_the_frame_limit_is_the_students_error(notebook: Sandbox) -> None:
    source = """
def big(): return torch.zeros(64 << 20, dtype=torch.uint8)
def nested():
    x = []
    for _ in range(10**5): x = [x]
    return x
"""
    run(notebook, source, index=5)
    with notebook.branch() as branch, pytest.raises((StudentError, ProtocolError)):
        branch.call("big", allowance=within(10))
    with notebook.branch() as branch, pytest.raises((StudentError, ProtocolError)):
        branch.call("nested", allowance=within(10))


def test_a_fork_that_was_not_asked_for_is_refused_in_template_and_branch(notebook: Sandbox) -> None:
    run(notebook, "import os\ndef fork(): return os.fork()", index=5)
    assert attempt(notebook, "os.fork()") == "PermissionError"
    with notebook.branch() as branch, pytest.raises(StudentError) as caught:
        branch.call("fork", allowance=within(5))
    assert caught.value.etype == "PermissionError"


def test_a_thread_that_forks_all_the_time_gets_no_process(notebook: Sandbox) -> None:
    source = """
import os, threading
def forks():
    while True:
        try:
            if os.fork() == 0: os._exit(0)
            won.append(1)
        except PermissionError: pass
won = []
threading.Thread(target=forks, daemon=True).start()
"""
    run(notebook, source, index=5)
    for _ in range(3):
        with notebook.branch() as branch:
            assert branch.call("bump", allowance=within(5)) == 1
    assert text(run(notebook, "won", index=6)) == "[]"
    assert len(living(procfs.children(notebook.pid))) == 0


RESTRICTING = """
import ctypes, struct, threading
libc = ctypes.CDLL(None, use_errno=True)
def restrict():
    ruleset = libc.syscall(444, struct.pack("=QQQ", 0, 0, 2), ctypes.c_size_t(24), 0)
    try:
        libc.prctl(38, 1, 0, 0, 0)
        return [libc.syscall(446, ruleset, 0) and ctypes.get_errno() for _ in range(20)]
    finally:
        import os; os.close(ruleset)
def restrict_in_threads():
    found = []
    threads = [threading.Thread(target=lambda: found.extend(restrict())) for _ in range(20)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return sorted(set(found))
"""


def test_no_layer_of_landlock_is_added_by_student_code(notebook: Sandbox) -> None:
    """Sixteen are the most a process can have: a notebook that took them would leave its branches none."""
    if notebook.confinement["landlock_abi"] < 6:
        pytest.skip("branches have a layer of their own from Landlock ABI 6 on")
    assert text(run(notebook, RESTRICTING + "restrict()", index=5)) == str([1] * 20)
    assert text(run(notebook, "restrict_in_threads()", index=6)) == "[1]"
    for _ in range(3):
        with notebook.branch() as branch:
            assert branch.call("restrict", allowance=within(5)) == [1] * 20
            assert branch.call("restrict_in_threads", allowance=within(5)) == [1]


def test_without_user_notification_a_branch_is_declared_unavailable(without) -> None:  # type: ignore[no-untyped-def]
    with without(user_notif=False) as sandbox:
        run(sandbox, "def f(): return 5")
        with pytest.raises(BranchUnavailable):
            sandbox.branch()
        assert sandbox.direct().call("f", allowance=within(5)) == 5
        assert attempt(sandbox, "os.fork()") == "PermissionError"


def test_the_confinement_is_described_for_the_record(sandbox: Sandbox, without) -> None:  # type: ignore[no-untyped-def]
    described = sandbox.confinement
    assert described["landlock_abi"] >= 1
    assert described["seccomp"]
    assert described["uid_drop"] is (os.geteuid() == 0)
    assert described["unsafe"] is False
    with without(seccomp=False) as open_sandbox:
        assert open_sandbox.confinement["unsafe"] is True


def test_work_that_asks_for_more_threads_does_not_hang_in_a_branch(sandbox: Sandbox) -> None:
    source = """
import torch
torch.set_num_threads(2)
def big():
    x = torch.full((1200, 1200), 0.5)
    return float((x @ x).exp().log().mean()), torch.get_num_threads()
print(big())
"""
    shown = text(run(sandbox, source)).strip()
    with sandbox.branch() as branch:
        assert str(branch.call("big", allowance=within(10))) == shown
    assert shown.endswith(", 2)")
    assert text(run(sandbox, "torch.set_num_threads(0)")).startswith("RuntimeError")
