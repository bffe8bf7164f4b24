"""Functions lent to a branch: answered by another process while the call goes on, at nobody's cost, by real frames."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch

from autograder.judge.budget import Patience, Purse
from autograder.judge.stand_ins import StandIns
from autograder.model import Limits
from autograder.sandbox import Ask, Branch, ProtocolError, Sandbox, SandboxControl, SandboxTimeout, StudentError
from tests.allowances import within

from .conftest import LIMITS, run

SOURCE = """
import os, signal, time, torch

def double(x):
    return 2 * x

def step(p, state):
    p.add_(1)
    state["n"] = state.get("n", 0) + 1
    return p, state

def fill(megabytes):
    return torch.ones(megabytes << 18).sum()

def leave():
    os._exit(0)

def crash():
    os.kill(os.getpid(), signal.SIGSEGV)

def spin(seconds):
    began = time.process_time()
    while time.process_time() - began < seconds:
        pass
    return os.getpid()

def remember(x, kept=[]):
    kept.append(x)
    return len(kept)
"""
NAMES = ("double", "step", "fill", "leave", "crash", "spin", "remember")
CELL = """
import gc, os, threading, time, torch

def times(x, n):
    for _ in range(n):
        x = double(x)
    return x

def gradient(w):
    double(w).pow(2).sum().backward()
    return w.grad

def twice():
    p, state = torch.zeros(2), {}
    new, after = step(p, state)
    step(p, state)
    return p.tolist(), new is p, after is state, state

def kinds(*calls):
    heard = []
    for name, *rest in calls:
        try:
            globals()[name](*rest)
            heard.append("")
        except Exception as error:
            heard.append(type(error).__name__)
    return heard

def waited(seconds):
    return spin(seconds) != os.getpid()

def known():
    return [globals()[name].__code__ is double.__code__ for name in ("step", "fill", "spin")]

def raw(ask, then=None):
    host = next(thing for thing in gc.get_objects() if type(thing).__name__ == "_Host")
    from autograder.sandbox.wire import codec
    codec.send(host.sock, codec.encode({"id": host.serving, **ask}))
    if then is not None:
        codec.send(host.sock, codec.encode({"id": host.serving, **then}))
    return codec.recv(host.sock, limits=codec.CodecLimits())[0]
