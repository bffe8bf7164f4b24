"""Stand-ins: which of them the sandbox gets, what a suite must not do with them, and what asking for them costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from autograder.errors import InfrastructureError
from autograder.judge.branch_link import BranchLink
from autograder.judge.budget import Budget, Patience, Purse
from autograder.judge.inprocess import InProcessBranch, InProcessSandbox
from autograder.judge.probes import ProbeFile
from autograder.judge.stand_in_checks import stand_in_problems
from autograder.judge.stand_ins import StandIns
from autograder.model import Limits
from autograder.sandbox import Allowance, Ask, Meter, ProtocolError, SandboxDied, StudentError

PROBES = """
STAYS = {"apply": "g is a function"}

def stand_in_scale(x):
    factor_of_the_solution = 3
    return factor_of_the_solution * x

def stand_in_apply(g, x):
    return g(x)

def both(x):
    return student.apply(student.scale, x)
"""
LIMITS = Limits(call_seconds=1.0, question_seconds=4.0)


class Watched(InProcessSandbox):
    """Takes note of what is installed and lent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[str] = []
        self.lent: list[str] = []

    def branch(self) -> InProcessBranch:
        branch, install, lend = super().branch(), InProcessBranch.install, InProcessBranch.lend

        def noted(source: str, names: Any) -> None:
            self.sent.append(source)
            install(branch, source, names)

        def noted_too(names: Any, lender: Any) -> None:
            self.lent += names
            lend(branch, names, lender)

        branch.install, branch.lend = noted, noted_too  # type: ignore[method-assign]
        return branch


def link_of(cell: str, stand_ins: tuple[str, ...], sandbox: InProcessSandbox | None = None) -> BranchLink:
    sandbox = sandbox or InProcessSandbox()
    assert sandbox.run_cell(cell, index=0, allowance=Allowance(9, 9, 9)).status == "ok"
    return BranchLink(sandbox, ProbeFile.parse(PROBES), Budget(LIMITS), stand_ins)


def test_the_sandbox_gets_the_source_of_what_stays_only() -> None:
    sandbox = Watched()
    link = link_of("def use(x): return apply(scale, x)", ("apply", "scale"), sandbox)

    assert link.call("use", (torch.ones(1),), {}).tolist() == [3]
    assert link.probe("both", (2,), {}) == 6
    assert sandbox.lent == ["scale"]
    assert len(sandbox.sent) == 1
    assert "factor_of_the_solution" not in sandbox.sent[0]


def test_a_function_that_is_sent_for_is_named_as_an_error_of_the_asker() -> None:
    link = link_of("def use(): return scale(len)", ("scale",))

    with pytest.raises(StudentError) as caught:
        link.call("use", (), {})
    assert caught.value.etype == "TypeError"


