"""Notebook cells without a kernel: IPython's shell in this process, outputs as nbformat 4 dictionaries.

Owns the life of a cell: its name and lines in tracebacks, what stops it, what it shows, what the interactive parts of a
notebook do where nobody is there to answer (`input`, `exit`, shell commands). Runs inside the sandbox, on the student's
side of the wire: whatever it reports is a claim. Refuses to write files, to keep history, and to start threads.

`create_shell` is called once in the fork server, `activate` in each child, `run_cell` for each cell.
"""

from __future__ import annotations

import ast
import asyncio
import builtins
import contextlib
import dis
import functools
import gc
import getpass
import inspect
import itertools
import linecache
import os
import sys
import time
import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import CodeType, TracebackType
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import SList
from traitlets import Type
from traitlets.config import Config

from autograder.sandbox.shell import frames, notices
from autograder.sandbox.shell.bindings import Bindings
from autograder.sandbox.shell.outputs import (
    CellDisplayHook,
    CellDisplayPublisher,
    CellOutputs,
    CellStream,
    count_of,
    text_of,
)

__all__ = ["NotebookShell", "activate", "create_shell", "locate", "run_cell"]

INLINE = "module://matplotlib_inline.backend_inline"
SHELL_MAGICS = ("pip", "conda", "mamba", "micromamba", "uv", "system", "sx", "sc")
SHELL_CELL_MAGICS = ("bash", "sh", "script", "cmd", "perl", "ruby", "python2", "pypy", "python", "python3")
NO_SHELL = "채점 환경에서는 셸 명령(!명령, %pip, %%bash 등)을 쓸 수 없어 건너뛰었습니다.\n"
NO_INPUT = "채점 환경에서는 input()으로 값을 받을 수 없습니다. 값을 변수에 직접 넣어 주세요."
NO_EXIT = "채점 환경에서는 exit()와 quit()이 노트북을 끝내지 않습니다. 다음 셀을 이어서 실행합니다.\n"
FRAMES_SHOWN = (5, 10)  # first and last frames of a long traceback; formatting each takes milliseconds
CHAIN_SHOWN = 5  # exceptions shown of a chain of causes

_cells: dict[str, int] = {}  # file name of a cell's code -> the index it was run with
_warm: NotebookShell | None = None


def create_shell() -> NotebookShell:
    """Return this process's shell, made and warmed on the first call.

    Warming runs a trivial cell, a figure and an error through it, and no torch operation, so that a forked child's
    first cell finds every import and cache in place: 2 ms for each sandbox and 35 ms of CPU for the first figure in it,
    for 1 s of CPU at the fork server's start (two cores, no GPU). Afterwards the shell is as new, and the process's own
    ``__main__``, streams, display hook and exception hook are what they were.
    """
    global _warm
    if _warm is None:
        kept = (sys.modules["__main__"], sys.stdout, sys.stderr, sys.displayhook, sys.excepthook, builtins.input)
        asked = getpass.getpass
        try:
            _warm = _make_shell()
            _warm_up(_warm)
        finally:
            sys.modules["__main__"], sys.stdout, sys.stderr, sys.displayhook, sys.excepthook, builtins.input = kept
            getpass.getpass = asked
    return _warm


def activate(shell: NotebookShell, *, output_kb: int = 1024) -> None:
    """Make the shell this process's notebook: event loop, streams, ``__main__``, `input`.

    Called once in the child after the fork. `output_kb` is the stream text kept for each cell, in 1024 bytes.
    """
    shell.stream_bytes = output_kb << 10
    shell.bindings = Bindings(shell.user_ns)
    shell.loop = asyncio.new_event_loop()
    asyncio.set_event_loop(shell.loop)
    os.environ["MPLBACKEND"] = INLINE
    sys.modules["__main__"] = shell.user_module
    sys.stdout, sys.stderr = shell.streams
    warnings.filterwarnings("ignore", "To exit: use", UserWarning)  # IPython's advice beside a SystemExit
    builtins.input = getpass.getpass = _refuse_input
    notices.answered_by(shell.notice)