"""


@pytest.fixture
def purse() -> Purse:
    return Purse(Limits(call_seconds=0.4, question_seconds=1.0, memory_mb=256), Patience())


@pytest.fixture
def branch(control: SandboxControl, sandbox: Sandbox, purse: Purse) -> Iterator[Branch]:
    assert run(sandbox, CELL).status == "ok"
    with sandbox.branch() as opened:
        stand_ins = StandIns(lambda: _Helper(control, opened.look), SOURCE, NAMES, purse)
        opened.lend(NAMES, stand_ins)
        yield opened
        stand_ins.close()


class _Helper:
    """A sandbox of its own, as `NotebookRun.helper` makes it."""

    def __init__(self, control: SandboxControl, look: Any) -> None:
        self._sandbox = control.spawn(limits=Limits(memory_mb=256, answers_seconds=0, notebook_seconds=0), alive=look)
        self._branch = self._sandbox.direct()
        self.install, self.answer = self._branch.install, self._branch.answer

    @property
    def meter(self) -> Any:
        return self._branch.meter

    def close(self) -> None:
        self._sandbox.kill()


def test_a_lent_function_answers_changes_its_arguments_and_has_gradients(branch: Branch, purse: Purse) -> None:
    assert branch.call("times", (3, 5), allowance=within(5)) == 96
    assert branch.call("gradient", (torch.ones(2, requires_grad=True),), allowance=within(5)).tolist() == [8, 8]
    assert branch.call("twice", allowance=within(5)) == ([2, 2], True, True, {"n": 2})
    assert branch.call("double", (4,), allowance=within(5)) == 8
    assert purse.asks == 10
    assert 0 < purse.cpu < 1


def test_all_stubs_are_one_code(branch: Branch) -> None:
    assert branch.call("known", allowance=within(5)) == [True] * 3


def test_waiting_for_an_answer_is_neither_the_students_cpu_nor_its_sleep(branch: Branch, purse: Purse) -> None:
    assert branch.call("waited", (0.3,), allowance=within(0.2))

    assert branch.meter.cpu < 0.15
    assert branch.meter.asleep < 0.15
    assert purse.cpu > 0.25


def test_what_ends_the_helper_is_an_exception_for_the_asker(branch: Branch) -> None:
    calls = (("leave",), ("double", 1), ("crash",), ("fill", 900), ("double", 1))

    heard = branch.call("kinds", calls, allowance=within(5))

    assert heard[:3] == ["RuntimeError", "", "RuntimeError"]
    assert heard[3] in ("MemoryError", "RuntimeError")
    assert heard[4] == ""
    assert branch.call("times", (1, 1), allowance=within(5)) == 2


def test_a_helper_that_ends_again_and_again_is_given_up(branch: Branch) -> None:
    heard = branch.call("kinds", [("leave",)] * 5 + [("double", 1)], allowance=within(5))

    assert heard == ["RuntimeError"] * 4 + ["TimeoutError"] * 2


@pytest.mark.soak
def test_one_ask_and_all_of_them_have_limits(branch: Branch, purse: Purse) -> None:
    """A call of 0.4 s and a question of 1 s: the third endless one has what is left."""
    heard = branch.call("kinds", [("spin", 60)] * 5, allowance=within(5))

    assert heard[0] == "RuntimeError"
    assert heard[-1] == "TimeoutError"
    assert purse.cpu < 2


def test_the_students_own_limits_hold_while_it_asks(branch: Branch) -> None:
    with pytest.raises(SandboxTimeout) as caught:
        branch.call("times", (0, 10**9), allowance=within(0.08))

    assert caught.value.limit == "cpu"


def test_a_new_helper_remembers_nothing(branch: Branch) -> None:
    assert [branch.call("remember", (1,), allowance=within(5)) for _ in range(2)] == [1, 2]
    branch.call("kinds", (("leave",),), allowance=within(5))

    assert branch.call("remember", (1,), allowance=within(5)) == 1


FORGED: dict[str, tuple[Any, ...]] = {
    "a name that was not lent": ({"ask": 1, "name": "os", "data": None},),
    "a number that is none": ({"ask": True, "name": "double", "data": None},),
    "a negative number": ({"ask": -1, "name": "double", "data": None},),
    "a name that is none": ({"ask": 1, "name": 7, "data": None},),
    "an extra key": ({"ask": 1, "name": "double", "data": None, "value": 1},),
    "another request's id": ({"id": 1, "ask": 1, "name": "double", "data": None},),
    "two at once": ({"ask": 1, "name": "double", "data": None}, {"ask": 2, "name": "double", "data": None}),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_ask_is_a_broken_frame(branch: Branch, name: str) -> None:
    with pytest.raises(ProtocolError):
        branch.call("raw", FORGED[name], allowance=within(5))


def test_data_that_is_none_is_an_exception_and_the_helper_goes_on(branch: Branch) -> None:
    assert b"etype" in branch.call("raw", ({"ask": 1, "name": "double", "data": [1]},), allowance=within(5))
    assert branch.call("times", (1, 1), allowance=within(5)) == 2


def test_nobody_asks_where_nothing_was_lent(sandbox: Sandbox) -> None:
    assert run(sandbox, CELL).status == "ok"
    with sandbox.branch() as plain, pytest.raises(ProtocolError):
        plain.call("raw", FORGED["a name that was not lent"], allowance=within(5))


def test_nobody_asks_in_a_cell(sandbox: Sandbox) -> None:
    source = CELL + "\nraw({'ask': 1, 'name': 'double', 'data': None})"

    assert run(sandbox, source).reason == "protocol"


def test_an_ask_over_the_size_is_not_passed_on(control: SandboxControl, purse: Purse) -> None:
    stand_ins = StandIns(lambda: _Helper(control, lambda: None), SOURCE, NAMES, purse)
    try:
        assert stand_ins(Ask("double", [1], size=33 << 20)) == {"etype": "TimeoutError"}
    finally:
        stand_ins.close()


def test_a_source_that_cannot_be_run_is_told_at_once(control: SandboxControl, purse: Purse) -> None:
    with pytest.raises(StudentError):
        StandIns(lambda: _Helper(control, lambda: None), "1 / 0", (), purse)


def test_what_the_lender_raises_ends_the_branch_and_is_passed_on(sandbox: Sandbox) -> None:
    def failing(_: Ask) -> dict[str, Any]:
        raise RuntimeError("ours")

    assert run(sandbox, CELL).status == "ok"
    with sandbox.branch() as opened:
        opened.lend(("double",), failing)
        with pytest.raises(RuntimeError, match="ours"):
            opened.call("times", (1, 1), allowance=within(5))


def test_lending_works_without_branches(control: SandboxControl, purse: Purse) -> None:
    with control.spawn(limits=LIMITS) as alone:
        assert run(alone, CELL).status == "ok"
        stand_ins = StandIns(lambda: _Helper(control, lambda: None), SOURCE, NAMES, purse)
        view = alone.direct()
        view.lend(NAMES, stand_ins)
        assert view.call("times", (1, 3), allowance=within(5)) == 8
        stand_ins.close()
