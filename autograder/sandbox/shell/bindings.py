"""What a notebook's names were bound to while its cells ran, so that an answer is not lost to a later cell.

A kernel keeps one value for a name: ``forward = forward(x)`` or ``del forward`` at the end of a notebook, and the
function that was asked for is gone. Here the last thing that could be called stays known for each watched name, and
`put_back` binds it again before anything is graded. A *stub*, a function that does nothing yet, never replaces what the
student defined. `recall` goes further, in a branch: it binds everything as it was when a question's answer had run, and
puts back what libraries were set to then.

Runs inside the sandbox. It looks at types and code objects only and calls nothing of the student's; whatever it
reports is a claim like any other.
"""

from __future__ import annotations

import builtins
import functools
import opcode
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, ParamSpec, TypeVar

from autograder.sandbox.shell.modes import modes_now, put_modes_back, stop_debugging

__all__ = ["Bindings"]

_P = ParamSpec("_P")
_T = TypeVar("_T")

_MISSING = object()
_BUILTINS = {name: value for name, value in vars(builtins).items() if callable(value) and not name.startswith("_")}
_CACHED = type(functools.lru_cache(lambda: None))
_CODE = (
    *(types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType),
    *(functools.partial, _CACHED),
)
_PLAIN = (int, float, complex, bool, str, bytes, type(None))
_MOST_PLAIN = 1 << 16
"""Largest length of a string or container that is remembered: nothing that fills the memory is kept alive."""
_SMALL = ("torch", "numpy")
_SMALL_TYPES = ("device", "dtype", "Size", "Generator")
_MOST_BYTES = 1 << 20
"""Largest array that is remembered."""
_MOST_FUNCTIONS = 500
"""How many functions are followed to see what an answer reads."""
_DELETES = ("clear", "pop", "popitem", "run_line_magic", "run_cell_magic", "magic", "reset", "delattr", "exec")
_DELETE_NAME = (opcode.opmap["DELETE_NAME"], opcode.opmap["DELETE_GLOBAL"])