BROKEN = {
    "a probe that calls a stand-in": ("def p(x): return stand_in_f(x)", "stand-in-shown", "p가"),
    "a helper that calls one": ("def _h(x): return stand_in_f(x)\ndef p(x): return _h(x)", "stand-in-shown", "_h가"),
    "one that stays and calls one": (
        "STAYS = {'t': 'why'}\ndef stand_in_t(opt): return stand_in_f(opt())",
        "stand-in-shown",
        "stand_in_t가",
    ),
    "a table of stand-ins": ("TABLE = [stand_in_f]\ndef p(x): return x", "stand-in-shown", "p가"),
    "a function as an argument": ("def stand_in_t(opt): return opt(1)", "stand-in-lent", "opt로 함수나 모듈을"),
    "functions in a dict": ("def stand_in_t(task): return task['loss'](1)", "stand-in-lent", "'t'를"),
    "a module as an argument": ("def stand_in_t(m): return list(m.parameters())", "stand-in-lent", "m으로"),
    "the student's function": ("def stand_in_t(x): return student.f(x)", "stand-in-lent", "student를 쓸 수"),
    "no reason": ("STAYS = {'t': ' '}\ndef stand_in_t(x): return x", "suite-stand-in", "이유가 없습니다"),
    "a name without a stand-in": ("STAYS = {'ff': 'why'}", "suite-stand-in", "stand_in_ff"),
    "a STAYS that is no dict": ("STAYS = ['t']", "suite-stand-in", "이유를 적습니다"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_would_show_a_stand_in_or_cannot_be_lent_is_found(name: str) -> None:
    text, code, words = BROKEN[name]
    found = list(stand_in_problems(ProbeFile.parse(f"def stand_in_f(x): return x\n{text}\n")))

    assert code in {finding.code for finding in found}
    assert any(words in finding.message for finding in found)
    assert all(finding.file == "probes.py" and finding.line > 0 for finding in found)


def test_a_constant_that_only_a_stand_in_uses_does_not_travel() -> None:
    text = (
        "A = 1\nB: int = 2\nC = A + 3\nD = lambda x: 7 * x\ndef stand_in_f(x): return D(x) * A * B\ndef p(x): return C"
    )
    file = ProbeFile.parse(text)

    assert "D =" not in file.source_for("p")
    assert "B" not in file.source_for("p")
    assert all(part in file.source_for("p") for part in ("A = 1", "C = A + 3"))
    assert all(part in file.stand_ins_for(("f",)) for part in ("A = 1", "B: int", "D ="))


def test_a_sound_file_has_no_problems() -> None:
    assert list(stand_in_problems(ProbeFile.parse(PROBES))) == []


class Fake:
    """A helper that does as it is told."""

    def __init__(self, act: Callable[[], Any]) -> None:
        self.act, self.meter, self.closed = act, Meter(), 0

    def install(self, source: str, names: list[str]) -> None:
        del names
        if source == "broken":
            raise SandboxDied("silent")

    def answer(self, name: str, data: Any, *, allowance: Allowance) -> Any:
        del name, data
        self.meter = Meter(cpu=min(0.9, allowance.cpu))
        return self.act()

    def close(self) -> None:
        self.closed += 1


def standing(act: Callable[[], Any], made: list[Fake] | None = None) -> StandIns:
    made = [] if made is None else made

    def start() -> Fake:
        made.append(Fake(act))
        return made[-1]

    return StandIns(start, "", ("f",), Purse(LIMITS, Patience()))


def raising(error: Exception) -> Callable[[], Any]:
    def act() -> Any:
        raise error

    return act


def test_the_seconds_of_a_question_bound_all_asks() -> None:
    stand_ins = standing(lambda: 1)
    heard = [stand_ins(Ask("f", [])) for _ in range(7)]

    assert heard == [{"value": 1}] * 5 + [{"etype": "TimeoutError"}] * 2


def test_what_reading_an_ask_took_counts() -> None:
    stand_ins = standing(lambda: 1)

    assert stand_ins(Ask("f", [], seconds=5.0)) == {"value": 1}
    assert stand_ins(Ask("f", [])) == {"etype": "TimeoutError"}


@pytest.mark.parametrize(
    ("error", "kind", "helpers"),
    [
        (StudentError("ValueError"), "ValueError", 1),
        (SandboxDied("memory"), "MemoryError", 3),
        (SandboxDied("signal"), "RuntimeError", 3),
        (ProtocolError("frame-over-limit", ""), "RuntimeError", 3),
    ],
    ids=["raised", "memory", "crash", "too much"],
)
def test_what_goes_wrong_in_a_helper_is_the_askers_exception(error: Exception, kind: str, helpers: int) -> None:
    made: list[Fake] = []
    stand_ins = standing(raising(error), made)
    heard = [stand_ins(Ask("f", [])) for _ in range(3)]
    stand_ins.close()
    stand_ins.close()

    assert heard == [{"etype": kind}] * 3
    assert len(made) == helpers
    assert [helper.closed for helper in made] == [1] * helpers


def test_trouble_of_the_machine_is_not_the_askers() -> None:
    with pytest.raises(InfrastructureError):
        standing(raising(InfrastructureError("machine-busy", "")))(Ask("f", []))


def test_a_helper_that_dies_before_it_was_asked_is_trouble_of_ours() -> None:
    with pytest.raises(InfrastructureError):
        StandIns(lambda: Fake(lambda: 1), "broken", ("f",), Purse(LIMITS, Patience()))


def test_a_name_that_was_not_lent_is_a_broken_frame() -> None:
    with pytest.raises(ProtocolError):
        standing(lambda: 1)(Ask("g", []))
