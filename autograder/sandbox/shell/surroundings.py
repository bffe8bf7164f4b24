"""What student code finds around it that differs from a notebook server: seeds, environment, one process only.

Owns the adjustments made in every sandbox before student code. Each has the same effect on every submission. What a
student's own kernel has and a sandbox lacks is replaced where something else does as well (threads for processes, the
function itself for a compiled one), and refused with a sentence where nothing does (`notices`).
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import os
import random
import sys
import tempfile
from typing import Any

from autograder.sandbox.confinement import policy
from autograder.sandbox.shell import notices
from autograder.sandbox.shell.frames import hiding
from autograder.sandbox.shell.notices import refusing, tell
from autograder.sandbox.shell.progress import Finder
from autograder.sandbox.shell.workers import as_threads

__all__ = [
    "adjust",
    "detect_processor",
    "exercise",
    "replace_before_any_fork",
    "replacements",
    "seed_everything",
    "set_environment",
    "start_device",
]

_INLINE = "module://matplotlib_inline.backend_inline"
_SCREENS = ("tk", "qt", "gtk", "wx", "macosx", "webagg", "nbagg", "notebook", "ipympl", "widget", "module://ipympl")
"""How the names of matplotlib's backends begin that need a screen, or a page that answers."""
_FINDER = Finder()
_NO_PROGRAM = 127 << 8
"""What `os.system` returns for a shell that cannot be started, as wait(2) has it."""


def detect_processor() -> None:
    """Have torch choose its kernels for this processor while /proc/cpuinfo can still be read; runs no operation."""
    if "torch" in sys.modules:
        import torch

        torch.backends.cpu.get_cpu_capability()


def exercise() -> None:
    """Do what a first cell usually does, so that no child has to be the first. In the fork server, before any fork.

    It saves a small notebook 1.5 to 4.5 ms of CPU of 54, and nothing that can be seen in a second (two cores, no GPU;
    ``python -m tests.bench --only tricks``).

    With one thread, so that none is left behind for a fork to miss. Not where there is a GPU: the backward pass and
    optimizers look for devices, and that starts a driver which does not survive a fork.
    """
    gpu = any(name.startswith("nvidia") for name in os.listdir("/dev"))  # noqa: PTH208
    if "torch" not in sys.modules or gpu:
        return
    import torch

    torch.set_num_threads(1)
    model = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2))
    for kind in (torch.optim.SGD, torch.optim.Adam):
        optimizer = kind(model.parameters(), lr=0.1)
        loss = torch.nn.functional.cross_entropy(model(torch.randn(2, 4)), torch.randint(0, 2, (2,)))
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        repr(loss)


