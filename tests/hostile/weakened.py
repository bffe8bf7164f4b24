"""A fork server whose defences can be switched off, for tests alone: ``weakened.py FD``, in the place of the real one.

It is the product's fork server with functions replaced at run time, so that the product itself has no such switch. What
is off is said by a judge's entry, ``package.module:function?NAME,NAME``; its sandboxes get the same. Everything is on
for a judge whose entry names nothing. The names are those of `tests.hostile.defences.DEFENCES`.
"""

from __future__ import annotations

import dataclasses
import os
import resource
import sys
import tempfile
import types
from typing import Any

import cloudpickle

from autograder.sandbox.confinement import confine
from autograder.sandbox.confinement.policy import Confinement
from autograder.sandbox.processes import forkserver
from autograder.sandbox.shell import child, surroundings

CONFINEMENT = ("landlock", "seccomp", "rlimits", "uid_drop")
BACKSTOP = {resource.RLIMIT_CORE: 0, resource.RLIMIT_AS: 4 << 30, resource.RLIMIT_NPROC: 4096}
"""Holds for everything a weakened server forks, so that a case without its defence cannot take the machine along."""
OFF: frozenset[str] = frozenset()
"""What is off for the sandboxes forked from here on."""

_NO_LIMIT = 1 << 62


def weaken_server() -> None:
    """Replace what runs in the fork server and in sandboxes; each replacement asks `OFF`."""
    spawn, family, trusted = forkserver.Server._spawn, forkserver.Server._kill_family, forkserver._become_trusted
    descriptors, environment = child._take_descriptors, surroundings.set_environment
    plans: dict[frozenset[str], confine.Plan] = {}

    def spawn_weakened(self: Any, control: Any, message: dict[str, Any], given: list[int]) -> dict[str, Any]:
        global OFF
        off = frozenset(message.get("off", ()))
        if off != OFF:
            if self.spare is not None:
                spare, self.spare = self.spare, None
                self._kill(spare)
            OFF = off
            if off not in plans:
                switches = Confinement(**{name: name not in off for name in CONFINEMENT})
                plans[off] = confine.prepare(switches, self.root)
            self.plans["cpu"] = plans[off]
        answer: dict[str, Any] = spawn(self, control, message, given)
        return answer

    def become_trusted(entry: str, given: list[int]) -> None:
        plain, _, names = entry.partition("?")
        weaken_judge(frozenset(filter(None, names.split(","))))
        trusted(plain, given)

    forkserver.Server._spawn = spawn_weakened
    forkserver.Server._kill_family = lambda self, session: [] if "kill" in OFF else family(self, session)
    forkserver._become_trusted = become_trusted
    child._take_descriptors = lambda plan, orders: os.setsid() if "inherited" in OFF else descriptors(plan, orders)
    surroundings.set_environment = lambda folder: None if "inherited" in OFF else environment(folder)
    for name in ("_op_call", "_op_call_method", "_op_probe"):
        setattr(child._Host, name, _pickling(getattr(child._Host, name)))


def _pickling(operation: Any) -> Any:
    def reply(self: Any, request: dict[str, Any]) -> Any:
        value = operation(self, request)
        return cloudpickle.dumps(value) if request.get("pickled") else value

    return reply


def weaken_judge(off: frozenset[str]) -> None:
    """In a judge that was just forked: replace what the trusted side does."""
    from autograder.sandbox.processes.client import SandboxControl

    ask = SandboxControl.ask
    SandboxControl.ask = lambda self, message, given=(): ask(self, {**message, "off": sorted(off)}, given)
    for name in sorted(off - set(CONFINEMENT)):
        if name in _JUDGE:
            _JUDGE[name]()


def _process() -> None:
    """Tests run where the student's code runs."""
    from autograder.judge import worker
    from autograder.judge.inprocess import InProcessSandbox
    from autograder.sandbox.outcomes import Exit

    class Shared(InProcessSandbox):
        broken = ""

        @property
        def confinement(self) -> dict[str, Any]:
            return {}

        def kill(self) -> Exit:
            return Exit("killed", 0.0, 0.0)

    class Spawner:
        def spawn(self, **_: Any) -> Shared:
            os.chdir(tempfile.mkdtemp(dir=os.environ["TMPDIR"]))
            return Shared()

    worker.SandboxControl = lambda control: Spawner()


def _codec() -> None:
    """Answers cross as pickles."""
    from autograder.sandbox.processes.peer import Branch

    ask = Branch._ask
    Branch._ask = lambda *args, **fields: cloudpickle.loads(ask(*args, **fields, pickled=True))


