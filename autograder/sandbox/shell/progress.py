"""tqdm where it is not installed: loops run, and no bar is drawn.

A progress bar is no part of an answer. Where tqdm is missing, ``import tqdm`` finds this in its place, the last thing
that is looked for, so that an installed one or a file of the student's own is used as it is. Owns the names of tqdm
that notebooks use.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Iterable, Iterator, Sequence, Sized
from typing import Any, Self

from autograder.sandbox.shell.notices import NO_PROGRESS, tell

__all__ = ["Finder"]

_ROOT = "tqdm"
_MODULES = tuple(f"{_ROOT}{part}" for part in ("", ".auto", ".notebook", ".std", ".autonotebook", ".gui"))


class _Bar:
    """A bar that counts and draws nothing."""

    def __init__(
        self, iterable: Iterable[Any] | None = None, desc: Any = None, total: Any = None, **options: Any
    ) -> None:
        self.iterable, self.desc = iterable, desc
        self.total = len(iterable) if total is None and isinstance(iterable, Sized) else total
        self.n = options.get("initial", 0)
        self.disable = True
        self.format_dict = {"n": self.n, "total": self.total, "elapsed": 0.0, "rate": None}

    def __iter__(self) -> Iterator[Any]:
        for each in self.iterable or ():
            yield each
            self.n += 1

    def __len__(self) -> int:
        return int(self.total or 0)

    def __bool__(self) -> bool:
        return bool(self.total) or self.iterable is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """Close it."""

    def update(self, n: float = 1) -> None:
        """Count."""
        self.n += n

    def reset(self, total: Any = None) -> None:
        """Count from 0 again."""
        self.n, self.total = 0, self.total if total is None else total

    def close(self, *_args: Any, **_options: Any) -> None:
        """Draw nothing; stands for all that changes a bar's looks."""

    set_description = set_description_str = set_postfix = set_postfix_str = clear = refresh = display = unpause = close

    @classmethod
    def write(cls, text: str, file: Any = None, end: str = "\n", **_options: Any) -> None:
        """Print a line beside the bar."""
        (file or sys.stdout).write(f"{text}{end}")

    @classmethod
    def pandas(cls, *_args: Any, **_options: Any) -> None:
        """Offer no bar to pandas; `progress_apply` is not there."""


def _range(*args: int, **options: Any) -> _Bar:
    return _Bar(range(*args), **options)


class Finder:
    """A finder of modules that knows tqdm's and no other, to stand behind all others."""

    def find_spec(
        self, name: str, _path: Sequence[str] | None = None, _target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return where one of tqdm's modules comes from, None for any other."""
        if name not in _MODULES:
            return None
        return importlib.util.spec_from_loader(name, _Loader(), is_package=name == _ROOT)


class _Loader(importlib.abc.Loader):
    """Fills a module with the bar."""

    def create_module(self, _spec: importlib.machinery.ModuleSpec) -> None:
        """Have an ordinary module made."""

    def exec_module(self, module: types.ModuleType) -> None:
        """Give it the names that notebooks use, and say in the cell that there is no bar."""
        tell(NO_PROGRESS)
        for name in ("tqdm", "tqdm_notebook"):
            setattr(module, name, _Bar)
        for name in ("trange", "tnrange"):
            setattr(module, name, _range)