def set_environment(folder: str) -> None:
    """Replace the environment by a fixed one whose every folder is `folder`."""
    environment = {name: value for name, value in policy.SERVER_ENVIRONMENT.items() if name != "MPLBACKEND"}
    folders = ("HOME", "TMPDIR", "MPLCONFIGDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "IPYTHONDIR")
    environment |= dict.fromkeys(folders, folder)
    environment |= {"TORCH_HOME": folder, "TORCHINDUCTOR_CACHE_DIR": folder, "USER": "student", "LOGNAME": "student"}
    environment["JOBLIB_MULTIPROCESSING"] = "0"  # or it warns, by a path of the library's, that it works serially
    if "MPLBACKEND" in os.environ:
        environment["MPLBACKEND"] = os.environ["MPLBACKEND"]
    for name in set(os.environ) - set(environment):
        del os.environ[name]
    os.environ.update(environment)
    tempfile.tempdir = None
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is not None:  # which remembers the fork server's folders
        matplotlib.get_configdir = matplotlib.get_cachedir = lambda: folder  # type: ignore[attr-defined]
    sys.path.insert(0, "")  # as a kernel has it: the folder a notebook works in


def seed_everything(seed: int, device: str = "cpu", fraction: float = 1.0) -> None:
    """Seed random, numpy's global generator and torch, which all forks would otherwise share.

    What concerns a GPU is left with torch to be done when CUDA starts: that makes threads, which the system call filter
    must find none of, and a broken GPU must not look like a sandbox that cannot be confined. Student code can undo the
    `fraction` of the memory; what it took is free when its process ends.
    """
    random.seed(seed)
    if "numpy" in sys.modules:
        import numpy

        numpy.random.seed(seed % 2**32)
    if "torch" in sys.modules:
        import torch

        torch.default_generator.manual_seed(seed)  # torch.manual_seed spends milliseconds on devices that are not there
        if device != "cpu":
            torch.cuda.manual_seed_all(seed)
            torch.cuda._lazy_call(lambda: torch.cuda.set_per_process_memory_fraction(fraction))  # type: ignore[no-untyped-call]


def start_device(device: str) -> None:
    """Start CUDA where the sandbox has a GPU, so that its seconds count for no call of the student's.

    To be called when all confinement is in place. A device that does not start is left for its examination to find.
    """
    if device != "cpu" and "torch" in sys.modules:
        import torch

        with contextlib.suppress(Exception):
            torch.ones(1, device="cuda").item()


def adjust() -> None:
    """One thread, deterministic algorithms, no processes, pools that survive a fork, sentences for what is not here."""
    for owner, name, value in replacements():
        setattr(owner, name, value)
    sys.meta_path.append(_FINDER)
    if "torch" not in sys.modules:
        return
    import torch

    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.set_num_threads(1)


@functools.cache
def replacements() -> tuple[tuple[Any, str, Any], ...]:
    """Return (owner, name, value) of what `adjust` replaces; called in the fork server, so that no child makes them."""
    return (*_surviving_a_fork(), *hiding(), *_told_kindly(), *_of_torch())


def replace_before_any_fork() -> None:
    """In the fork server: replace what its judges have no use for, so that no sandbox has to.

    Each replacement that a sandbox makes itself takes pages of its own: all of them 1.1 ms of CPU, with these made
    before 0.4 ms (two cores, no GPU).
    """
    for owner, name, value in (*as_threads(), *_drawing_inline(), *_without_debugger()):
        setattr(owner, name, value)


def _of_torch() -> tuple[tuple[Any, str, Any], ...]:
    """Return what is replaced of torch, where it was imported."""
    if "torch" not in sys.modules:
        return ()
    loader = getattr(sys.modules.get("torch.utils.data"), "DataLoader", None)
    loading = [] if loader is None else [(loader, "__init__", _loading_in_process(loader.__init__))]
    torch = sys.modules["torch"]
    return (*_one_thread(torch), *loading, (torch, "compile", _not_compiling(torch.compile)))


def _told_kindly() -> tuple[tuple[Any, str, Any], ...]:
    """Return (owner, name, value) of what a sandbox refuses and a kernel does not, with a sentence for the cell."""
    import locale
    import posix
    import resource
    import socket
    import subprocess

    fork = refusing(os.fork, PermissionError, notices.NO_FORK)
    setlocale = locale.setlocale

    def system(_command: Any) -> int:
        tell(notices.NO_PROGRAMS)
        return _NO_PROGRAM

    def set_locale(category: int, name: Any = None) -> str:
        try:
            return setlocale(category, name)
        except locale.Error:
            tell(notices.NO_LOCALE.format(name=name))
            return setlocale(category, "C.UTF-8")

    return (
        (os, "fork", fork),
        (posix, "fork", fork),
        (os, "system", system),
        (subprocess.Popen, "_execute_child", _refused(subprocess.Popen, "_execute_child", notices.NO_PROGRAMS)),
        (socket, "getaddrinfo", refusing(socket.getaddrinfo, OSError, notices.NO_NETWORK)),
        (socket, "gethostbyname", refusing(socket.gethostbyname, OSError, notices.NO_NETWORK)),
        (socket.socket, "__init__", _refused(socket.socket, "__init__", notices.NO_NETWORK)),
        (locale, "setlocale", set_locale),
        (resource, "setrlimit", refusing(resource.setrlimit, (ValueError, OSError), notices.NO_LIMITS)),
    )


def _refused(owner: type, name: str, notice: str) -> Any:
    return refusing(getattr(owner, name), PermissionError, notice)


def _without_debugger() -> list[tuple[Any, str, Any]]:
    """Go on at a breakpoint: nobody is there to answer a debugger."""
    import pdb

    def no_debugger(*_args: Any, **_options: Any) -> None:
        tell(notices.NO_DEBUGGER)

    return [(sys, "breakpointhook", no_debugger), (pdb, "set_trace", no_debugger)]


def _drawing_inline() -> list[tuple[Any, str, Any]]:
    """Draw without a screen and without its fonts: one sentence, where matplotlib writes a line for each letter."""
    matplotlib, pyplot = sys.modules.get("matplotlib"), sys.modules.get("matplotlib.pyplot")
    if matplotlib is None or pyplot is None:
        return []
    from matplotlib import _text_helpers, font_manager

    log = font_manager._log  # type: ignore[attr-defined]
    warning, use, switch = log.warning, matplotlib.use, pyplot.switch_backend

    def inline(backend: Any) -> Any:
        if not str(backend).lower().startswith(_SCREENS):
            return backend
        tell(notices.NO_SCREEN.format(name=backend))
        return _INLINE

    def use_backend(backend: Any, *, force: bool = True) -> None:
        use(inline(backend), force=force)

    def switch_backend(newbackend: Any) -> None:
        switch(inline(newbackend))

    def warn(message: Any, *args: Any, **options: Any) -> None:
        if str(message).startswith("findfont"):
            tell(notices.NO_FONT)
        else:
            warning(message, *args, **options)

    return [
        (matplotlib, "use", use_backend),
        (pyplot, "switch_backend", switch_backend),
        (log, "warning", warn),
        (_text_helpers, "warn_on_missing_glyph", lambda *_args, **_options: tell(notices.NO_FONT)),
    ]


def _not_compiling(original: Any) -> Any:
    """Return `torch.compile` for where there is no compiler: a function or a model is handed back as it is.

    Backends that need none ("eager", a function) are left to torch.
    """

    def compile(model: Any = None, *, backend: Any = "inductor", disable: bool = False, **options: Any) -> Any:
        if callable(backend) or str(backend) in ("eager", "aot_eager"):
            return original(model, backend=backend, disable=disable, **options)
        if not disable:
            tell(notices.NO_COMPILER)
        if model is None:
            return _as_it_is
        return _as_it_is(model)

    return functools.wraps(original)(compile)


def _as_it_is(model: Any) -> Any:
    """Return a function or a model, under the name of a compiled model's original too."""
    if hasattr(model, "state_dict"):
        with contextlib.suppress(Exception):
            object.__setattr__(model, "_orig_mod", model)  # not a part of the model, as an assignment would make it
    return model


def _surviving_a_fork() -> tuple[tuple[Any, str, Any], ...]:
    """Return (owner, name, value) of what makes a question's branch find working what a cell has made.

    A branch is a fork and has one thread. A pool whose threads were started in a cell starts them again on its first
    use; hooks on forks, which a notebook has no use for here, are not taken.
    """
    import asyncio.selector_events
    import concurrent.futures.thread
    import multiprocessing.pool
    import multiprocessing.queues
    import posix
    import threading
    import types

    def register_at_fork(**_hooks: Any) -> None:
        """Take no hook: the forks of a sandbox are the grader's own."""

    # A pool of threads asks for a lock between processes, which a sandbox does not have, and needs none.
    locks = types.SimpleNamespace(Lock=threading.Lock)
    queues: Any = types.SimpleNamespace(SimpleQueue=lambda: multiprocessing.queues.SimpleQueue(ctx=locks))

    with_processes = multiprocessing.pool.Pool.__init__

    def start_pool(self: Any, processes: Any = None, initializer: Any = None, initargs: Any = ()) -> None:
        with_processes(self, processes, initializer, initargs, context=queues)

    executor = concurrent.futures.thread.ThreadPoolExecutor
    loop = asyncio.selector_events.BaseSelectorEventLoop
    pool = multiprocessing.pool.ThreadPool
    return (
        (os, "register_at_fork", register_at_fork),
        (posix, "register_at_fork", register_at_fork),
        (executor, "__init__", _noting_process(executor.__init__)),
        (executor, "submit", _with_threads_again(executor.submit)),
        (loop, "__init__", _noting_process(loop.__init__)),
        (loop, "run_forever", _with_selector_again(loop.run_forever)),
        (pool, "__init__", _noting_process(start_pool)),
        (pool, "_check_running", _with_workers_again(pool._check_running)),  # type: ignore[attr-defined]
    )


def _noting_process(original: Any) -> Any:
    @functools.wraps(original)
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        self._process = os.getpid()
        original(self, *args, **kwargs)

    return init


def _with_threads_again(original: Any) -> Any:
    """Return `ThreadPoolExecutor.submit` for an executor that may have been forked: its threads are gone then."""
    import queue
    import threading

    @functools.wraps(original)
    def submit(self: Any, *args: Any, **kwargs: Any) -> Any:
        if getattr(self, "_process", None) != os.getpid():
            self._process = os.getpid()
            self._threads = set()
            self._idle_semaphore = threading.Semaphore(0)
            self._shutdown_lock = threading.Lock()
            self._work_queue = queue.SimpleQueue()
        return original(self, *args, **kwargs)

    return submit


def _with_selector_again(original: Any) -> Any:
    """Return `run_forever`, which every way to run a loop goes through: a branch has none of its descriptors."""
    import selectors

    @functools.wraps(original)
    def run_forever(self: Any) -> None:
        if getattr(self, "_process", None) != os.getpid():
            self._process = os.getpid()
            self._selector = selectors.DefaultSelector()
            self._make_self_pipe()
        original(self)

    return run_forever


def _with_workers_again(original: Any) -> Any:
    """Return `ThreadPool._check_running`, which every way of handing out work goes through, likewise."""

    @functools.wraps(original)
    def check(self: Any) -> None:
        if getattr(self, "_process", None) != os.getpid() and self._state == "RUN":
            self.__init__(self._processes, self._initializer, self._initargs)
        original(self)

    return check


def _one_thread(torch: Any) -> list[tuple[Any, str, Any]]:
    """Compute with one thread whatever the student sets, and answer with the number that was set.

    The threads of OpenMP do not survive a fork: a question's branch would wait for them until its deadline. And a sum
    by two threads may differ from a sum by one in its last bit.
    """
    shown = 1

    def set_num_threads(number: int) -> None:
        if isinstance(number, bool) or not isinstance(number, int):
            raise TypeError(f"set_num_threads expects an int, but got {type(number).__name__}")
        if number <= 0:
            raise RuntimeError("set_num_threads expects a positive integer")
        nonlocal shown
        shown = number

    return [(torch, "set_num_threads", set_num_threads), (torch, "get_num_threads", lambda: shown)]


def _loading_in_process(original: Any) -> Any:
    signature = inspect.signature(original)

    @functools.wraps(original)
    def init(*args: Any, **kwargs: Any) -> None:
        bound = signature.bind(*args, **kwargs)
        workers = bound.arguments.get("num_workers", 0)
        if isinstance(workers, int) and workers > 0:
            tell(notices.NO_WORKERS.format(workers=workers))
            for name in ("num_workers", "multiprocessing_context", "prefetch_factor", "persistent_workers", "timeout"):
                bound.arguments.pop(name, None)
        original(*bound.args, **bound.kwargs)

    return init