def _kinds() -> None:
    """Answers are compared as they are: what graders often do."""
    import torch

    from autograder.judge.expectations import Expectation, ExpectationFailed

    def equal(value: Any, expected: Any, atol: float) -> bool:
        same = value == expected
        if not isinstance(same, torch.Tensor):
            if same:
                return True
            value = torch.as_tensor(value)
        return bool(torch.allclose(value, expected, atol=atol))

    def close_to(
        self: Any, expected: Any, rtol: float = 1e-5, atol: float = 1e-8, *, own: bool = False, hint: str | None = None
    ) -> Any:
        try:
            right = equal(self._value, expected, atol)
        except (TypeError, ValueError, RuntimeError):
            right = False
        if not right:
            raise ExpectationFailed("no")
        return self

    Expectation.close_to = close_to


def _caps() -> None:
    """No size that a frame announces is too large."""
    from autograder.sandbox.wire.frames import CodecLimits

    unlimited = CodecLimits(max_bytes=_NO_LIMIT, max_items=_NO_LIMIT)
    CodecLimits.from_limits = lambda limits: unlimited


def _fresh() -> None:
    """One process for all questions and all submissions, and its folder as it was left."""
    from autograder.sandbox.outcomes import Exit
    from autograder.sandbox.processes.client import Sandbox, SandboxControl

    spawn, kept = SandboxControl.spawn, []

    def reuse(self: Any, **order: Any) -> Any:
        if not order["limits"].answers_seconds:  # a helper for stand-ins runs no notebook
            return spawn(self, **order)
        if not kept:
            kept.append(spawn(self, **order))
        return kept[0]

    SandboxControl.spawn = reuse
    Sandbox.branch = Sandbox.direct
    Sandbox.settle = Sandbox.begin_question = lambda self: None
    Sandbox.kill = lambda self: Exit("killed", 0.0, 0.0)


def _deadlines() -> None:
    from autograder.judge.budget import Budget
    from autograder.sandbox import Allowance
    from autograder.sandbox.processes.peer import Peer

    ask, unlimited = Peer.ask, Allowance(1e6, 1e6, 1e6)
    Peer.ask = lambda self, op, *, allowance, **fields: ask(self, op, allowance=unlimited, **fields)
    Budget.charge = lambda self, meter: None


def _memory() -> None:
    from autograder.sandbox.processes.guard import Member

    Member.private = property(lambda self: 0)


def _disk() -> None:
    from autograder.sandbox.processes import guard, scratch

    guard.scratch = types.SimpleNamespace(
        Usage=scratch.Usage, measure=lambda *_: scratch.Usage(0, 0), unlinked_bytes=lambda _: 0
    )


def _output() -> None:
    from autograder.judge.run import Job

    read = Job.from_dict.__func__

    def lifted(cls: Any, data: Any) -> Any:
        job = read(cls, data)
        return dataclasses.replace(job, limits=dataclasses.replace(job.limits, output_kb=1 << 20))

    Job.from_dict = classmethod(lifted)


def _withheld() -> None:
    """What student code raises and prints while tests run is told."""
    from autograder.judge import outcomes
    from autograder.judge.question import QuestionRun
    from autograder.judge.told import Telling
    from autograder.sandbox import StudentError

    finding, attempt = outcomes._finding, QuestionRun._attempt

    def found(error: BaseException, *rest: Any) -> Any:
        shown = finding(error, *rest)
        if not isinstance(error, StudentError):
            return shown
        return dataclasses.replace(shown, message=f"{shown.message} {error.detail}")

    def printed(self: Any, *args: Any) -> Any:
        judgement, seconds, error = attempt(self, *args)
        text = self.template._sandbox._guard.take_output()
        return dataclasses.replace(judgement, message=judgement.message + text), seconds, error

    outcomes._finding = found
    QuestionRun._attempt = printed
    Telling.tell = lambda self, outcomes, *_: list(outcomes)


def _lent() -> None:
    """The source of stand-ins is sent into the sandbox."""
    from autograder.judge.probes import ProbeFile

    ProbeFile.split = lambda self, names: (names, ())


def _seeds() -> None:
    from autograder.judge import plugin

    plugin.derive_seed = lambda *_: 0


_JUDGE = {
    name.removeprefix("_"): function
    for name, function in list(globals().items())
    if name
    in (
        *("_process", "_codec", "_kinds", "_caps", "_fresh", "_deadlines"),
        *("_memory", "_disk", "_output", "_withheld", "_lent", "_seeds"),
    )
}


if __name__ == "__main__":
    for kind, most in BACKSTOP.items():
        resource.setrlimit(kind, (most, most))
    weaken_server()
    sys.exit(forkserver.main())
