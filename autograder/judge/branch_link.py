"""The calls of a question's tests: one branch of the notebook, opened when it is first needed.

Owns `BranchLink`, with the stand-ins that a branch is given, and what it asks of a notebook (`Template`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from autograder.errors import ProtocolError
from autograder.judge.budget import Budget
from autograder.judge.kinds import short
from autograder.judge.left_out import NameMissed
from autograder.judge.outcomes import NameMissing
from autograder.judge.probes import ProbeFile
from autograder.judge.stand_ins import Helper, StandIns
from autograder.sandbox import Allowance, Handle, Meter, SandboxDied, SandboxTimeout, StudentError

__all__ = ["BranchLike", "BranchLink", "Template"]


class BranchLike(Protocol):
    """What is used of `autograder.sandbox.Branch`."""

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, allowance: Allowance) -> Any: ...  # noqa: D102
    def call_method(  # noqa: D102
        self, handle: Handle, method: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, allowance: Allowance
    ) -> Any: ...
    def probe(  # noqa: D102
        self, source: str, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, allowance: Allowance
    ) -> Any: ...
    def install(self, source: str, names: list[str]) -> None: ...  # noqa: D102
    def lend(self, names: list[str], lender: StandIns) -> None: ...  # noqa: D102
    def look(self) -> None: ...  # noqa: D102
    def recall(self, answer: str) -> None: ...  # noqa: D102
    def seed(self, value: int) -> None: ...  # noqa: D102
    @property
    def meter(self) -> Meter: ...  # noqa: D102
    def close(self) -> None: ...  # noqa: D102


class Template(Protocol):
    """The notebook after its run, to take branches from."""

    def branch(self) -> BranchLike:
        """Return a fresh copy of the notebook's state; raises what a sandbox raises."""

    def helper(self, look: Callable[[], None]) -> Helper:
        """Return a sandbox without a notebook, to compute stand-ins; `look` is called while it is waited for."""

    def is_defined(self, name: str) -> bool:
        """Return whether the notebook defines a function of this name; raises NameMissed as `miss`."""

    def miss(self, ename: str, text: str) -> None:
        """Raise NameMissed if an exception in a call is for want of a cell that was left out."""


class BranchLink:
    """A `Link` to one branch, opened on first use. After a death or a timeout it is spent, and says so again."""

    def __init__(
        self,
        template: Template,
        probes: ProbeFile,
        budget: Budget,
        stand_ins: tuple[str, ...] = (),
        recalled: str = "",
    ) -> None:
        self._recalled = recalled
        self._template = template
        self._probes = probes
        self._budget = budget
        self._stand_ins = stand_ins
        self._seed: int | None = None
        self._branch: BranchLike | None = None
        self._lender: StandIns | None = None
        self.spent: Exception | None = None
        self.missed: NameMissed | None = None
        """What a test must not be judged for want of, whatever its own code makes of the exception."""
        self.last_call: Callable[[], str] = str

    def begin(self, seed: int) -> None:
        """Start a test: its first call finds the random states that this seed makes."""
        self._seed = seed
        self.last_call = str

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """See `Link`; raises NameMissing where the student has no such function."""
        self._need(name)
        return self._do(name, args, kwargs, lambda b, a: b.call(name, args, kwargs, allowance=a))

    def call_method(self, handle: Handle, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """See `Link`."""
        label = f"object.{method}" if method else "object"
        return self._do(label, args, kwargs, lambda b, a: b.call_method(handle, method, args, kwargs, allowance=a))

    def probe(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """See `Link`; raises NameMissing where the student lacks a function that the probe uses."""
        source = self._probes.source_for(name)
        for needed in sorted(self._probes.student_names(name)):
            self._need(needed)
        return self._do(f"probe {name}", args, kwargs, lambda b, a: b.probe(source, name, args, kwargs, allowance=a))

    def close(self) -> None:
        """End the branch."""
        branch, self._branch = self._branch, None
        lender, self._lender = self._lender, None
        for each in (branch, lender):
            if each is not None:
                each.close()

    def _need(self, name: str) -> None:
        try:
            if name not in self._stand_ins and not self._template.is_defined(name):
                raise NameMissing(name)
        except NameMissed as missed:
            self.missed = missed
            raise

    def _open(self) -> BranchLike:
        branch = self._template.branch()
        try:
            if self._recalled:
                branch.recall(self._recalled)
            self._furnish(branch)
        except BaseException:
            branch.close()
            raise
        return branch

    def _furnish(self, branch: BranchLike) -> None:
        """Put the stand-ins in place: those that stay by their source, of the others only what asks for them."""
        stays, lent = self._probes.split(self._stand_ins)
        try:
            if stays:
                branch.install(self._probes.stand_ins_for(stays), list(stays))
            if lent:
                source, look = self._probes.stand_ins_for(lent), branch.look
                self._lender = StandIns(lambda: self._template.helper(look), source, lent, self._budget.purse)
                branch.lend(list(lent), self._lender)
        except StudentError as error:
            raise RuntimeError(f"stand-ins {self._stand_ins} did not install: {error.detail}") from error

    def _do(
        self, label: str, args: tuple[Any, ...], kwargs: dict[str, Any], act: Callable[[BranchLike, Allowance], Any]
    ) -> Any:
        if self.spent is not None:
            raise self.spent
        self.last_call = lambda: _describe_call(label, args, kwargs)
        allowance = self._budget.allowance()

        try:
            branch = self._branch = self._branch or self._open()  # at nobody's cost
            if self._seed is not None:
                branch.seed(self._seed)
                self._seed = None
            try:
                return act(branch, allowance)
            finally:
                self._budget.charge(branch.meter)
        except (SandboxDied, SandboxTimeout, ProtocolError) as error:
            self.spent = error
            self.close()
            raise
        except StudentError as error:
            try:
                self._template.miss(error.etype, error.detail)
            except NameMissed as missed:
                self.missed = missed
                raise
            raise


def _describe_call(label: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """Return, for staff, a call with its hidden inputs, shortened."""
    shown = [short(arg, 120) for arg in args] + [f"{key}={short(value, 120)}" for key, value in kwargs.items()]
    return f"{label}({', '.join(shown)})"