def run_cell(shell: NotebookShell, source: str, index: int, watched: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Run one cell to its end and return what became of it, in types that the codec sends.

    Nothing the cell does is raised, neither SystemExit nor KeyboardInterrupt; only an interrupt that arrives after the
    cell's end, while this puts the answer together, is.

    Args:
        shell: an activated shell.
        source: the cell's source as the student wrote it, magics included.
        index: index of the cell in the notebook; `locate` gives it back.
        watched: fields of `Watched`, None to watch no names.

    Returns:
        ``status`` ("ok" or "error"), ``ename`` (type name of the exception, or ""), ``line`` (1-based line of this cell
        where it stopped, or 0), ``outputs`` (nbformat 4), ``execution_count`` (None for an empty cell), ``seconds``.
    """
    started = time.perf_counter()
    asked = watched or {"names": (), "answers": (), "stubs": ()}
    outputs = shell.begin(source, index)
    shell.bindings.begin(index, shell.compile.cell, asked["names"], asked["stubs"])
    try:
        try:
            failure = shell.execute(source)
        except BaseException as error:  # interrupted between the cell's own code and IPython's
            failure = error
            outputs.error(type(error).__name__, error, [f"{type(error).__name__}: {text_of(error)}"])
            shell.renew_loop()
        return {
            "status": "ok" if failure is None else "error",
            "ename": "" if failure is None else text_of(type(failure).__name__)[:200],
            "line": 0 if failure is None else count_of(shell.stopped_at(failure)) or 0,
            "outputs": outputs.finish(),
            "execution_count": count_of(shell.execution_count - 1) if source.strip() else None,
            "seconds": time.perf_counter() - started,
        }
    finally:
        shell.bindings.end(asked["answers"])
        shell.end()


def locate(traceback: TracebackType | None) -> tuple[int, int] | None:
    """Return (cell index, 1-based line) of the deepest frame that is code of a cell, or None if there is none."""
    found = None
    while traceback is not None:
        index = _cells.get(traceback.tb_frame.f_code.co_filename)
        if index is not None:
            found = (index, traceback.tb_lineno)
        traceback = traceback.tb_next
    return found


class _CellCompiler(CachingCompiler):  # type: ignore[misc]
    """Names code after its cell, and gives the code of ``%%time`` the cell's own name and lines."""

    cell = "<셀>"
    timed = ""

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        """Return the running cell's name, for its own code and for what a magic runs of it."""
        return self.cell

    def format_code_name(self, name: str) -> tuple[str, str] | None:
        """Return the two words with which a traceback names a cell's code."""
        return ("셀", name[3:-1]) if name in _cells else None

    def __call__(self, codeob: Any, filename: str, symbol: str, **flags: Any) -> Any:
        """Compile; see `codeop.Compile`."""
        if filename in ("<timed exec>", "<timed eval>"):
            filename = self.cell
            linecache.cache[filename] = (len(self.timed), None, self.timed.splitlines(keepends=True), filename)
        return super().__call__(codeob, filename, symbol, **flags)


class NotebookShell(InteractiveShell):  # type: ignore[misc]
    """IPython's shell where nobody sits: no prompt, no files, no history on disk, no shell commands."""

    displayhook_class = Type(CellDisplayHook)
    display_pub_class = Type(CellDisplayPublisher)
    compiler_class = Type(_CellCompiler)

    stream_bytes = 1 << 20
    loop: asyncio.AbstractEventLoop
    abandoned: Sequence[asyncio.AbstractEventLoop] = ()
    bindings: Bindings
    outputs: CellOutputs | None = None
    source = ""
    lacking = ""
    """The sentence for what the sandbox lacks, of the statement that has just stopped for it."""
    undivided = False
    """Whether the statement that runs is a magic with all the rest of its cell in it."""
    home = ""
    """The notebook's folder."""

    def begin(self, source: str, index: int) -> CellOutputs:
        """Open a cell: its name, its outputs."""
        self.compile.cell = f"<셀 {self.execution_count}>"
        _cells[self.compile.cell] = index
        names = [self.compile.cell]
        with contextlib.suppress(OSError):  # a cell may have removed the folder it works in
            names.append(str(Path.cwd() / self.compile.cell))
        for name in names:
            inspect.modulesbyfile[name] = "__main__"  # or each frame of a traceback searches every module
        self.source = source
        self.noticed: set[str] = set()
        self.lacked: set[str] = set()
        self.lacking = ""
        self.line = 0
        outputs = self.outputs = CellOutputs(self.stream_bytes)
        for stream in self.streams:
            stream.outputs = outputs
        return outputs

    def end(self) -> None:
        """Close the cell: what is written from now on belongs to none."""
        self.outputs = None
        for stream in self.streams:
            stream.outputs = None

    def execute(self, source: str) -> BaseException | None:
        """Run the open cell as a kernel does, on the event loop, and return what it raised."""
        transformed, failed = source, None
        try:
            transformed = self.transform_cell(source)
        except Exception:
            failed = sys.exc_info()
        cell = self.run_cell_async(
            source, store_history=True, transformed_cell=transformed, preprocessing_exc_tuple=failed
        )
        result = self.loop.run_until_complete(cell)
        self.events.trigger("post_execute")
        self.events.trigger("post_run_cell", result)
        failure: BaseException | None = result.error_before_exec or result.error_in_exec
        return failure

    def renew_loop(self) -> None:
        """Replace the event loop after an interrupt left a cell's task in it, so that no later cell goes on with it.

        The old loop is kept: what it holds would otherwise be finalised, and heard of, in the middle of a later cell.
        """
        self.abandoned = [*self.abandoned, self.loop]
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)

    def stopped_at(self, failure: BaseException) -> int:
        """Return the line of the open cell at which it stopped, or 0."""
        if isinstance(failure, SyntaxError) and failure.filename == self.compile.cell:
            return failure.lineno or 0
        return self.line or _own_line(failure.__traceback__, self.compile.cell)

    def notice(self, message: str) -> None:
        """Write a message on the cell's stderr, once a cell."""
        if self.outputs is not None and message not in self.noticed:
            self.noticed.add(message)
            self.outputs.write("stderr", message)

    # What follows answers IPython.

    async def run_code(self, code_obj: Any, result: Any = None, *, async_: bool = False) -> bool:
        """Run one statement of a cell, and take note of what became of the notebook's names."""
        self.bindings.before(code_obj)
        outer, self.undivided = self.undivided, "run_cell_magic" in code_obj.co_names
        try:
            failed = bool(await super().run_code(code_obj, result, async_=async_))
            return failed and not self._goes_on(code_obj, result)
        finally:
            self.undivided = outer
            self.bindings.note()

    def transform_ast(self, node: Any) -> Any:
        """Transform; a statement that imports several modules becomes several, of which one may be missing."""
        node = super().transform_ast(node)
        if isinstance(node, ast.Module):
            node.body = [part for statement in node.body for part in self._imports_apart(statement)]
        return node

    def _imports_apart(self, statement: ast.stmt) -> list[ast.stmt]:
        """Return a statement, or the imports it consists of; in a magic, which runs all its lines as one, guarded."""
        if isinstance(statement, ast.Import):
            parts: list[ast.stmt] = [ast.copy_location(ast.Import(names=[name]), statement) for name in statement.names]
        elif isinstance(statement, ast.ImportFrom):
            parts = [statement]
        else:
            return [statement]
        return [_guarded(part) for part in parts] if self.undivided else parts

    def without(self, line: int, *names: str) -> None:
        """In an exception's handler: go on behind an import that stopped for a missing module, else raise it again."""
        error = sys.exc_info()[1]
        self.lacking = notices.notice_of(error, self.home)
        if not self.lacking:
            raise  # noqa: PLE0704  in the handler that calls this
        self.line = line
        self._skip(names, error)

    def _goes_on(self, code: CodeType, result: Any) -> bool:
        """Whether the cell goes on behind a statement that stopped for what the sandbox lacks, and its kernel has."""
        if not self.lacking:
            return False
        failure = None
        if result is not None:
            failure, result.error_in_exec = result.error_in_exec, None
        self._skip([name.argval for name in dis.get_instructions(code) if name.opname == "STORE_NAME"], failure)
        return True

    def _skip(self, names: Iterable[str], failure: BaseException | None) -> None:
        """Say that a line was skipped; names it should have bound are bound to what says so when it is used."""
        lacking, self.lacking = self.lacking, ""
        line, self.line = self.line, 0
        notice = notices.AGAIN if lacking in self.lacked else notices.SKIPPED
        self.notice(f"{notice.format(notice=lacking, line=line)}\n")
        self.lacked.add(lacking)
        for name in names:
            if name not in self.user_ns and not self.bindings.is_watched(name):
                self.user_ns[name] = notices.Absent(lacking, failure)

    def transform_cell(self, raw_cell: str) -> str:
        """Transform magics, keeping every line where it stands in the student's cell."""
        transformed: str = super().transform_cell(raw_cell)
        source, body = self.source.rstrip(), raw_cell.strip()
        place = len(source) - len(body) if source.endswith(body) else source.find(body)
        before = source.count("\n", 0, max(place, 0))
        placed = "\n" * before + transformed
        self.compile.timed = placed
        return placed

    def showtraceback(self, exc_tuple: Any = None, *args: Any, **kwargs: Any) -> None:
        """Show an exception, shortened first: IPython takes milliseconds for each frame."""
        error = (exc_tuple or sys.exc_info())[1]
        if error is not None:
            self.line = self.line or _own_line(error.__traceback__, self.compile.cell)
            lacking = notices.notice_of(error, self.home)
            if lacking and kwargs.get("running_compiled_code") and not self.undivided:
                self.lacking = lacking
                return
            if lacking:
                self.notice(f"{lacking}\n")
            _shorten(error)
            if exc_tuple is None or exc_tuple[1] is error:
                exc_tuple = (type(error), error, error.__traceback__)
        try:
            super().showtraceback(exc_tuple, *args, **kwargs)
        except BaseException:  # an exception that raises when it is asked what it is
            if self.outputs is not None:
                self.outputs.error(type(error).__name__, error, [])

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        if self.outputs is not None:
            self.outputs.error(etype.__name__, evalue, list(stb))

    def _format_exception_for_storage(self, *_args: Any, **_kwargs: Any) -> dict[str, Any]:
        return {}  # history would format every traceback a second time

    def system(self, cmd: str) -> None:
        """Say that there is no shell; stands for ``!cmd``."""
        self.notice(NO_SHELL)
        self.user_ns["_exit_code"] = 127

    system_raw = system_piped = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        """Say that there is no shell; stands for ``x = !cmd``."""
        self.notice(NO_SHELL)
        return SList() if split else ""

    def ask_exit(self) -> None:
        """Say that the notebook goes on; stands for ``exit()`` and ``quit()``."""
        self.notice(NO_EXIT)

    def enable_matplotlib(self, gui: str | None = None) -> Any:
        """Show figures inline, whatever was asked for: there is no screen."""
        return super().enable_matplotlib("inline")

    def enable_gui(self, gui: str | None = None) -> None:
        """Start no other event loop."""

    def debugger(self, force: bool = False) -> None:
        """Start no debugger: nobody could answer it."""

    def init_ipython_dir(self, ipython_dir: Any) -> None:
        """Have no directory."""

    def init_profile_dir(self, profile_dir: Any) -> None:
        """Have no profile."""

    def init_extension_manager(self) -> None:
        """Have `%autoreload` look at the notebook's folder alone, not at every library and at what is ours."""
        super().init_extension_manager()
        load = self.extension_manager.load_extension

        def load_extension(module_str: str) -> Any:
            if module_str.rpartition(".")[2] == "autoreload":
                self._reload_own_files()
            return load(module_str)

        self.extension_manager.load_extension = load_extension

    def _reload_own_files(self) -> None:
        from IPython.extensions import autoreload

        def own_file(module: Any) -> str | None:
            path = getattr(module, "__file__", None)
            own = isinstance(path, str) and path.endswith(".py") and Path(path).resolve().is_relative_to(self.home)
            return path if own else None

        def file_and_time(_reloader: Any, module: Any) -> tuple[str, float] | tuple[None, None]:
            path = own_file(module)
            try:
                return (path, Path(path).stat().st_mtime) if path is not None else (None, None)
            except OSError:
                return None, None

        autoreload.ModuleReloader.filename_and_mtime = file_and_time
        deduper = sys.modules.get("IPython.extensions.deduperreload.deduperreload")
        if hasattr(deduper, "get_module_file_name"):
            deduper.get_module_file_name = own_file  # type: ignore[union-attr]

    def init_virtualenv(self) -> None:
        """Leave `sys.path` alone."""

    def init_display_formatter(self) -> None:
        """Offer every format, as a kernel does."""
        super().init_display_formatter()
        self.display_formatter.active_types = self.display_formatter.format_types

    def init_magics(self) -> None:
        """Have every magic that would start a process say that there is none."""
        super().init_magics()

        def refuse(line: str, cell: str = "") -> None:
            self.system(line)

        for name in SHELL_MAGICS:
            self.register_magic_function(refuse, "line_cell", name)
        for name in SHELL_CELL_MAGICS:
            self.register_magic_function(refuse, "cell", name)