def _untraced(act: Callable[_P, _T]) -> Callable[_P, _T]:
    """Return a function that runs without the student's trace and profile functions, which may be endless or wrong."""

    @functools.wraps(act)
    def untraced(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        tracer, profiler = sys.gettrace(), sys.getprofile()
        if tracer is None and profiler is None:
            return act(*args, **kwargs)
        sys.settrace(None)
        sys.setprofile(None)
        try:
            return act(*args, **kwargs)
        finally:
            sys.setprofile(profiler)
            sys.settrace(tracer)

    return untraced


class Bindings:
    """The memory of one notebook's names.

    Args:
        names: the notebook's namespace, in which `put_back` and `recall` bind.
    """

    def __init__(self, names: dict[str, Any]) -> None:
        self._names = names
        self._held: dict[str, Any] = {}
        """The last value of every name, where it costs nothing to keep."""
        self._last: dict[str, Any] = {}
        """The last thing that could be called, of each watched name."""
        self._seen: dict[str, Any] = {}
        self._defined: dict[str, int] = {}
        self._over: dict[str, int] = {}
        self._shadows: dict[str, int] = {}
        self._modules: dict[str, types.ModuleType] = {}
        self._answers: dict[str, dict[str, Any]] = {}
        self._modes: dict[str, dict[str, Any]] = {}
        """Settings of libraries, when the cell with an answer had run."""
        self._cell = 0
        self._place = ""
        self._watched: Sequence[str] = ()
        self._stubs: Sequence[Sequence[Any]] = ()

    def begin(self, cell: int, place: str, watched: Sequence[str], stubs: Sequence[Sequence[Any]]) -> None:
        """Open a cell.

        Args:
            cell: its index.
            place: the file name of its code.
            watched: names that questions ask for.
            stubs: name, first and last line of each function in it that does nothing yet.
        """
        self._cell, self._place, self._watched, self._stubs = cell, place, watched, stubs

    def is_watched(self, name: str) -> bool:
        """Whether a question asks for this name."""
        return name in self._watched

    @_untraced
    def before(self, code: types.CodeType) -> None:
        """Take note of everything before a statement that may take names away."""
        text = code.co_code
        if any(number in _DELETE_NAME for number in text[::2]) or any(name in _DELETES for name in code.co_names):
            self._hold()

    @_untraced
    def note(self) -> None:
        """Take note of the watched names: after each statement of a cell, and at its end."""
        names = self._names
        for name in self._watched:
            value = names.get(name, _MISSING)
            if value is self._seen.get(name, _MISSING):
                continue
            if not callable(value):
                if name in self._last:
                    self._over[name] = self._cell
            elif self._is_stub(name, value):
                value = names[name] = self._last.get(name, value)
            else:
                self._last[name] = value
                self._defined[name] = self._cell
                self._over.pop(name, None)
            self._seen[name] = value

    @_untraced
    def end(self, answers: Iterable[str]) -> None:
        """Close the cell; remember everything as it is now for the answers that are in it."""
        self.note()
        for name, value in list(self._names.items()):
            if type(name) is not str:
                continue
            if type(value) is types.ModuleType:
                self._modules[name] = value
            elif not callable(value) and (name in _BUILTINS or name in self._modules):
                self._shadows.setdefault(name, self._cell)
                continue
            self._shadows.pop(name, None)
        kept = self._hold()
        for answer in answers:
            self._answers[answer] = dict(kept)
            self._modes[answer] = modes_now()

    @_untraced
    def put_back(self) -> dict[str, Any]:
        """Bind again what was replaced by a value or deleted; return what is known of the names.

        Returns:
            ``written``: watched names with a definition that is no stub, with the index of the last one's cell.
            ``overwritten``: those that a later cell took away, with its index. ``shadowed``: builtins and modules that
            hold a value now, with the cell's index. ``changed``: answers for which `recall` would bind something else
            that they read, or set a library otherwise.
        """
        names = self._names
        for name, value in self._last.items():
            if not callable(names.get(name)):
                names[name] = value
        for name, value in self._held.items():
            names.setdefault(name, value)
        stop_debugging()
        modes = modes_now()
        return {
            "written": [[name, cell] for name, cell in self._defined.items()],
            "overwritten": [[name, cell] for name, cell in self._over.items()],
            "shadowed": [[name, cell] for name, cell in self._shadows.items()],
            "changed": [
                answer for answer, kept in self._answers.items() if self._modes[answer] != modes or self._differs(kept)
            ],
        }

    @_untraced
    def recall(self, answer: str) -> None:
        """Bind everything as it was when the cell with this answer had run; raises KeyError for an unknown answer.

        Builtins and modules are what they were called, also where an earlier cell had given their names to values.
        """
        kept = self._answers[answer]
        put_modes_back(self._modes[answer])
        self._names.update({name: value for name, value in kept.items() if self._counts(name, value)})
        for name in self._shadows:
            if name in self._modules:
                self._names[name] = self._modules[name]
            else:
                self._names.pop(name, None)

    def _is_stub(self, name: str, value: Any) -> bool:
        lines = [(first, last) for stub, first, last in self._stubs if stub == name]
        return bool(lines) and any(
            code.co_filename == self._place and first <= code.co_firstlineno <= last
            for code in _codes(value)
            for first, last in lines
        )

    def _hold(self) -> dict[str, Any]:
        """Remember what every name is bound to now, and return it, where it costs nothing to keep."""
        held, last = self._held, self._last
        kept = {
            name: value
            for name, value in list(self._names.items())
            if type(name) is str
            and (value is held.get(name, _MISSING) or value is last.get(name, _MISSING) or _is_small(value))
        }
        held.update(kept)
        return kept

    def _counts(self, name: str, value: Any) -> bool:
        """Return whether a value remembered for an answer may be bound again: of a watched name, only a function."""
        return name not in self._last or callable(value)

    def _differs(self, kept: dict[str, Any]) -> bool:
        """Return whether anything that the answers in `kept` read, now or then, is bound to something else now."""
        names = self._names
        roots = [name for name in self._last if name in kept]
        read = set(_reads(roots, names, names)) | set(_reads(roots, kept, names))
        for name in read:
            if name in self._shadows:
                return True
            if name in kept and kept[name] is not names.get(name) and self._counts(name, kept[name]):
                return True
        return False


def _is_small(value: Any) -> bool:
    """Return whether a value may be kept alive: code, or data of a bounded size."""
    kind = type(value)
    if kind in _CODE or issubclass(kind, type):
        return True
    if kind in _PLAIN:
        return kind not in (str, bytes) or len(value) <= _MOST_PLAIN
    if kind in (list, tuple, set, frozenset):
        return len(value) <= _MOST_PLAIN and all(type(item) in _PLAIN for item in value)
    if kind is dict:
        return len(value) <= _MOST_PLAIN and all(type(k) in _PLAIN and type(v) in _PLAIN for k, v in value.items())
    if kind.__module__.partition(".")[0] in _SMALL:
        if kind.__name__ in _SMALL_TYPES:
            return True
        if kind.__name__ in ("Tensor", "ndarray"):
            return bool(value.nbytes <= _MOST_BYTES)
    return False


def _codes(value: Any) -> Iterator[types.CodeType]:
    """Yield the code of a function, of what it wraps, and of a class's methods."""
    for _ in range(4):
        if type(value) is types.FunctionType:
            yield value.__code__
        if type(value) in (types.FunctionType, _CACHED):
            value = value.__dict__.get("__wrapped__")
        elif issubclass(type(value), type):
            yield from (f.__code__ for f in vars(value).values() if type(f) is types.FunctionType)
            return
        else:
            return


def _reads(roots: Iterable[str], bound: dict[str, Any], names: dict[str, Any]) -> Iterator[str]:
    """Yield the names that functions read, beginning with those bound to `roots` and following what they read."""
    waiting: list[Any] = []
    met: set[str] = set()
    looked: set[int] = set()

    def meet(found: Iterable[str]) -> None:
        for name in found:
            if name not in met:
                met.add(name)
                waiting.append(bound.get(name, _MISSING))

    meet(roots)
    while waiting and len(looked) < _MOST_FUNCTIONS:
        value = waiting.pop()
        if id(value) in looked:
            continue
        looked.add(id(value))
        if type(value) is functools.partial:
            waiting.append(value.func)
        elif type(value) is types.MethodType:
            waiting.append(value.__func__)
        elif type(value) is _CACHED:
            waiting.append(value.__dict__.get("__wrapped__"))
        elif type(value) is types.FunctionType:
            if value.__globals__ is not names:
                continue
            waiting.append(value.__dict__.get("__wrapped__"))
            for cell in value.__closure__ or ():
                waiting.append(_inside(cell))
            meet(_names_of(value.__code__))
        elif issubclass(type(value), type):
            waiting.extend(part for part in vars(value).values() if type(part) is types.FunctionType)
            waiting.extend(value.__mro__[1:-1])
    yield from met


def _inside(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # still empty
        return None


def _names_of(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for part in code.co_consts:
        if type(part) is types.CodeType:
            yield from _names_of(part)