def _make_shell() -> NotebookShell:
    import matplotlib as mpl
    from matplotlib_inline.backend_inline import configure_inline_support

    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.colors = "nocolor"  # colouring takes ten times as long as all the rest of a traceback
    shell: NotebookShell = NotebookShell.instance(config=config)
    shell.db = {}
    shell.streams = (CellStream("stdout", 1), CellStream("stderr", 2))
    shell.set_hook("show_in_pager", lambda *_args, **_kwargs: None, 0)
    mpl.use(INLINE)
    configure_inline_support(shell, INLINE)
    mpl.interactive(True)
    return shell


def _close_fonts() -> None:
    """Empty matplotlib's caches, which hold fonts, which are open files: one that a fork inherits and collects later
    would close whatever has its number by then.
    """
    for thing in gc.get_objects():
        if type(thing) is functools._lru_cache_wrapper and str(thing.__module__).startswith("matplotlib"):
            thing.cache_clear()
    gc.collect()


WARM_CELLS = (
    "None\n1",
    "%time 1",
    "def f():\n    raise ValueError\nf()",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2], label='1')\nplt.title('1')\nplt.legend();",
    "fig, axes = plt.subplots(1, 2)\naxes[0].imshow([[1, 2], [3, 4]])\naxes[1].set_yscale('log')\nfig.tight_layout()",
)


def _warm_up(shell: NotebookShell) -> None:
    """Run `WARM_CELLS`, then put the shell back to what it was."""
    namespaces = [(names, dict(names)) for names in (shell.user_ns, shell.user_ns_hidden)]
    lists = (shell.history_manager.input_hist_parsed, shell.history_manager.input_hist_raw)
    before = [list(entries) for entries in lists]
    activate(shell)
    for source in WARM_CELLS:
        run_cell(shell, source, 0)
    shell.loop.close()
    asyncio.set_event_loop(None)
    _close_fonts()
    for name in _cells:
        linecache.cache.pop(name, None)
    _cells.clear()
    shell.user_ns["_oh"].clear()
    for names, old in namespaces:
        names.clear()
        names.update(old)
    shell.displayhook._ = shell.displayhook.__ = shell.displayhook.___ = ""
    shell.displayhook.exec_result = shell.last_execution_result = None
    for entries, earlier in zip(lists, before, strict=True):
        entries[:] = earlier
    shell.execution_count = 1
    shell.last_execution_succeeded = True
    for name in ("last_type", "last_value", "last_traceback"):
        vars(sys).pop(name, None)


def _guarded(statement: ast.stmt) -> ast.stmt:
    """Return an import that asks the shell whether to go on where its module is missing."""
    names = [name.asname or name.name.partition(".")[0] for name in statement.names]  # type: ignore[attr-defined]
    guard = ast.parse(f"try:\n    pass\nexcept Exception:\n    get_ipython().without({statement.lineno}, *{names!r})")
    for node in ast.walk(guard):
        ast.copy_location(node, statement)
    guarded = guard.body[0]
    guarded.body = [statement]  # type: ignore[attr-defined]
    return guarded


def _refuse_input(*_args: Any, **_kwargs: Any) -> str:
    raise StdinNotImplementedError(NO_INPUT)


def _own_line(traceback: TracebackType | None, name: str) -> int:
    """Return the line of the deepest frame whose code is named `name`, or 0."""
    line = 0
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == name:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def _shorten(error: BaseException) -> None:
    """Cut an exception's chain of causes, and the middle of each traceback in it, so that it can be shown quickly."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None:
        seen.add(id(current))
        entries = frames.without_ours(current.__traceback__)
        for entry, inner in itertools.zip_longest(entries, entries[1:]):
            entry.tb_next = inner
        current.__traceback__ = entries[0] if entries else None
        first, last = FRAMES_SHOWN
        if len(entries) > first + last:
            entries[first - 1].tb_next = entries[-last]
        following = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
        if following is None or id(following) in seen or len(seen) >= CHAIN_SHOWN:
            current.__cause__ = current.__context__ = None
            return
        current = following
